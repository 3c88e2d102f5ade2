// What of a person and of who asked is in the ledger, and what is nowhere.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/exchange/private_part.hpp"
#include "gateway/exchange/pseudonym.hpp"
#include "gateway/keys/key_files.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/note.hpp"
#include "gateway/ledger/record.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

namespace fs = std::filesystem;

constexpr const char* ask_name =
    R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":["999990676"]})";
constexpr const char* answer_name =
    R"({"type":"RaadpleegMetBurgerservicenummer","personen":[{"naam":{"voornamen":"Kanarie Vrolijk"}}]})";

struct Ready : test::World {
  std::string asked_with;  // what the provider got
  explicit Ready()
      : World([this](const demo::ProviderRequest& request) {
          asked_with = request.head;
          return demo::ProviderAnswer{200, "application/json", answer_name, {}};
        }) {
    apply(test::brp_registers(provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
    start();
  }
};

struct Written {
  std::int64_t position = 0;
  std::string record, sealed;
};

std::vector<Written> decisions(const std::string& folder) {
  std::vector<Written> all;
  const PartVisitor parts = [&](std::int64_t position, std::string_view entry, std::string_view sealed) {
    all.push_back({position, std::string(entry), std::string(sealed)});
  };
  read_log(folder, {}, nullptr, Signatures::every, parts);
  return all;
}

// In how many files below the folder these bytes stand.
int files_with(const std::string& folder, const std::string& bytes) {
  int found = 0;
  for (const auto& item : fs::recursive_directory_iterator(folder)) {
    if (!item.is_regular_file()) continue;
    std::ifstream in(item.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    found += text.str().find(bytes) != std::string::npos ? 1 : 0;
  }
  return found;
}

}  // namespace

TEST_CASE("who was asked about and who asked stand in the private part alone, and open with the keys") {
  Ready world;
  const std::vector<std::string> more{"x-gebruiker: mw. Pietersen", "x-toepassing: zaaksysteem-77",
                                      "x-signaal: Z-2026-17"};
  REQUIRE(world.ask(ask_name, "doel", more).status == 200);
  CHECK(world.ask(ask_name, "geen", more).status == 403);
  world.stop();
  const auto written = decisions(world.config.ledger_folder());
  REQUIRE(written.size() == 2);
  KeyFiles keys(world.config.keys().folder);
  DataKeys data_keys(world.config.data_keys_file(), keys, {}, Database::Mode::read);
  const int year = keys.years().front();
  for (const auto& each : written) {
    const auto part = open_part(each.position, each.record, each.sealed, data_keys);
    REQUIRE(part);
    CHECK(part->subjects == std::vector{pseudonym_of(keys, year, test::caller_oin, test::person)});
    CHECK(part->user == "mw. Pietersen");
    CHECK(part->application == "zaaksysteem-77");
    CHECK(part->signal == "Z-2026-17");
    CHECK(part->client == "127.0.0.1");
    CHECK(each.record.find(part->subjects.front()) == std::string::npos);
    CHECK(each.record.find(R"("persons":1)") != std::string::npos);
  }
  for (const char* said : {"Pietersen", "zaaksysteem-77", "Z-2026-17", test::person, "Kanarie"})
    CHECK(files_with(world.config.data, said) == 0);
}

TEST_CASE("what was asked and released can be shown afterwards to be this text, by whoever opens the part") {
  Ready world;
  const auto response = world.ask(ask_name);
  REQUIRE(response.status == 200);
  world.stop();
  const auto decision = decisions(world.config.ledger_folder()).at(0);
  CHECK(member_of(decision.record, "reqc").size() == hash_text_size);
  std::string released;
  read_log(world.config.ledger_folder(), [&](std::int64_t, std::string_view entry) {
    if (member_of(entry, "kind") == "release") released = member_of(entry, "resc");
    return true;
  });
  CHECK(released.size() == hash_text_size);
  CHECK(released != text_of(sha256_of(response.body)));  // an unkeyed digest of a short answer would give it away
}

TEST_CASE("a caller's trace goes on to the provider; a malformed one is not believed") {
  Ready world;
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", parent = "00f067aa0ba902b7";
  REQUIRE(world.ask(ask_name, "doel", {"traceparent: 00-" + trace + "-" + parent + "-01"}).status == 200);
  CHECK(world.asked_with.find("traceparent: 00-" + trace + "-") != std::string::npos);
  CHECK(world.asked_with.find(parent) == std::string::npos);
  REQUIRE(world.ask(ask_name, "doel", {"traceparent: 00-" + std::string(32, '0') + "-" + parent + "-01"}).status ==
          200);
  world.stop();
  const auto written = decisions(world.config.ledger_folder());
  REQUIRE(written.size() == 2);
  CHECK(member_of(written[0].record, "trace") == trace);
  CHECK(member_of(written[0].record, "parent") == parent);
  CHECK(member_of(written[0].record, "span").size() == 16);
  CHECK(member_of(written[1].record, "parent").empty());
  CHECK(member_of(written[1].record, "trace").size() == 32);
}

TEST_CASE("without keys nothing passes, and the refusal is on record") {
  Ready world;
  REQUIRE(world.ask(ask_name).status == 200);
  world.stop();
  const auto asked = world.provider->requests();
  world.start();
  // The year's key is gone, and the gate has not used it since it started.
  for (const auto& item : fs::directory_iterator(world.config.keys().folder))
    if (item.path().filename().string().starts_with("pseudonym-")) fs::remove(item.path());
  const auto response = world.ask(ask_name);
  CHECK(response.status == 503);
  CHECK(response.body.find("KP-902") != std::string::npos);
  CHECK(world.provider->requests() == asked);
  CHECK(world.metrics().find("koppelpoort_key_failures_total 1") != std::string::npos);
  world.stop();
}

TEST_CASE("what is past its time is erased soon after a start too, not at midnight alone; lost keys stop the start") {
  Ready world;
  REQUIRE(world.ask(ask_name).status == 200);
  world.stop();
  KeyFiles keys(world.config.keys().folder);
  {
    Retention retention;
    retention.classes.front().months = 1;
    DataKeys old(world.config.data_keys_file(), keys, retention, Database::Mode::write);
    old.current("doel", *parse_date("2020-01-15"));
  }
  world.start();
  const auto destroyed = [&] {
    const auto rows = DataKeyStore(world.config.data_keys_file(), Database::Mode::read).all();
    return std::ranges::count_if(rows, [](const DataKeyRow& row) { return row.wrapped.empty(); });
  };
  for (int i = 0; i < 60 && destroyed() == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(destroyed() == 1);
  world.stop();
  // Without the file of keys what each person was asked for is forgotten, and with it every limit: nothing starts.
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(world.config.data_keys_file() + suffix);
  CHECK_THROWS_WITH(world.start(), Catch::Contains("restore the newest data-keys.sqlite"));
  world.server.reset();
}
