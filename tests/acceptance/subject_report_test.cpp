// `koppelpoort subject` as the desk uses it, beside a running gate and without one.
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/custody/control.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/members.hpp"
#include "tests/support/program.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

namespace json = boost::json;

constexpr const char* ask_name =
    R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":["999990676"]})";
constexpr const char* answer_name = R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})";

std::string me() { return login_of(::getpid(), ::getuid()); }

struct Desk : test::World {
  std::string file;
  Desk()
      : World([](const demo::ProviderRequest&) {
          return demo::ProviderAnswer{200, "application/json", answer_name, {}};
        }) {
    config.custodians = {{me(), {CustodyRole::subject_desk}, 5}};
    std::string registers =
        test::brp_registers(provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"});
    apply(registers);
    start();
    const std::string tls = "certificate = \"x\"\nkey = \"x\"\nauthorities = \"x\"\nrevocations = \"x\"\n";
    file = folder.file("koppelpoort.toml",
                       "[node]\nname = \"test\"\ndata = \"data\"\n[listener]\n" + tls + "[upstream]\n" + tls +
                           "[catalogue]\nfolder = \"" + config.knowledge +
                           "\"\naccept_unreleased = [\"verified\", \"verified-2017\"]\n[[custodian]]\nuser = \"" +
                           me() + "\"\nroles = [\"subject-desk\"]\nsearches_per_hour = 5\n");
  }

  test::Ran run(const std::string& words, const std::string& number = test::person) const {
    return test::ran("echo " + number + " | " KOPPELPOORT_PROGRAM " subject " + words + " --config " + file +
                     " --controller " + test::caller_oin);
  }
  test::Ran report(const std::string& more = {}) const {
    return run("report --json --reason 'inzageverzoek Z-1' " + more);
  }

  int views() const {
    int count = 0;
    read_log(config.ledger_folder(), [&](std::int64_t, std::string_view entry) {
      count += member_of(entry, "kind") == "view" ? 1 : 0;
      return true;
    });
    return count;
  }
};

}  // namespace

TEST_CASE("the desk tells a person who asked, what was given and what was refused, and each look is on record") {
  Desk desk;
  REQUIRE(desk.ask(ask_name).status == 200);
  REQUIRE(desk.ask(ask_name, "geen").status == 403);
  const auto beside = desk.report();
  REQUIRE(beside.status == 0);
  const json::array exchanges = json::parse(beside.said).at("exchanges").as_array();
  REQUIRE(exchanges.size() == 2);
  CHECK(exchanges[0].at("refused").as_bool() == false);
  CHECK(exchanges[0].at("given").at("nl").as_array().size() == 1);
  CHECK_FALSE(exchanges[0].at("bases").as_array().empty());
  CHECK(exchanges[1].at("refused").as_bool());
  CHECK(exchanges[1].at("given").at("nl").as_array().empty());
  CHECK(beside.said.find(test::person) == std::string::npos);
  CHECK(desk.views() == 1);
  desk.stop();
  const auto alone = desk.report();
  REQUIRE(alone.status == 0);
  CHECK(json::parse(alone.said).at("exchanges") == json::value(exchanges));
  CHECK(desk.views() == 2);
  // About somebody else, and for another organisation, there is nothing.
  CHECK(json::parse(desk.run("report --json --reason 'inzageverzoek Z-2'", "999993653").said)
            .at("exchanges")
            .as_array()
            .empty());
}

TEST_CASE(
    "what an investigation would be harmed by is held back until it is released, and a discreet house is not named") {
  Desk desk;
  REQUIRE(desk.ask(ask_name).status == 200);
  std::string registers =
      test::brp_registers(desk.provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"});
  const std::string open = registers;
  const auto put = [&](const std::string& behind, const std::string& line) {
    const auto at = registers.find(behind);
    REQUIRE(at != std::string::npos);
    registers.insert(registers.find('\n', at) + 1, line + "\n");
  };
  put("id = \"doel\"", "confidential = \"UAVG art. 41(1)(d)\"");
  desk.apply(registers);
  const auto held = desk.report();
  CHECK(json::parse(held.said).at("exchanges").as_array().empty());
  registers = open;
  put("oin = \"" + std::string(test::provider_oin), "discreet = true");
  desk.apply(registers);
  desk.stop();
  desk.start();
  REQUIRE(desk.ask(ask_name).status == 200);
  const json::array told = json::parse(desk.report().said).at("exchanges").as_array();
  REQUIRE(told.size() == 2);  // the first is told now
  for (const auto& each : told) CHECK_FALSE(each.at("asked_of").as_object().contains("name"));
}

TEST_CASE("without a role, a reason or a real number nobody is told anything") {
  Desk desk;
  REQUIRE(desk.ask(ask_name).status == 200);
  CHECK(desk.run("report --json --reason x").said.find("say why") != std::string::npos);
  CHECK(desk.run("report --json --reason 'inzageverzoek Z-1'", "123456789").said.find("eleven-test") !=
        std::string::npos);
  const auto erased = desk.run("erase --reason 'verzoek Z-2026-5'");
  CHECK(erased.status == 2);
  CHECK(erased.said.find("has no role keeper") != std::string::npos);
  for (int i = 0; i < 5; ++i) CHECK(desk.report().status == 0);
  const auto refused = desk.report();
  CHECK(refused.status == 2);
  CHECK(refused.said.find("within an hour") != std::string::npos);
}

TEST_CASE("whoever reads decisions, proofs or an export needs a role, and is on record first") {
  Desk desk;
  const std::string id = desk.ask(ask_name).header("Koppelpoort-Decision");
  REQUIRE(id.size() == 36);
  const std::string other = desk.folder.path() + "/reader.toml";
  std::string text = read_file(desk.file);
  text.replace(text.find("subject-desk"), 12, "reader");
  std::ofstream(other) << text;
  const std::string commands[] = {"explain " + id + " --config ",
                                  "ledger prove " + id + " --config ",
                                  "ledger export " + desk.folder.path() + "/out --config ",
                                  "replay --config ",
                                  "gaps --config ",
                                  "register lint --config "};
  int views = 0;
  for (const auto& command : commands) {
    INFO(command);
    const auto refused = test::ran(KOPPELPOORT_PROGRAM " " + command + desk.file);
    CHECK(refused.status == 2);
    CHECK(refused.said.find("has no role reader") != std::string::npos);
    CHECK(desk.views() == ++views);
  }
  CHECK_FALSE(std::filesystem::exists(desk.folder.path() + "/out"));
  desk.stop();
  for (const auto& command : commands) {
    INFO(command);
    CHECK(test::ran(KOPPELPOORT_PROGRAM " " + command + other).status < 2);  // 1: `lint` has remarks
    CHECK(desk.views() == ++views);
  }
}
