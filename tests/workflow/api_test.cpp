// The management API without sockets: every role at every operation, its description, and input that nobody sends.
#include "gateway/api/api.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>
#include <random>

#include "gateway/accounts/one_time_code.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "tests/support/people.hpp"

using namespace koppelpoort;

namespace {

namespace json = boost::json;

constexpr std::int64_t start = 1'800'000'000;

struct Desk {
  test::Folder folder;
  Config config;
  std::unique_ptr<Keys> keys;
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<Workflow> workflow;
  std::unique_ptr<Recent> recent;
  std::vector<std::string> looks;
  bool can_record = true;
  std::unique_ptr<api::Api> api;
  std::int64_t now = start;

  Desk() {
    config.data = folder.path();
    config.knowledge = test::source_folder();
    config.mappings = {test::source_folder() + "/adapters/wire/brp"};
    config.settings.accepted = {Confidence::verified, Confidence::verified_2017};
    create_keys(config.keys());
    keys = open_keys(config.keys());
    RegisterEvents::create(config.registers_file());
    Problems problems;
    const auto document =
        TomlDocument::parse(test::brp_registers(1, {"persoon.naam.voornamen"}), "registers", problems);
    auto events = read_register_file(*document, problems);
    for (auto& event : events) event.author = event.author_role = event.reason = "test";
    RegisterEvents(config.registers_file()).append(events, 0);
    accounts = std::make_unique<Accounts>(config.accounts_file(), Database::Mode::create);
    workflow = std::make_unique<Workflow>(config, test::knowledge(), [] {});
    std::filesystem::create_directories(config.ledger_folder());
    recent = std::make_unique<Recent>(config.ledger_folder(), [] { return 0; });
    api = std::make_unique<api::Api>(
        api::Api::Means{*workflow, *accounts, *recent, *keys, *test::knowledge(),
                        read_file(test::source_folder() + "/docs/api/beheer.json"), [this] { return now; },
                        [this](const std::string& account, std::string_view role, std::string_view what) {
                          looks.push_back(account + " " + std::string(role) + " " + std::string(what));
                          return can_record;
                        },
                        [this] {
                          Problems none;
                          return Snapshot::compile(test::knowledge(), workflow->registers(), 1, config.settings, none);
                        },
                        [](const std::string&) { return std::nullopt; },
                        [](const RecentDecision&) { return RecordedDecision{}; }, [] { return api::Api::Health{}; },
                        json::parse(read_file(test::source_folder() + "/docs/api/oefeningen.json")).as_array()});
  }

  struct Session {
    test::Person person;
    std::string cookie, csrf;
  };

  Session session(AccountRole role, const std::string& organisation = test::caller_oin) {
    static int number = 0;
    Session made{test::add_person(config, "p" + std::to_string(++number), {role}, organisation), {}, {}};
    now += 60;
    api::Request request;
    request.method = "POST";
    request.path = "/beheer/v1/sessies";
    request.headers["content-type"] = "application/json";
    request.address = made.person.account.login;
    request.body = json::serialize(json::object{{"aanmeldnaam", made.person.account.login},
                                                {"wachtwoord", made.person.password},
                                                {"code", code_at(made.person.secret, now)}});
    const api::Answer answer = api->answer(request);
    REQUIRE(answer.status == 201);
    for (const auto& [name, value] : answer.headers)
      if (name == "Set-Cookie") made.cookie = value.substr(0, value.find(';'));
    made.csrf = std::string(json::parse(answer.body).at("csrf").as_string());
    return made;
  }

  api::Answer ask(const Session& by, const std::string& method, const std::string& path, const json::object& body = {},
                  const std::string& tag = {}) const {
    api::Request request;
    request.method = method;
    request.path = path;
    request.headers["cookie"] = by.cookie;
    request.headers["x-csrf-token"] = by.csrf;
    if (!tag.empty()) request.headers["if-match"] = tag;
    if (!body.empty()) {
      request.headers["content-type"] = "application/json";
      request.body = json::serialize(body);
    }
    return api->answer(request);
  }

  // A proposal of this organisation in this state, brought there by people.
  std::string proposal(ProposalState state, const std::string& organisation) {
    Actor writer{"a-w", "w@example.org", organisation, {}, {AccountRole::requester}, {AccountRole::requester}, {}, {}};
    Actor fg{"a-f", "f@example.org", organisation, {}, {AccountRole::fg}, {AccountRole::fg}, {}, {}};
    const Instant at{std::chrono::seconds{now}};
    // Necessity for the purpose that is there; of another organisation none can be asked.
    const std::string content = std::string("[[purpose]]\nid = \"p-") + organisation + "\"\ncontroller = \"" +
                                organisation +
                                "\"\nrole = \"gemeente-college-pw\"\ngoal = \"pw-uitvoering\"\ntitle = \"T\"\nbases = "
                                "[\"brp-3-2-autorisatiebesluit\"]\n";
    auto made = std::get<Proposal>(workflow->create(writer, content, {}, at));
    const auto step = [&](const Actor& actor, Step each) {
      made = std::get<Proposal>(workflow->take(actor, made.id, each, "tien tekens of meer", {}, made.version, at));
    };
    if (state != ProposalState::draft) step(writer, Step::submit);
    if (state == ProposalState::advised) step(fg, Step::advise);
    return made.id;
  }
};

}  // namespace

TEST_CASE("every role at every operation, in the own organisation and in another") {
  Desk desk;
  struct Tried {
    Right right;
    const char *method, *path;  // {} is the matter
    ProposalState state = ProposalState::draft;
    json::object body = {};
  };
  const json::object because{{"toelichting", "tien tekens of meer"}};
  const json::object positive{{"oordeel", "positief"}, {"toelichting", "tien tekens of meer"}};
  const json::object account{{"naam", "X"}, {"email", "x@example.org"}, {"rollen", json::array{"or"}}};
  const std::vector<Tried> all{
      {Right::see_catalogue, "GET", "/grondslagen"},
      {Right::see_purposes, "GET", "/doelen/{purpose}"},
      {Right::see_proposals, "GET", "/voorstellen/{proposal}"},
      {Right::see_decisions, "GET", "/besluiten"},
      {Right::see_history, "GET", "/gebeurtenissen"},
      {Right::write_proposal, "PUT", "/voorstellen/{proposal}"},
      {Right::submit, "POST", "/voorstellen/{proposal}/indieningen", ProposalState::draft, because},
      {Right::comment, "POST", "/voorstellen/{proposal}/vragen", ProposalState::submitted, because},
      {Right::advise, "POST", "/voorstellen/{proposal}/adviezen", ProposalState::submitted, positive},
      {Right::sign, "POST", "/voorstellen/{proposal}/ondertekeningen", ProposalState::advised, because},
      {Right::suspend, "POST", "/doelen/{purpose}/schorsingen", ProposalState::draft, because},
      {Right::withdraw, "POST", "/doelen/{purpose}/intrekkingen", ProposalState::draft, because},
      {Right::acknowledge_report, "POST", "/rapportages/2026-10/kennisnemingen", ProposalState::draft, because},
      {Right::confirm_accounts, "POST", "/accounts/{account}/bevestigingen", ProposalState::draft, because},
      {Right::manage_accounts, "PUT", "/accounts/{account}", ProposalState::draft, account}};
  std::size_t tried = 0, allowed = 0;
  for (const AccountRole role : account_roles())
    for (const bool own : {true, false}) {
      Desk fresh;  // what one may, changes things for the next
      const auto caller = fresh.session(role, own ? test::caller_oin : test::provider_oin);
      const auto somebody = fresh.session(AccountRole::works_council);
      for (const auto& each : all) {
        std::string path = "/beheer/v1" + std::string(each.path), tag;
        const auto put = [&](const std::string& name, const std::string& value) {
          if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), value);
        };
        json::object body = each.body;
        if (path.find("{proposal}") != std::string::npos) {
          const std::string id = fresh.proposal(each.state, test::caller_oin);
          put("{proposal}", id);
          const Proposal& proposal = fresh.workflow->proposals().at(id);
          tag = "\"" + std::to_string(proposal.version) + "\"";
          if (each.right == Right::write_proposal)
            body = {{"inhoud", json::object{{"purpose", json::array{json::object{
                                                            {"id", "q"},
                                                            {"controller", test::caller_oin},
                                                            {"role", "gemeente-college-pw"},
                                                            {"goal", "pw-uitvoering"},
                                                            {"title", "T"},
                                                            {"bases", json::array{"brp-3-2-autorisatiebesluit"}}}}}}}};
        }
        put("{purpose}", "doel");
        put("{account}", somebody.person.account.id);
        const api::Answer answer = fresh.ask(caller, each.method, path, body, tag);
        // Lists are of the caller's own organisation, whichever that is.
        const bool expected = may(role, each.right,
                                  own || each.right == Right::see_decisions || each.right == Right::see_history ||
                                      each.right == Right::acknowledge_report);
        INFO(name_of(role) << (own ? " own " : " other ") << each.method << " " << path << " " << answer.status << " "
                           << answer.body);
        if (expected) {
          // Suspended before it is withdrawn, or withdrawn already: the right is there, the state says no.
          CHECK((answer.status < 300 || answer.status == 409 || (answer.status == 422 && each.right == Right::sign)));
          ++allowed;
        } else {
          CHECK((answer.status == 403 || answer.status == 404));
        }
        ++tried;
      }
    }
  CHECK(tried == account_role_count * 2 * all.size());
  CHECK(allowed > 40);
  std::cout << "rights: " << tried << " cells tried, " << allowed << " allowed\n";
}

TEST_CASE("the description holds every operation and no other") {
  const json::value description = json::parse(read_file(test::source_folder() + "/docs/api/beheer.json"));
  std::set<std::string> described, there;
  for (const auto& [path, item] : description.at("paths").as_object())
    for (const auto& [method, operation] : item.as_object()) {
      std::string text;
      for (const char each : std::string(method)) text += static_cast<char>(each - 'a' + 'A');
      std::string place(path);
      if (const auto at = place.find("{id}"); at != std::string::npos) place.replace(at, 4, "{}");
      described.insert(text + " " + place);
      CHECK(operation.as_object().contains("operationId"));
    }
  for (auto& each : api::Api::operations()) there.insert(std::move(each));
  CHECK(described == there);
  CHECK(description.at("info").at("version") == api::version);
  Desk desk;
  api::Request request;
  request.method = "GET";
  request.path = "/beheer/v1/openapi.json";
  const auto answer = desk.api->answer(request);
  CHECK(json::parse(answer.body) == description);
  CHECK(std::ranges::find(answer.headers, std::pair<std::string, std::string>("Access-Control-Allow-Origin", "*")) !=
        answer.headers.end());
}

TEST_CASE("whatever is sent, the answer is no fault of ours, and a problem says what is wrong") {
  Desk desk;
  std::vector<Desk::Session> sessions;
  for (const AccountRole role : account_roles()) sessions.push_back(desk.session(role));
  const std::string proposal = desk.proposal(ProposalState::submitted, test::caller_oin);
  std::mt19937 random(20261127);
  const auto pick = [&](const auto& list) -> const auto& { return list[random() % list.size()]; };
  const std::vector<std::string> ids{proposal, "doel", "v-999999", "a-1", "%", "..", "é", std::string(300, 'x'), "0"};
  const json::array values{nullptr,
                           true,
                           -1,
                           1.5,
                           "",
                           "tien tekens of meer",
                           "positief",
                           json::array{},
                           json::array{nullptr},
                           json::object{},
                           std::string(5000, 'a'),
                           json::object{{"purpose", json::array{json::object{{"id", 1}}}}},
                           json::object{{"purpose", "x"}},
                           json::array{"fg"}};
  const std::vector<std::string> members{
      "toelichting", "oordeel",       "inhoud",      "project",    "naam", "email",  "rollen", "projecten",
      "werkgever",   "uitgeschakeld", "aanmeldnaam", "wachtwoord", "code", "huidig", "nieuw",  "x"};
  const std::vector<std::string> tags{
      "", "\"1\"", "1", "\"99\"", "*", "\"", "\"-1\"", "W/\"1\"", "99999999999999999999"};
  const std::vector<std::string> pages{"", "0", "1", "2", "-1", "x", "1000001", "99999999999999999999"};
  const auto operations = api::Api::operations();
  std::map<int, int> seen;
  for (int i = 0; i < 20'000; ++i) {
    desk.now += 1;  // stays within what one caller may ask
    const std::string& operation = pick(operations);
    const std::size_t space = operation.find(' ');
    api::Request request;
    request.method = random() % 20 == 0 ? "PATCH" : operation.substr(0, space);
    request.path = "/beheer/v1" + operation.substr(space + 1);
    for (std::size_t at = 0; (at = request.path.find("{}")) != std::string::npos;)
      request.path.replace(at, 2, pick(ids));
    auto& session = sessions[random() % sessions.size()];
    if (request.method == "DELETE" && random() % 20 != 0) continue;
    if (random() % 4 == 0) request.headers["last-event-id"] = pick(pages);
    if (random() % 10 != 0) request.headers["cookie"] = session.cookie;
    if (random() % 10 != 0) request.headers["x-csrf-token"] = session.csrf;
    if (random() % 3 != 0) request.headers["if-match"] = pick(tags);
    if (random() % 5 == 0) request.headers["idempotency-key"] = pick(ids);
    if (random() % 3 == 0) request.query["pagina"] = pick(pages);
    if (random() % 3 == 0) request.query["aantal"] = pick(pages);
    if (random() % 3 == 0) request.query["toestand"] = pick(ids);
    request.headers["accept-language"] = random() % 2 == 0 ? "en" : "nl";
    if (random() % 10 != 0) request.headers["content-type"] = "application/json";
    if (request.method != "GET" && request.path.find("sessies") == std::string::npos &&
        request.path.find("wachtwoord") == std::string::npos && request.path.find("herstel") == std::string::npos &&
        request.path != "/beheer/v1/accounts") {
      json::object body;
      for (int count = static_cast<int>(random() % 4); count > 0; --count) body[pick(members)] = pick(values);
      request.body = random() % 20 == 0 ? "{\"x\":" : json::serialize(body);
    }
    const api::Answer answer = desk.api->answer(request);
    INFO(request.method << " " << request.path << " " << request.body.substr(0, 300) << " -> " << answer.status << " "
                        << answer.body.substr(0, 300));
    REQUIRE(answer.status < 500);
    if (answer.status == 401 && random() % 20 == 0) session = desk.session(pick(account_roles()));
    ++seen[answer.status];
    if (answer.status >= 400) {
      REQUIRE(answer.type.starts_with("application/problem+json"));
      const json::value problem = json::parse(answer.body);
      REQUIRE(problem.at("status") == answer.status);
      REQUIRE_FALSE(problem.at("detail").as_string().empty());
    }
  }
  std::cout << "requests that nobody sends:";
  for (const auto& [status, count] : seen) std::cout << " " << count << "x" << status;
  std::cout << "\n";
  CHECK(seen.size() > 6);
}

TEST_CASE("what one account says of a person counts for all of them") {
  Account fg, ops, other, gone;
  fg.id = "a-1";
  ops.id = "a-2";
  other.id = "a-3";
  gone.id = "a-4";
  for (Account* each : {&fg, &ops, &other, &gone}) each->identity = "p@example.org";
  fg.organisation = ops.organisation = gone.organisation = test::caller_oin;
  other.organisation = test::provider_oin;
  fg.roles = {AccountRole::fg};
  ops.roles = other.roles = {AccountRole::ops};
  gone.roles = {AccountRole::board};
  ops.projects = {"x"};
  ops.employer = test::other_oin;
  gone.disabled = true;
  gone.projects = {"y"};
  const Actor actor = actor_of(fg, {fg, ops, other, gone});
  CHECK(actor.projects == std::set<std::string>{"x"});
  CHECK(actor.employers == std::set<std::string>{test::other_oin, test::provider_oin});
  CHECK(actor.held == AccountRoles{AccountRole::fg, AccountRole::ops});
  CHECK(actor.advises == std::set<std::string>{test::caller_oin});
}

TEST_CASE("an account that was changed meanwhile is not changed back") {
  Desk desk;
  const auto somebody = desk.session(AccountRole::fg);
  const Account before = desk.accounts->find(somebody.person.account.id).value();
  Account disabled = before, stale = before;
  disabled.disabled = true;
  stale.failures = 3;
  REQUIRE(desk.accounts->replace(before, disabled, {0, {}, before.id, "cli:root", "account disabled", ""}));
  CHECK_FALSE(desk.accounts->replace(before, stale, {0, {}, before.id, before.id, "signed in", ""}));
  CHECK(desk.accounts->find(before.id)->disabled);
  // Given back by one administrator, it waits for somebody else.
  const auto administrator = desk.session(AccountRole::administrator);
  const auto back = desk.ask(administrator, "PUT", "/beheer/v1/accounts/" + before.id,
                             {{"naam", "F"}, {"email", before.identity}, {"rollen", json::array{"fg"}}});
  REQUIRE(back.status == 200);
  CHECK(json::parse(back.body).at("wachtOpBevestiging").as_bool());
  // Persons and projects are compared as words.
  for (const char* mail : {"p @example.org", " p@example.org"})
    CHECK(desk.ask(administrator, "PUT", "/beheer/v1/accounts/" + before.id,
                   {{"naam", "F"}, {"email", mail}, {"rollen", json::array{"fg"}}})
              .status == 422);
  CHECK(desk.ask(administrator, "PUT", "/beheer/v1/accounts/" + before.id,
                 {{"naam", "F"},
                  {"email", "f@example.org"},
                  {"rollen", json::array{"fg"}},
                  {"projecten", json::array{"Sociaal domein"}}})
            .status == 422);
}

TEST_CASE("nothing of a request ends a header of its answer") {
  Desk desk;
  const auto reader = desk.session(AccountRole::fg);
  api::Request request;
  request.method = "GET";
  request.path = "/beheer/v1/doelen";
  request.query = {{"a\r\nContent-Type: text/html\r\n\r\n<script>", "b\r\nc"}};
  request.headers["cookie"] = reader.cookie;
  const auto answer = desk.api->answer(request);
  REQUIRE(answer.status == 200);
  for (const auto& [name, value] : answer.headers) {
    INFO(name);
    CHECK(value.find_first_of("\r\n<") == (name == "Link" ? value.find('<') : std::string::npos));
    CHECK(value.find("<script>") == std::string::npos);
  }
}

TEST_CASE("who looks at decisions is recorded first, and sees nothing when that fails") {
  Desk desk;
  const auto watcher = desk.session(AccountRole::ops), clerk = desk.session(AccountRole::works_council);
  for (const char* path : {"/beheer/v1/besluiten", "/beheer/v1/besluiten/stroom"}) {
    desk.looks.clear();
    CHECK(desk.ask(watcher, "GET", path).status == 200);
    CHECK(desk.looks == std::vector<std::string>{watcher.person.account.id + " ops decisions"});
    CHECK(desk.ask(clerk, "GET", path).status == 403);
    CHECK(desk.looks.size() == 1);
    desk.can_record = false;
    CHECK(desk.ask(watcher, "GET", path).status == 503);
    desk.can_record = true;
  }
}

TEST_CASE("what a page asks by itself does not keep a session open") {
  Desk desk;
  const auto ops = desk.session(AccountRole::ops);
  api::Request request;
  request.method = "GET";
  request.path = "/beheer/v1/knooppunt";
  request.headers["cookie"] = ops.cookie;
  request.headers["x-op-de-achtergrond"] = "1";
  const std::int64_t signed_in_at = desk.now;
  for (; desk.now <= signed_in_at + session_idle; desk.now += 300) CHECK(desk.api->answer(request).status == 200);
  desk.now = signed_in_at + session_idle + 1;
  CHECK(desk.api->answer(request).status == 401);
}

TEST_CASE("a stream that began when nothing was decided yet can be gone on with") {
  Desk desk;
  const auto ops = desk.session(AccountRole::ops);
  api::Request request;
  request.method = "GET";
  request.path = "/beheer/v1/besluiten/stroom";
  request.headers["cookie"] = ops.cookie;
  const api::Answer begun = desk.api->answer(request);
  REQUIRE(begun.stream);
  const std::string first = begun.stream().value();
  REQUIRE(first.starts_with("id: "));
  request.query["na"] = first.substr(4, first.find('\n') - 4);
  const api::Answer again = desk.api->answer(request);
  CHECK(again.status == 200);
  CHECK(again.stream);
  request.query["na"] = "-2";
  CHECK(desk.api->answer(request).status == 400);
}

TEST_CASE("two accounts of one person are no way around what one account cannot be") {
  Desk desk;
  const auto administrator = desk.session(AccountRole::administrator);
  const auto account = [](const char* login, const char* role) {
    return json::object{
        {"aanmeldnaam", login}, {"naam", "N. Jansen"}, {"email", "Nina@Example.org"}, {"rollen", json::array{role}}};
  };
  const auto made = desk.ask(administrator, "POST", "/beheer/v1/accounts", account("nina", "fg"));
  REQUIRE(made.status == 201);
  const std::string nina = "/beheer/v1/accounts/" + std::string(json::parse(made.body).at("id").as_string());
  for (const char* role : {"bestuur", "aanvrager", "eigenaar", "beheerder"})
    CHECK(desk.ask(administrator, "POST", "/beheer/v1/accounts", account("nina2", role)).status == 422);
  const auto second = desk.ask(administrator, "POST", "/beheer/v1/accounts", account("nina2", "or"));
  REQUIRE(second.status == 201);
  const std::string other = "/beheer/v1/accounts/" + std::string(json::parse(second.body).at("id").as_string());
  CHECK(desk.ask(administrator, "PUT", other, account("nina2", "bestuur")).status == 422);
  // A person who is FG no more may be something else.
  json::object gone = account("nina", "fg");
  gone["uitgeschakeld"] = true;
  REQUIRE(desk.ask(administrator, "PUT", nina, gone).status == 200);
  CHECK(desk.ask(administrator, "PUT", other, account("nina2", "bestuur")).status == 200);
  CHECK(desk.ask(administrator, "PUT", nina, account("nina", "fg")).status == 422);
  // The rules of before did not look: what stands in a store already does not judge either.
  const auto fg = desk.session(AccountRole::fg);
  test::add_person(desk.config, "ook-fg", {AccountRole::requester}, test::caller_oin, fg.person.account.identity);
  const std::string proposal = desk.proposal(ProposalState::submitted, test::caller_oin);
  const auto refused = desk.ask(fg, "POST", "/beheer/v1/voorstellen/" + proposal + "/adviezen",
                                {{"oordeel", "positief"}, {"toelichting", "dit is in orde zo"}},
                                "\"" + std::to_string(desk.workflow->proposals().at(proposal).version) + "\"");
  CHECK(refused.status == 403);
  CHECK(json::parse(refused.body).at("title") == "Belangenconflict");
}

TEST_CASE("what conflicts of interest are seen by is confirmed too, and who decides nothing waits for nothing") {
  Desk desk;
  const auto administrator = desk.session(AccountRole::administrator);
  const auto fg = desk.session(AccountRole::fg);
  const std::string path = "/beheer/v1/accounts/" + fg.person.account.id;
  json::object body{{"naam", "F"}, {"email", fg.person.account.identity}, {"rollen", json::array{"fg"}}};
  const auto waits = [&] {
    return json::parse(desk.ask(administrator, "PUT", path, body).body).at("wachtOpBevestiging").as_bool();
  };
  CHECK_FALSE(waits());
  body["naam"] = "F. de Vries";
  CHECK_FALSE(waits());
  for (const auto& [member, value] : json::object{{"werkgever", test::provider_oin}, {"projecten", json::array{"p"}}}) {
    const auto fresh = desk.session(AccountRole::fg);
    json::object changed{{"naam", "F"}, {"email", fresh.person.account.identity}, {"rollen", json::array{"fg"}}};
    changed[member] = value;
    INFO(std::string(member));
    const auto answer = desk.ask(administrator, "PUT", "/beheer/v1/accounts/" + fresh.person.account.id, changed);
    CHECK(json::parse(answer.body).at("wachtOpBevestiging").as_bool());
  }
  body["rollen"] = json::array{"plaatsvervangend-fg"};
  CHECK(waits());
  body["rollen"] = json::array{"operatie"};
  CHECK_FALSE(waits());
  CHECK_FALSE([&] {
    const auto clerk = desk.session(AccountRole::ops);
    const json::object changed{{"naam", "O"},
                               {"email", clerk.person.account.identity},
                               {"rollen", json::array{"or"}},
                               {"projecten", json::array{"p"}}};
    return json::parse(desk.ask(administrator, "PUT", "/beheer/v1/accounts/" + clerk.person.account.id, changed).body)
        .at("wachtOpBevestiging")
        .as_bool();
  }());
  // The other account of somebody who decides: what it says counts too.
  const auto judge = desk.session(AccountRole::fg);
  const auto second =
      test::add_person(desk.config, "tweede", {AccountRole::ops}, test::caller_oin, judge.person.account.identity);
  const json::object moved{{"naam", "O"},
                           {"email", judge.person.account.identity},
                           {"rollen", json::array{"operatie"}},
                           {"projecten", json::array{"p"}}};
  CHECK(json::parse(desk.ask(administrator, "PUT", "/beheer/v1/accounts/" + second.account.id, moved).body)
            .at("wachtOpBevestiging")
            .as_bool());
}

TEST_CASE("a session ends by itself, and too many calls are refused") {
  Desk desk;
  const auto session = desk.session(AccountRole::fg);
  CHECK(desk.ask(session, "GET", "/beheer/v1/doelen").status == 200);
  desk.now += session_idle - 1;
  CHECK(desk.ask(session, "GET", "/beheer/v1/doelen").status == 200);
  desk.now += session_idle + 1;
  CHECK(desk.ask(session, "GET", "/beheer/v1/doelen").status == 401);
  const auto busy = desk.session(AccountRole::fg);
  const std::int64_t began = desk.now;
  while (desk.now - began < session_most) {
    desk.now += session_idle - 10;
    if (desk.now - began < session_most) CHECK(desk.ask(busy, "GET", "/beheer/v1/doelen").status == 200);
  }
  desk.now = began + session_most + 1;
  CHECK(desk.ask(busy, "GET", "/beheer/v1/doelen").status == 401);
  const auto hasty = desk.session(AccountRole::fg);
  int refused = 0;
  for (int i = 0; i < 700; ++i) refused += desk.ask(hasty, "GET", "/beheer/v1/sessies/huidige").status == 429 ? 1 : 0;
  CHECK(refused == 100);
  desk.now += 61;
  CHECK(desk.ask(hasty, "GET", "/beheer/v1/sessies/huidige").status == 200);
}

TEST_CASE("a store of the version before opens, with everything in it") {
  const test::Folder folder;
  const std::string file = folder.path() + "/registers.sqlite";
  RegisterEvents::create(file);
  {
    // As version 1 made it: without proposals.
    Database old(file, Database::Mode::write);
    old.execute(
        "DROP TRIGGER proposal_event_next; DROP TRIGGER proposal_event_kept; DROP TRIGGER proposal_event_fixed; "
        "DROP TABLE proposal_event; PRAGMA user_version=0;");
    old.execute("INSERT INTO event VALUES(1, 5, 'jan', 'beheerder', 'reden', 'organisation', 'x', 0, 'oin = 1')");
  }
  CHECK(RegisterEvents(file, Database::Mode::read).version() == 1);  // to look at, as it is
  RegisterEvents next(file, Database::Mode::write);
  CHECK(next.version() == 1);
  CHECK(next.all().front().author == "jan");
  ProposalEvent event;
  event.proposal = "v-1";
  event.content = "x";
  CHECK(next.append(event, 0) == 1);
  CHECK_FALSE(next.append(event, 0));  // somebody was faster
  CHECK(next.proposals_after(0).size() == 1);
  Database(file, Database::Mode::write).execute("PRAGMA user_version=99");
  CHECK_THROWS_WITH(RegisterEvents(file, Database::Mode::read), Catch::Contains("later version"));
}
