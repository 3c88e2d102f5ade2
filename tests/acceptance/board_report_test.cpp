// `koppelpoort report` over what a gate really did.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "adapters/store/sqlite/accounts.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "tests/support/program.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

constexpr const char* ask_name =
    R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":["999990676"]})";

bool holds(const test::Ran& ran, std::string_view part) { return ran.said.find(part) != std::string::npos; }
bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the board's month: asked, refused and why, and that the board saw it") {
  test::World world([](const demo::ProviderRequest&) {
    return demo::ProviderAnswer{
        200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})", {}};
  });
  world.apply(test::brp_registers(world.provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
  const std::string me = login_of(::getpid(), ::getuid());
  world.config.custodians = {{me, {CustodyRole::reader}, 30}};
  world.start();
  for (int i = 0; i < 3; ++i) REQUIRE(world.ask(ask_name).status == 200);
  for (int i = 0; i < 2; ++i) REQUIRE(world.ask(ask_name, "geen").status == 403);
  Account mayor;
  mayor.id = "a-bea";
  mayor.organisation = test::caller_oin;
  mayor.login = "bea";
  mayor.roles = {AccountRole::board};
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string month = to_text(dutch_date(now)).substr(0, 7);
  Accounts accounts(world.config.accounts_file(), Database::Mode::create);
  accounts.add(mayor, {0, now, mayor.id, "test", "account made", ""});
  const std::string tls = "certificate = \"x\"\nkey = \"x\"\n";
  const std::string trust = "authorities = \"x\"\nrevocations = \"x\"\n";
  const std::string file = world.folder.file(
      "koppelpoort.toml", "[node]\nname = \"test\"\ndata = \"data\"\n[listener]\n" + tls + trust + "[upstream]\n" +
                              tls + trust + "[console]\n" + tls + "[catalogue]\nfolder = \"" + world.config.knowledge +
                              "\"\naccept_unreleased = [\"verified\", \"verified-2017\"]\n");
  const auto report = [&](const std::string& more) {
    return test::ran(KOPPELPOORT_PROGRAM " report --config " + file + " --organisation " + test::caller_oin + " " +
                     more);
  };
  const test::Ran told = report("--month " + month);
  CHECK(holds(told, "5 gevraagd, 2 geweigerd (40,0 %)"));
  CHECK(holds(told, "te weinig vergelijkbare organisaties"));
  CHECK(holds(told, "KP-202: 2 keer"));
  CHECK(holds(told, "Nog niet"));
  CHECK(told.status == 0);
  CHECK_FALSE(holds(told, test::person));
  // Where people approve, a file stops nothing and starts nothing: it says so instead of asking for the opposite.
  const std::string stopped = world.folder.file("stopped.toml", [&] {
    std::string text = test::brp_registers(world.provider->port(), {"persoon.naam.voornamen"});
    const auto at = text.find("state = \"active\"");
    return text.replace(at, 16, "state = \"suspended\"");
  }());
  CHECK(holds(test::ran(KOPPELPOORT_PROGRAM " register apply --config " + file +
                        " --author a@example.org --reason 'stop' " + stopped),
              "a file cannot make it suspended"));
  accounts.record({0, now, mayor.id, mayor.id, std::string(report_acknowledged), month + " besproken in het college"});
  CHECK(holds(report("--month " + month), "door account a-bea"));
  CHECK(holds(report("--month 2020-01"), "Er is niets gevraagd."));
  const std::string csv = world.folder.path() + "/month.csv", page = world.folder.path() + "/month.html";
  CHECK(report("--month " + month + " --out " + csv).status == 0);
  CHECK(holds(read_file(csv), "purpose,\"doel\",\"Doel\",3,0,0,0,0,"));
  CHECK(report("--month " + month + " --language en --out " + page).status == 0);
  CHECK(holds(read_file(page), "5 asked, 2 refused"));
  for (const char* wrong : {"--month 2026-13", "--month november", "--month 2026-11-01"})
    CHECK(holds(report(wrong), "is no month"));
}
