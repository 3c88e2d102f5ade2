// Properties of the decision, named as sentences (decision model, section 7). The scenarios of tests/scenarios say
// what single cases must come out like.
#include "policies/decide.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

const Settings accepting{{Confidence::verified, Confidence::verified_2017}};

std::shared_ptr<const Snapshot> compiled(Registers registers, const Settings& settings = accepting) {
  Problems problems;
  auto snapshot = Snapshot::compile(test::knowledge(), std::move(registers), 1, settings, problems);
  INFO(to_text(problems));
  REQUIRE(snapshot != nullptr);
  return snapshot;
}

ElementIndex element(const char* id) { return *test::knowledge()->taxonomy.find(id); }

const std::vector<std::string> necessary{"persoon.burgerservicenummer", "persoon.naam.voornamen",
                                         "persoon.geboorte.datum"};

Registers usual(const std::string& excess = "minimise") {
  return test::registers_of(test::brp_registers(1, necessary, excess));
}

Exchange asking(const std::vector<const char*>& elements) {
  Exchange exchange;
  exchange.at = *parse_instant("2026-11-25T10:00:00Z");
  exchange.consumer = test::caller_oin;
  exchange.service = "brp";
  exchange.purpose = "doel";
  for (const char* id : elements) exchange.elements.push_back({element(id), Use::deliver, {}});
  return exchange;
}

bool has(const Decision& decision, Code code) {
  return std::ranges::any_of(decision.findings,
                             [&](const Finding& each) { return each.code == code && each.effect != Effect::note; });
}

bool same(const Decision& a, const Decision& b) {
  return a.verdict == b.verdict && a.kind == b.kind && a.findings == b.findings && a.allowed == b.allowed &&
         a.bases == b.bases;
}

}  // namespace

TEST_CASE("the usual exchange is permitted and names its bases") {
  const auto snapshot = compiled(usual());
  const Decision decision = decide(*snapshot, asking({"persoon.naam.voornamen"}));
  CHECK(decision.verdict == Verdict::permit);
  CHECK(decision.allowed.count() == 1);
  CHECK(std::ranges::find(decision.bases, "brp-3-2-autorisatiebesluit") != decision.bases.end());
}

TEST_CASE("an empty register permits nothing") {
  const auto snapshot = compiled({});
  for (std::size_t i = 0; i < test::knowledge()->taxonomy.elements.size(); ++i) {
    Exchange exchange = asking({});
    exchange.elements.push_back({static_cast<ElementIndex>(i), Use::deliver, {}});
    REQUIRE(decide(*snapshot, exchange).verdict == Verdict::block);
  }
}

TEST_CASE("each thing that is missing blocks with its own code") {
  const auto code_when = [](const auto& change) {
    Registers registers = usual();
    Exchange exchange = asking({"persoon.naam.voornamen"});
    Settings settings = accepting;
    change(registers, exchange, settings);
    const Decision decision = decide(*compiled(std::move(registers), settings), exchange);
    CHECK(decision.verdict == Verdict::block);
    CHECK(decision.allowed.none());
    return decision.primary()->code;
  };
  const auto purpose = [](Registers& registers) -> Purpose& { return registers.purposes.at("doel"); };
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.consumer.clear(); }) == Code::identity_missing);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.consumer = test::other_oin; }) ==
        Code::organisation_unknown);
  CHECK(code_when([](Registers& r, Exchange&, Settings&) {
          r.organisations.at(test::caller_oin).active.until = *parse_date("2026-01-01");
        }) == Code::organisation_unknown);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.on_behalf_of = test::provider_oin; }) ==
        Code::mandate_missing);
  CHECK(code_when([](Registers& r, Exchange&, Settings&) { r.organisations.at(test::caller_oin).roles.clear(); }) ==
        Code::role_mismatch);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.transport = Transport::tls; }) == Code::security_profile);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.training_valid_until = *parse_date("2026-11-24"); }) ==
        Code::security_profile);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.service = "geen"; }) == Code::service_unknown);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.purpose.clear(); }) == Code::purpose_missing);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.purpose = "wij willen mensen helpen"; }) ==
        Code::purpose_unknown);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).controller = test::provider_oin; }) ==
        Code::role_mismatch);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).state = PurposeState::submitted; }) ==
        Code::purpose_not_approved);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) {
          purpose(r).approval->signed_at = *parse_instant("2026-11-25T10:00:01Z");
        }) == Code::purpose_not_approved);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).valid.until = *parse_date("2026-11-25"); }) ==
        Code::purpose_expired);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).review_by = *parse_date("2026-11-24"); }) ==
        Code::purpose_expired);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).state = PurposeState::suspended; }) ==
        Code::purpose_suspended);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).goal = "marketing"; }) ==
        Code::marketing_purpose);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).bases.clear(); }) == Code::no_legal_basis);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) {
          purpose(r).goal = "schuldhulpverlening";
          purpose(r).bases = {"wet-suwi-62"};
        }) == Code::no_legal_basis);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).relies_on_consent = true; }) ==
        Code::consent_not_free);
  CHECK(code_when([](Registers&, Exchange& e, Settings&) { e.volume = Volume::population; }) == Code::bulk_not_allowed);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).evidence.clear(); }) == Code::condition_not_met);
  CHECK(code_when([](Registers&, Exchange&, Settings& s) { s.accepted.clear(); }) == Code::basis_not_released);
  CHECK(code_when([](Registers& r, Exchange&, Settings&) { r.necessities.clear(); }) == Code::data_excess);
  CHECK(code_when([](Registers& r, Exchange&, Settings&) {
          r.necessities.at("n").proportionality = "voor de volledigheid gevraagd";
        }) == Code::necessity_not_motivated);
  CHECK(code_when([](Registers& r, Exchange&, Settings&) {
          r.necessities.at("n").review_by = *parse_date("2026-11-24");
        }) == Code::necessity_not_motivated);
  CHECK(code_when([](Registers& r, Exchange& e, Settings&) {
          r.necessities.at("n").per_person_per_month = 2;
          e.history.same_person_this_month = 2;
        }) == Code::frequency_exceeded);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).relation_checked = true; }) ==
        Code::no_client_relation);
  CHECK(code_when([&](Registers& r, Exchange&, Settings&) { purpose(r).retention_months.reset(); }) ==
        Code::retention_exceeded);
}

TEST_CASE("a person number needs a ground that is named, and no other entry can stand in for it") {
  Registers registers = usual();
  Exchange exchange = asking({"persoon.naam.voornamen"});
  exchange.elements.push_back({element("persoon.burgerservicenummer"), Use::search, {}});
  CHECK(decide(*compiled(registers), exchange).verdict == Verdict::permit);
  registers.purposes.at("doel").bases = {"brp-1-7-verplicht-gebruik", "brp-3-2-autorisatiebesluit"};
  const Decision decision = decide(*compiled(registers), exchange);
  CHECK(decision.verdict == Verdict::block);  // what is searched by cannot be left out
  CHECK(has(decision, Code::bsn_not_allowed));
}

TEST_CASE(
    "cover is never assembled from halves: a giving flow and a collecting flow of different reach do not add up") {
  Registers registers = usual();
  registers.purposes.at("doel").bases = {"brp-1-7-verplicht-gebruik", "wabb-10-12-bsn"};  // only collects
  const Decision decision = decide(*compiled(registers), asking({"persoon.naam.voornamen"}));
  CHECK(decision.verdict == Verdict::block);
  CHECK(has(decision, Code::no_legal_basis));
}

TEST_CASE("excess blocks by default and is cut where the purpose says so") {
  const auto ask = asking({"persoon.naam.voornamen", "persoon.naam.geslachtsnaam"});
  const Decision cut = decide(*compiled(usual("minimise")), ask);
  CHECK(cut.verdict == Verdict::minimise);
  CHECK(cut.allowed.count() == 1);
  CHECK(decide(*compiled(usual("block")), ask).verdict == Verdict::block);
  Registers registers = usual("minimise");
  registers.services.at("brp").essential = {"persoon.naam.geslachtsnaam"};
  CHECK(decide(*compiled(registers), ask).verdict == Verdict::block);
}

TEST_CASE("what cannot be understood is never left out of the question") {
  Exchange exchange = asking({"persoon.naam.voornamen"});
  exchange.elements.push_back({std::nullopt, Use::search, "kleur"});
  CHECK(decide(*compiled(usual()), exchange).verdict == Verdict::block);
}

TEST_CASE("data about others pass only where the purpose names them") {
  Registers registers =
      test::registers_of(test::brp_registers(1, {"persoon.naam.voornamen", "partner.naam.voornamen"}));
  const auto ask = asking({"persoon.naam.voornamen", "partner.naam.voornamen"});
  CHECK(decide(*compiled(registers), ask).verdict == Verdict::permit);
  registers.purposes.at("doel").related_persons.clear();
  const Decision decision = decide(*compiled(registers), ask);
  CHECK(decision.verdict == Verdict::minimise);
  CHECK(has(decision, Code::other_person_removed));
}

TEST_CASE("the text about an aim is no input of any decision") {
  Registers registers = usual();
  const auto ask = asking({"persoon.naam.voornamen", "persoon.naam.geslachtsnaam"});
  const Decision before = decide(*compiled(registers), ask);
  registers.purposes.at("doel").description = "Dit is voor een heel goed doel en moet echt altijd mogen.";
  registers.purposes.at("doel").title = "Iets anders";
  CHECK(same(before, decide(*compiled(registers), ask)));
}

TEST_CASE("biometrics before and after 1 September 2026 ask for another weighing") {
  const Entry& entry = *test::knowledge()->catalogue.find("uavg-29-biometrie");
  const auto asked = [&](const char* day) {
    return std::ranges::count_if(
        entry.conditions, [&](const Condition& each) { return each.asked_on(*parse_date(day), Volume::single); });
  };
  CHECK(asked("2026-08-31") >= 1);
  CHECK(asked("2026-09-01") == asked("2026-08-31") + 1);
}

TEST_CASE("taking away never allows more, and an unrelated entry changes nothing") {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  INFO("seed " << seed);
  const auto& elements = test::knowledge()->taxonomy.elements;
  std::uniform_int_distribution<std::size_t> any_element(0, 129);  // the BRP part
  std::size_t passed = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> motivated{"persoon.burgerservicenummer"};
    for (int i = 0; i < 12; ++i) {
      std::string id = elements[any_element(random)].id;
      if (std::ranges::find(motivated, id) == motivated.end()) motivated.push_back(std::move(id));
    }
    Registers registers = test::registers_of(test::brp_registers(1, motivated));
    Exchange exchange = asking({});
    for (int i = 0; i < 8; ++i)
      exchange.elements.push_back({static_cast<ElementIndex>(any_element(random)), Use::deliver, {}});
    for (int i = 0; i < 4; ++i)
      exchange.elements.push_back({element(motivated[static_cast<std::size_t>(i) + 1].c_str()), Use::deliver, {}});
    const Decision before = decide(*compiled(registers), exchange);
    REQUIRE(same(before, decide(*compiled(registers), exchange)));
    passed += before.verdict != Verdict::block ? 1u : 0u;

    Registers more = registers;
    more.organisations[test::other_oin] = {test::other_oin, "Vreemde", "gemeente", {}, {{"uwv", {}}}};
    more.purposes["ander"] = more.purposes.at("doel");
    more.purposes["ander"].id = "ander";
    REQUIRE(same(before, decide(*compiled(more), exchange)));

    Registers fewer = registers;
    switch (round % 5) {
      case 0: fewer.necessities.at("n").elements.pop_back(); break;
      case 1: fewer.purposes.at("doel").bases.pop_back(); break;
      case 2: fewer.purposes.at("doel").state = PurposeState::draft; break;
      case 3: fewer.purposes.at("doel").evidence.clear(); break;
      default:
        fewer.services.at("brp").elements.erase(fewer.services.at("brp").elements.begin(),
                                                fewer.services.at("brp").elements.begin() + 20);
        break;
    }
    const Decision after = decide(*compiled(fewer), exchange);
    REQUIRE((after.allowed & ~before.allowed).none());
  }
  REQUIRE(passed > 50);  // the property says nothing when all is blocked
}

namespace {

// The usual registers under a catalogue in which one text of one law file reads otherwise.
std::shared_ptr<const Snapshot> under_changed_law(const std::string& file, const std::string& from,
                                                  const std::string& to, Registers registers = usual()) {
  Texts texts = test::knowledge()->texts;
  std::string& text = texts.at("legal_bases/catalogue/" + file);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  Problems problems;
  const auto knowledge = read_knowledge(std::move(texts), problems);
  INFO(to_text(problems));
  REQUIRE(knowledge != nullptr);
  auto snapshot = Snapshot::compile(knowledge, std::move(registers), 1, accepting, problems);
  REQUIRE(snapshot != nullptr);
  return snapshot;
}

// The flow of brp-3-2 with a line more.
std::shared_ptr<const Snapshot> with_flow_line(const std::string& line) {
  const std::string flow = "[[entry.flow]]\nside = \"both\"\nfrom = [\"rvig\"]\nto = [\n  \"gemeente-college-pw\"";
  return under_changed_law("wet-brp.toml", flow, "[[entry.flow]]\n" + line + flow.substr(flow.find('\n') + 1));
}

const Finding* find(const Decision& decision, Code code) {
  const auto at = std::ranges::find_if(
      decision.findings, [&](const Finding& each) { return each.code == code && each.effect != Effect::note; });
  return at == decision.findings.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("a law's own look-back: to the day, at the end of short months, and never without a beginning") {
  const auto snapshot = with_flow_line("look_back_months = 1\n");
  const auto asked = [&](const char* at, const char* from) {
    Exchange exchange = asking({"persoon.naam.voornamen"});
    exchange.at = *parse_instant(at);
    exchange.period = Period{from == nullptr ? std::nullopt : parse_date(from), std::nullopt};
    return has(decide(*snapshot, exchange), Code::retention_exceeded);
  };
  CHECK_FALSE(asked("2026-11-25T10:00:00Z", "2026-10-25"));
  CHECK(asked("2026-11-25T10:00:00Z", "2026-10-24"));
  CHECK(asked("2026-11-25T10:00:00Z", nullptr));
  // A month before 31 March is the last day of February.
  CHECK_FALSE(asked("2026-03-31T10:00:00Z", "2026-02-28"));
  CHECK(asked("2026-03-31T10:00:00Z", "2026-02-27"));
  Exchange without_period = asking({"persoon.naam.voornamen"});
  CHECK_FALSE(has(decide(*snapshot, without_period), Code::retention_exceeded));
}

TEST_CASE("law that does not hold that day says how: a bill, not yet, over, struck down, or not known") {
  const std::string held =
      "[[entry.validity]]\nfrom = \"2014-01-06\"\nstate = \"in-force\"\ncertainty = \"law\"\n\n[[entry.condition]]\n"
      "id = \"autorisatiebesluit\"";
  const std::string rest = "\n[[entry.condition]]\nid = \"autorisatiebesluit\"";
  const auto detail_of = [&](const std::string& validity, Code code) {
    const auto snapshot = under_changed_law("wet-brp.toml", held, validity + rest);
    const Decision decision = decide(*snapshot, asking({"persoon.naam.voornamen"}));
    const Finding* finding = find(decision, code);
    INFO(validity);
    REQUIRE(finding != nullptr);
    CHECK(finding->subject == "brp-3-2-autorisatiebesluit");
    return finding->detail;
  };
  const auto interval = [](const char* from, const char* state, const char* certainty, const std::string& more = {}) {
    return "[[entry.validity]]\nfrom = \"" + std::string(from) + "\"\nstate = \"" + state + "\"\ncertainty = \"" +
           certainty + "\"\n" + more;
  };
  CHECK(detail_of(interval("2026-01-01", "pending", "bill"), Code::basis_not_in_force) == "a bill, seen on 2026-01-01");
  CHECK(detail_of(interval("2027-01-01", "in-force", "law"), Code::basis_not_in_force) == "from 2027-01-01");
  CHECK(detail_of(interval("2027-01-01", "in-force", "seen"), Code::basis_not_in_force) ==
        "not known before 2027-01-01");
  CHECK(detail_of(interval("2020-01-01", "repealed", "law"), Code::basis_expired) == "2020-01-01");
  CHECK(detail_of(interval("2020-01-01", "in-force", "law", "until = \"2021-01-01\"\n"), Code::basis_expired) ==
        "2026-11-25");
  CHECK(detail_of(interval("2020-01-01", "disapplied", "judgment", "evidence = \"ECLI:NL:X:2020:1\"\n"),
                  Code::basis_disapplied) == "ECLI:NL:X:2020:1");
}

TEST_CASE("law that is gone is named for this very task and role, and for no other") {
  const auto named = [](const char* goal, const char* role) {
    Registers registers = usual();
    Purpose& purpose = registers.purposes.at("doel");
    purpose.goal = goal;
    purpose.role = role;
    purpose.bases.push_back("pw-35-4-energietoeslag");
    const Decision decision = decide(*compiled(std::move(registers)), asking({"vermogen.bezittingen"}));
    return has(decision, Code::basis_expired);
  };
  const Entry& gone = *test::knowledge()->catalogue.find("pw-35-4-energietoeslag");
  const auto& words = test::knowledge()->catalogue.words;
  const std::string goal = words.goals[gone.flows.front().goals._Find_first()].id;
  const std::string role = words.roles[gone.flows.front().to._Find_first()].id;
  CHECK(named(goal.c_str(), role.c_str()));
  CHECK_FALSE(named("wmo-uitvoering", role.c_str()));
  CHECK_FALSE(named(goal.c_str(), "gemeente-college-wmo"));
}

TEST_CASE("every duty of secrecy counts by itself: two that bind the same provider keep back both their data") {
  const auto duty = [](const char* id, const char* category) {
    return "[[entry]]\nid = \"" + std::string(id) +
           "\"\nkind = \"secrecy-gate\"\ntier = 1\narticle = \"1\"\nconfidence = \"verified\"\nsource = \"s\"\n"
           "purpose = \"p\"\ndata = \"d\"\nlimits = \"l\"\ngdpr6 = []\nnature = [\"prohibition\"]\n"
           "enforced_by = [\"KP-311\"]\n[[entry.validity]]\nfrom = \"2008-01-01\"\nstate = \"in-force\"\n"
           "certainty = \"law\"\n[entry.secrecy]\nbinds = [\"rvig\"]\ncategories = [\"" +
           category + "\"]\nlifted_by = [\"named\"]\n\n";
  };
  const std::string first = "[[entry]]\n";
  const auto snapshot = under_changed_law(
      "wet-brp.toml", first,
      duty("geheim-a", "adres") + duty("geheim-b", "huishouden") + duty("geheim-c", "nationaliteit-verblijf") + first);
  const Decision name = decide(*snapshot, asking({"persoon.naam.voornamen"}));
  CHECK(name.verdict == Verdict::permit);
  Registers registers = usual();
  const auto& taxonomy = test::knowledge()->taxonomy;
  for (const char* category : {"adres", "huishouden", "nationaliteit-verblijf"}) {
    const auto& of = taxonomy.of_category[*test::knowledge()->catalogue.words.category(category)];
    const std::string id = taxonomy.elements[of._Find_first()].id;
    INFO(id);
    CHECK(has(decide(*snapshot, asking({id.c_str()})), Code::secrecy_duty));
  }
}

TEST_CASE("the FG in time: on the day itself is in time, a day later is not") {
  const auto late = [](const auto& change) {
    Registers registers = usual();
    Purpose& purpose = registers.purposes.at("doel");
    purpose.started = *parse_date("2020-01-01");  // the day of the advice
    change(purpose);
    return has(decide(*compiled(std::move(registers)), asking({"persoon.naam.voornamen"})), Code::fg_not_involved);
  };
  const Date day = *parse_date("2020-01-01"), next = day + std::chrono::days{1};
  CHECK_FALSE(late([](Purpose&) {}));
  CHECK(late([&](Purpose& purpose) { purpose.started = day - std::chrono::days{1}; }));
  CHECK_FALSE(late([&](Purpose& purpose) { purpose.changed = day; }));
  CHECK(late([&](Purpose& purpose) { purpose.changed = next; }));
  CHECK_FALSE(late([&](Purpose& purpose) { purpose.fg_involved_since = day; }));
  CHECK(late([&](Purpose& purpose) { purpose.fg_involved_since = next; }));
}

TEST_CASE("a permit says which of its bases no lawyer has released, and is silent about those that one has") {
  const auto noted = [](const Snapshot& snapshot) {
    const Decision decision = decide(snapshot, asking({"persoon.naam.voornamen"}));
    CHECK(decision.verdict == Verdict::permit);
    return std::ranges::any_of(decision.findings, [](const Finding& each) {
      return each.code == Code::basis_not_released && each.effect == Effect::note &&
             each.subject == "brp-3-2-autorisatiebesluit";
    });
  };
  CHECK(noted(*compiled(usual())));
  const std::string entry = "id = \"brp-3-2-autorisatiebesluit\"",
                    text = test::knowledge()->texts.at("legal_bases/catalogue/wet-brp.toml");
  const std::size_t from = text.find(entry), confidence = text.find("confidence = \"verified-2017\"", from);
  const std::string before = text.substr(from, confidence - from);
  CHECK_FALSE(noted(*under_changed_law("wet-brp.toml", before + "confidence = \"verified-2017\"",
                                       before + "confidence = \"released\"")));
}

TEST_CASE("a duty of secrecy that a condition of the law lifts is lifted by a flow that has one") {
  const std::string duty =
      "[[entry]]\nid = \"geheim-a\"\nkind = \"secrecy-gate\"\ntier = 1\narticle = \"1\"\nconfidence = \"verified\"\n"
      "source = \"s\"\npurpose = \"p\"\ndata = \"d\"\nlimits = \"l\"\ngdpr6 = []\nnature = [\"prohibition\"]\n"
      "enforced_by = [\"KP-311\"]\n[[entry.validity]]\nfrom = \"2008-01-01\"\nstate = \"in-force\"\n"
      "certainty = \"law\"\n[entry.secrecy]\nbinds = [\"rvig\"]\ncategories = [\"identiteit\"]\n"
      "lifted_by = [\"statutory-condition\"]\n\n[[entry]]\n";
  const auto snapshot = under_changed_law("wet-brp.toml", "[[entry]]\n", duty);
  CHECK(decide(*snapshot, asking({"persoon.naam.voornamen"})).verdict == Verdict::permit);  // its flow has a condition
}

TEST_CASE("of the grounds that are named for the person number the nearest says why it does not count") {
  const auto finding_with = [](std::vector<std::string> grounds, Confidence accepted) {
    Registers registers = usual();
    auto& bases = registers.purposes.at("doel").bases;
    std::erase(bases, "wabb-10-12-bsn");
    bases.insert(bases.end(), grounds.begin(), grounds.end());
    Problems problems;
    const auto snapshot = Snapshot::compile(test::knowledge(), std::move(registers), 1,
                                            {{Confidence::verified_2017, accepted}, false, {}}, problems);
    REQUIRE(snapshot != nullptr);
    const Decision decision = decide(*snapshot, asking({"persoon.burgerservicenummer"}));
    const auto at = std::ranges::find_if(decision.findings, [](const Finding& each) {
      return each.effect == Effect::removes &&
             (each.code == Code::bsn_not_allowed || each.code == Code::basis_not_released);
    });
    REQUIRE(at != decision.findings.end());
    return std::pair(at->code, at->subject);
  };
  // pw-68-bsn is for this task and not released here; wgs-8c-bsn is for another.
  REQUIRE(test::knowledge()->catalogue.find("pw-68-bsn")->confidence == Confidence::verified);
  const std::pair unreleased{Code::basis_not_released, std::string("pw-68-bsn")};
  CHECK(finding_with({"pw-68-bsn", "wgs-8c-bsn"}, Confidence::verified_2017) == unreleased);
  CHECK(finding_with({"wgs-8c-bsn", "pw-68-bsn"}, Confidence::verified_2017) == unreleased);
  CHECK(finding_with({"wgs-8c-bsn"}, Confidence::verified) ==
        std::pair(Code::bsn_not_allowed, std::string("wgs-8c-bsn")));
  CHECK(finding_with({}, Confidence::verified).first == Code::bsn_not_allowed);
}

TEST_CASE("a catalogue without the rule on biometrics lets none pass") {
  const auto snapshot = under_changed_law("uavg.toml", "id = \"uavg-29-biometrie\"", "id = \"uavg-29-anders\"");
  const auto& of = test::knowledge()->taxonomy.of_category[*test::knowledge()->catalogue.words.category("biometrie")];
  const std::string id = test::knowledge()->taxonomy.elements[of._Find_first()].id;
  CHECK(has(decide(*snapshot, asking({id.c_str()})), Code::biometric_not_necessary));
}

TEST_CASE("a period that ends on the first day that may be asked about is wholly too old") {
  Registers registers = usual();
  registers.purposes.at("doel").look_back_months = 3;
  const auto snapshot = compiled(std::move(registers));
  const auto verdict_until = [&](const char* until) {
    Exchange exchange = asking({"persoon.naam.voornamen"});
    exchange.period = Period{parse_date("2026-01-01"), parse_date(until)};
    return decide(*snapshot, exchange).verdict;
  };
  CHECK(verdict_until("2026-08-25") == Verdict::block);  // half-open: the day itself is not asked
  CHECK(verdict_until("2026-08-26") == Verdict::minimise);
}
