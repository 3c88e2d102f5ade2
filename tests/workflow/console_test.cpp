// What the console reads, and the console itself, over real TLS: one decision with its reasons, counts, what may flow
// on a day, what would be decided, and the files that a browser gets.
#include <algorithm>
#include <thread>

#include "adapters/store/sqlite/register_events.hpp"
#include "tests/workflow/town.hpp"

using namespace koppelpoort;
using test::ask_name;
using test::Town;

namespace {

namespace json = boost::json;

const json::object& named(const json::value& list, std::string_view member, std::string_view value) {
  for (const auto& each : list.as_array())
    if (each.at(member).as_string() == value) return each.as_object();
  FAIL("nothing with " << member << " " << value);
  return list.as_array().front().as_object();
}

}  // namespace

TEST_CASE("a decision is explained to those it concerns, in their language") {
  Town town;
  REQUIRE(town.ask(ask_name, "naam").status == 403);
  auto ops = test::add_person(town.config, "olga", {AccountRole::ops});
  auto far = test::add_person(town.config, "freek", {AccountRole::ops}, test::other_oin);
  auto browser = town.browser(ops), elsewhere = town.browser(far), mayor = town.browser(town.mayor);
  const auto list = browser.ask("GET", "/beheer/v1/besluiten");
  REQUIRE(list.body.at("totaal") == 1);
  const json::object brief = list.body.at("resultaten").as_array().front().as_object();
  const std::string one = "/beheer/v1/besluiten/" + std::string(brief.at("id").as_string());

  const auto shown = browser.ask("GET", one);
  REQUIRE(shown.status == 200);
  CHECK(shown.body.at("oordeel") == "geblokkeerd");
  CHECK(shown.body.at("soort") == brief.at("soort"));
  CHECK(shown.body.at("codes") == brief.at("codes"));
  CHECK(shown.body.at("bewijs").at("opnieuwGelijk") == true);
  const auto& reason = named(shown.body.at("redenen"), "code", "KP-202");
  CHECK(reason.at("kort") == "Doel onbekend");
  CHECK(reason.at("uitleg").as_string().starts_with("Doel (niet bewaard) staat niet in het register"));
  CHECK(json::serialize(shown.body).find(test::person) == std::string::npos);
  const auto english = browser.ask("GET", one, {}, {"Accept-Language: en"});
  CHECK(named(english.body.at("redenen"), "code", "KP-202").at("kort") == "Purpose unknown");

  // Not of somebody else, and not by somebody whose role does not look.
  CHECK(elsewhere.ask("GET", one).status == 404);
  CHECK(mayor.ask("GET", one).status == 403);
  CHECK(browser.ask("GET", "/beheer/v1/besluiten/is-er-niet").status == 404);
}

TEST_CASE("refusals are counted by what they are, never as one") {
  Town town;
  for (int i = 0; i < 3; ++i) REQUIRE(town.ask(ask_name, "naam").status == 403);
  auto ops = test::add_person(town.config, "olga", {AccountRole::ops});
  auto browser = town.browser(ops);
  for (const char* hours : {"1", "24", "168", "720"}) {
    INFO(hours);
    const auto counted = browser.ask("GET", std::string("/beheer/v1/besluiten/tellingen?uren=") + hours);
    REQUIRE(counted.status == 200);
    std::int64_t missing = 0, others = 0;
    for (const auto& part : counted.body.at("perioden").as_array()) {
      missing += part.at("ontbreekt").as_int64();
      for (const char* name : {"toegestaan", "geminimaliseerd", "verboden", "onbeslist"})
        others += part.at(name).as_int64();
    }
    CHECK(missing == 3);
    CHECK(others == 0);
    CHECK(named(counted.body.at("redenen"), "code", "KP-202").at("aantal") == 3);
    CHECK(counted.body.at("vanaf").is_null());
  }
  CHECK(browser.ask("GET", "/beheer/v1/besluiten/tellingen?uren=2").status == 400);
  CHECK(browser.ask("GET", "/beheer/v1/besluiten/tellingen?doel=anders").body.at("redenen").as_array().empty());
}

TEST_CASE("what may flow, and what would be decided, is asked without asking anybody for data") {
  Town town;
  const std::string all = test::brp_registers(town.provider->port(), {"persoon.naam.voornamen"});
  Problems problems;
  const auto events = read_register_file(*TomlDocument::parse(all, "registers", problems), problems);
  RegisterEvents store(town.config.registers_file(), Database::Mode::write);
  auto there = events;
  for (auto& event : there) event.author = event.author_role = event.reason = "test";
  store.append(there, store.version());
  auto browser = town.browser(town.fg);
  const auto until_known = [&] {
    for (int i = 0; i < 100; ++i) {
      if (!browser.ask("GET", "/beheer/v1/koppelingen").body.at("stromen").as_array().empty()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  };
  until_known();
  const std::size_t asked_before = town.provider->requests();
  const auto today = browser.ask("GET", "/beheer/v1/koppelingen");
  REQUIRE(today.status == 200);
  CHECK(named(today.body.at("stromen"), "doel", "doel").at("oordeel") != "geblokkeerd");
  // Before the law there was no basis.
  const auto then = browser.ask("GET", "/beheer/v1/koppelingen?op=1990-01-01");
  CHECK(named(then.body.at("stromen"), "doel", "doel").at("oordeel") == "geblokkeerd");
  CHECK(browser.ask("GET", "/beheer/v1/koppelingen?op=gisteren").status == 400);

  const json::object question{{"doel", "doel"}, {"dienst", "brp"}, {"gegevens", json::array{"persoon.naam.voornamen"}}};
  const auto allowed = browser.ask("POST", "/beheer/v1/proefvragen", question);
  REQUIRE(allowed.status == 200);
  CHECK(allowed.body.at("oordeel") == "toegestaan");
  json::object more = question;
  more["gegevens"] = json::array{"persoon.naam.voornamen", "gezondheid.diagnosecode"};
  const auto refused = browser.ask("POST", "/beheer/v1/proefvragen", more);
  CHECK(refused.body.at("oordeel") == "geminimaliseerd");
  CHECK(named(refused.body.at("gegevens"), "id", "gezondheid.diagnosecode").at("gaatDoor") == false);
  more["gegevens"] = json::array{"geen.gegeven"};
  CHECK(browser.ask("POST", "/beheer/v1/proefvragen", more).status == 422);
  CHECK(town.provider->requests() == asked_before);

  CHECK(browser.ask("GET", "/beheer/v1/diensten/brp").body.at("gegevens").as_array().size() > 1);
  CHECK(browser.ask("GET", "/beheer/v1/diensten/geen").status == 404);
  CHECK(browser.ask("GET", "/beheer/v1/redenen?aantal=100").body.at("resultaten").as_array().size() ==
        test::knowledge()->reasons.of.size());
  CHECK(named(browser.ask("GET", "/beheer/v1/begrippen").body.at("rollen"), "id", "gemeente-college-pw").at("eigen") ==
        true);
  CHECK(browser.ask("GET", "/beheer/v1/grondslagen/wet-suwi-65-syri?op=2015-01-01").body.at("stand") == "van-kracht");
  CHECK(browser.ask("GET", "/beheer/v1/grondslagen/wet-suwi-65-syri?op=2026-01-01").body.at("stand") ==
        "buiten-werking");
}

TEST_CASE("another organisation's purpose is not explained, and an id that it took shows nothing of it") {
  Town town;
  auto writer = town.browser(town.writer);
  // A draft of ours with an id that nobody has yet.
  const auto made = writer.ask("POST", "/beheer/v1/voorstellen", {{"inhoud", test::content()}});
  REQUIRE(made.status == 201);
  const std::string mine = "/beheer/v1/voorstellen/" + std::string(made.body.at("id").as_string());
  CHECK(writer.ask("GET", mine + "/toets").status == 200);
  // Then it becomes somebody else's.
  Problems problems;
  const std::string theirs =
      "[[purpose]]\nid = \"naam\"\ncontroller = \"" + std::string(test::provider_oin) +
      "\"\nrole = \"gemeente-college-pw\"\ngoal = \"pw-uitvoering\"\ntitle = \"Geheim van een ander\"\nbases = "
      "[\"brp-3-2-autorisatiebesluit\"]\nstate = \"active\"\nsubmitted_by = \"x\"\napproval = { advised_by = \"f\", "
      "advised_at = \"2026-01-01\", signed_by = \"b\", signed_at = \"2026-01-02\" }\n";
  auto events = read_register_file(*TomlDocument::parse(theirs, "registers", problems), problems);
  REQUIRE(problems.empty());
  for (auto& event : events) event.author = event.author_role = event.reason = "test";
  RegisterEvents store(town.config.registers_file(), Database::Mode::write);
  store.append(events, store.version());
  const auto shown = writer.ask("GET", mine);
  CHECK(json::serialize(shown.body).find("Geheim van een ander") == std::string::npos);
  CHECK(writer.ask("GET", mine + "/toets").status == 409);
  // Nor does a question about it learn more than one about nothing, though its owner is told what it rests on.
  auto owner = test::add_person(town.config, "otto", {AccountRole::owner}, test::provider_oin);
  auto theirs_to_ask = town.browser(owner);
  const auto grounds = [](test::Browser& by, const char* purpose) {
    const auto tried =
        by.ask("POST", "/beheer/v1/proefvragen",
               {{"doel", purpose}, {"dienst", "brp"}, {"gegevens", json::array{"persoon.naam.voornamen"}}});
    REQUIRE(tried.status == 200);
    return tried.body.at("grondslagen").as_array().size();
  };
  for (int tries = 0; tries < 100 && grounds(theirs_to_ask, "naam") == 0; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the gate looks once a second
  CHECK(grounds(theirs_to_ask, "naam") == 1);
  CHECK(grounds(writer, "naam") == 0);
  CHECK(grounds(writer, "bestaat-niet") == 0);
}

TEST_CASE("a page that is loaded anew can still change something, and nobody else's page can") {
  Town town;
  auto browser = town.browser(town.fg);
  const auto who = browser.ask("GET", "/beheer/v1/sessies/huidige");
  REQUIRE(who.status == 200);
  CHECK(who.body.at("csrf").as_string() == browser.csrf());
  const auto& rights = who.body.at("rechten").as_array();
  CHECK(std::ranges::find(rights, json::value("adviseren")) != rights.end());
  CHECK(std::ranges::find(rights, json::value("ondertekenen")) == rights.end());
  auto another = town.browser(town.mayor);
  CHECK(another.csrf() != browser.csrf());
}

TEST_CASE("who did what is seen by those who watch over it, and how the gate is") {
  Town town;
  auto writer = town.browser(town.writer), fg = town.browser(town.fg), elsewhere = town.browser(town.elsewhere),
       administrator = town.browser(town.administrator);
  REQUIRE(writer.ask("POST", "/beheer/v1/voorstellen", {{"inhoud", test::content()}}).status == 201);
  const auto proposals = fg.ask("GET", "/beheer/v1/gebeurtenissen?soort=voorstel");
  REQUIRE(proposals.body.at("totaal") == 1);
  const auto& made = proposals.body.at("resultaten").as_array().front();
  CHECK(made.at("wie") == "willem");
  CHECK(made.at("wat") == "gemaakt");
  CHECK(elsewhere.ask("GET", "/beheer/v1/gebeurtenissen?soort=voorstel").body.at("totaal") == 0);
  CHECK(writer.ask("GET", "/beheer/v1/gebeurtenissen").status == 403);
  // Who keeps accounts does not read what was asked and advised.
  CHECK(administrator.ask("GET", "/beheer/v1/gebeurtenissen?soort=voorstel").body.at("totaal") == 0);
  const auto accounts = administrator.ask("GET", "/beheer/v1/gebeurtenissen?soort=account&aantal=100");
  CHECK(named(accounts.body.at("resultaten"), "wat", "aangemeld").at("soort") == "account");
  for (const auto& each : accounts.body.at("resultaten").as_array()) CHECK(each.at("over") != "els");

  const auto node = fg.ask("GET", "/beheer/v1/knooppunt");
  REQUIRE(node.status == 200);
  CHECK(node.body.at("gereed") == true);
  CHECK(node.body.at("getuigen").is_null());
  CHECK(node.body.at("certificaatDagen").as_int64() > 20);
  CHECK(administrator.ask("GET", "/beheer/v1/knooppunt").status == 403);
}

TEST_CASE("who practises judges first, and that they did is on record") {
  Town town;
  auto writer = town.browser(town.writer), fg = town.browser(town.fg);
  const auto list = writer.ask("GET", "/beheer/v1/oefeningen?aantal=100");
  REQUIRE(list.status == 200);
  REQUIRE(list.body.at("resultaten").as_array().size() > 20);
  const json::object& first = list.body.at("resultaten").as_array().front().as_object();
  CHECK_FALSE(first.contains("oordeel"));
  const std::string at = "/beheer/v1/oefeningen/" + std::string(first.at("id").as_string()) + "/antwoorden";
  int right = 0;
  for (const char* verdict : {"toegestaan", "geminimaliseerd", "geblokkeerd"}) {
    const auto answer = writer.ask("POST", at, {{"oordeel", verdict}});
    REQUIRE(answer.status == 200);
    CHECK(answer.body.at("goed").as_bool() == (answer.body.at("oordeel") == verdict));
    if (answer.body.at("goed").as_bool()) ++right;
  }
  CHECK(right == 1);
  CHECK(writer.ask("POST", at, {{"oordeel", "misschien"}}).status == 400);
  CHECK(writer.ask("POST", "/beheer/v1/oefeningen/geen/antwoorden", {{"oordeel", "toegestaan"}}).status == 404);
  const auto log = fg.ask("GET", "/beheer/v1/gebeurtenissen?soort=account&aantal=100");
  CHECK(std::ranges::count_if(log.body.at("resultaten").as_array(),
                              [](const json::value& each) { return each.at("wat") == "geoefend"; }) == 3);
}

TEST_CASE("the console comes from the gate: strict, complete, and nothing else lies beside it") {
  Town town;
  const auto get = [&](const std::string& path, const std::vector<std::string>& headers = {}) {
    demo::Client client(town.config.console->port, town.authority->certificate_file(), nullptr);
    return client.ask("GET", path, {}, headers);
  };
  const auto page = get("/");
  REQUIRE(page.status == 200);
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  CHECK(page.header("Cache-Control") == "no-cache");
  const std::string policy = page.header("Content-Security-Policy");
  CHECK(policy.find("default-src 'none'") == 0);
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(policy.find("http") == std::string::npos);
  CHECK(page.body.find("<style") == std::string::npos);
  // Every address of a page is the page; what looks like a file and is none is not there.
  CHECK(get("/besluiten/een-kenmerk").body == page.body);
  CHECK(get("/assets/weg.js").status == 404);
  CHECK(get("/../koppelpoort.toml").status >= 400);
  // What it names is there, kept for a year, and the same packed and unpacked.
  const auto at = page.body.find("/assets/index-");
  REQUIRE(at != std::string::npos);
  const std::string script = page.body.substr(at, page.body.find('"', at) - at);
  const auto plain = get(script), packed = get(script, {"Accept-Encoding: br"});
  REQUIRE(plain.status == 200);
  CHECK(plain.header("Cache-Control").find("immutable") != std::string::npos);
  CHECK(packed.header("Content-Encoding") == "br");
  CHECK(packed.body.size() < plain.body.size() / 2);
  CHECK(get(script, {"If-None-Match: " + plain.header("ETag")}).status == 304);
  demo::Client client(town.config.console->port, town.authority->certificate_file(), nullptr);
  CHECK(client.ask("POST", "/", "{}", {}).status == 405);
}
