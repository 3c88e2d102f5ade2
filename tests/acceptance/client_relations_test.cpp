// A controller loads whom it knows; from then on the gate gives about nobody else, whoever asks (KP-504).
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/custody/control.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/logs.hpp"
#include "gateway/ledger/members.hpp"
#include "tests/support/program.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

constexpr const char* stranger = "999993653";  // fictional, of the official test range

std::string ask_about(const std::string& numbers) {
  return R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":[)" + numbers +
         "]}";
}
std::string quoted(const std::string& number) { return "\"" + number + "\""; }

struct Office : test::World {
  std::string file;
  Office()
      : World([](const demo::ProviderRequest&) {
          return demo::ProviderAnswer{
              200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})", {}};
        }) {
    std::string registers =
        test::brp_registers(provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"});
    const auto at = registers.find("id = \"doel\"");
    registers.insert(registers.find('\n', at) + 1, "relation_checked = true\n");
    apply(registers);
    config.custodians = {{login_of(::getpid(), ::getuid()), {CustodyRole::reader}, 30}};
    start();
    const std::string tls = "certificate = \"x\"\nkey = \"x\"\nauthorities = \"x\"\nrevocations = \"x\"\n";
    file = folder.file("koppelpoort.toml",
                       "[node]\nname = \"test\"\ndata = \"data\"\n[listener]\n" + tls + "[upstream]\n" + tls +
                           "[catalogue]\nfolder = \"" + config.knowledge +
                           "\"\naccept_unreleased = [\"verified\", \"verified-2017\"]\n[[custodian]]\nuser = \"" +
                           login_of(::getpid(), ::getuid()) + "\"\nroles = [\"reader\"]\n");
  }

  test::Ran load(const std::string& lines, const std::string& capacity = "applicant",
                 const std::string& purpose = "doel") const {
    return test::ran("printf '" + lines + "' | " KOPPELPOORT_PROGRAM " relations load --config " + file +
                     " --purpose " + purpose + " --capacity " + capacity + " --reason 'nachtelijke levering'");
  }
  int status_about(const std::string& number) { return ask(ask_about(quoted(number))).status; }
};

}  // namespace

TEST_CASE("only about persons whom the controller knows today, by the newest set that it loaded") {
  Office office;
  CHECK(office.status_about(test::person) == 403);  // nobody is known yet
  REQUIRE(office.load(std::string(test::person) + "\\n").status == 0);
  CHECK(office.status_about(test::person) == 200);
  const auto refused = office.ask(ask_about(quoted(stranger)));
  CHECK(refused.status == 403);
  CHECK(refused.body.find("KP-504") != std::string::npos);
  CHECK(refused.body.find(stranger) == std::string::npos);

  // A period, to the day; and a new set takes the place of the old one.
  const auto today = dutch_date(std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()));
  const auto day = [&](int off) { return to_text(today + std::chrono::days{off}); };
  REQUIRE(office.load(std::string(stranger) + "," + day(-9) + "," + day(1) + "\\n").status == 0);
  CHECK(office.status_about(stranger) == 200);
  CHECK(office.status_about(test::person) == 403);
  REQUIRE(office.load(std::string(stranger) + "," + day(-9) + "," + day(0) + "\\n").status == 0);
  CHECK(office.status_about(stranger) == 403);
  REQUIRE(office.load(std::string(stranger) + "," + day(1) + "\\n").status == 0);
  CHECK(office.status_about(stranger) == 403);

  // What is wrong changes nothing, and says no number.
  for (const char* wrong : {"123456789\\n", "999990676,gisteren\\n", "999990676,2026-01-02,2026-01-02\\n", "x\\n"}) {
    const auto failed = office.load(wrong);
    CHECK(failed.status == 2);
    CHECK(failed.said.find("line 1") != std::string::npos);
    CHECK(failed.said.find("99999") == std::string::npos);
    CHECK(failed.said.find("12345") == std::string::npos);
  }
  for (const char* cut : {"999990676\\n999993653,2024-01-01", "", "\\n"}) CHECK(office.load(cut).status == 2);
  CHECK(test::ran(KOPPELPOORT_PROGRAM " relations load --config " + office.file +
                  " --purpose doel --capacity applicant --reason 'een map' " + office.folder.path())
            .status == 2);
  CHECK(office.load("999990676\\n", "client-van-een-ander").status == 2);
  CHECK(office.load("999990676\\n", "applicant", "geen").status == 2);
  CHECK(test::ran(KOPPELPOORT_PROGRAM " relations list --config " + office.file).said.find("4  ") != std::string::npos);

  // The decision can be made again from its record, and each set is in the ledger, as a digest.
  CHECK(test::ran(KOPPELPOORT_PROGRAM " replay --config " + office.file).status == 0);
  bool recorded = false;
  for (int i = 0; i < 100 && !recorded; ++i) {
    read_log(office.config.ledger_folder(), [&](std::int64_t, std::string_view entry) {
      recorded =
          recorded || (member_of(entry, "kind") == "people" && entry.find("\"relations\":4") != std::string::npos);
      return true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  CHECK(recorded);
  office.stop();
  for (const char* number : {test::person, stranger})
    for (const auto& item : std::filesystem::recursive_directory_iterator(office.config.data))
      if (item.is_regular_file()) {
        INFO(item.path());
        CHECK(read_file(item.path().string()).find(number) == std::string::npos);
      }
}

TEST_CASE("who may not ask for a purpose does not learn whose client somebody is") {
  Office office;
  REQUIRE(office.load(std::string(test::person) + "\\n").status == 0);
  const auto codes = [&](const std::string& number) {
    auto client = office.connect(&office.stranger);
    const auto answer = client->ask("POST", "/brp/personen", ask_about(quoted(number)), {"x-doelbinding: doel"});
    CHECK(answer.status == 403);
    std::string found;
    for (std::size_t at = 0; (at = answer.body.find("KP-", at)) != std::string::npos; at += 6)
      found += answer.body.substr(at, 6) + " ";
    return found;
  };
  CHECK(codes(test::person) == codes(stranger));
  CHECK(codes(test::person).find("KP-504") != std::string::npos);  // as for anybody: nothing was looked up
}

TEST_CASE("without its relations a purpose that checks them gives nothing") {
  Office office;
  REQUIRE(office.load(std::string(test::person) + "\\n").status == 0);
  CHECK(office.status_about(test::person) == 200);
  office.stop();
  std::ofstream(office.config.relations_file(), std::ios::trunc) << "no database";
  office.start();
  CHECK(office.status_about(test::person) == 503);
}
