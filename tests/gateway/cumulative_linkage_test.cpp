// Linkages split over days, purposes, staff and processors, among ordinary traffic: which are found, and whom does it
// hold up for nothing? The truth is computed from the plain list of what passed, by brute force.
#include <catch2/catch.hpp>
#include <iostream>
#include <random>
#include <set>

#include "gateway/exchange/person_history.hpp"
#include "policies/decide.hpp"
#include "policies/registers/events.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

constexpr int window = 30, days = 120, sources = 6;
constexpr const char* processor_oin = "00000099000000005000";

std::string source_name(std::size_t number) { return "bron-" + std::to_string(number); }

// One purpose a source, and two that may link: bron-0 with bron-1, bron-2 with bron-3. A processor may ask for all.
std::shared_ptr<const Snapshot> snapshot() {
  Problems problems;
  const std::vector<std::string> elements{"persoon.naam.voornamen"};
  const Registers base = test::registers_of(test::brp_registers(1, elements));
  Registers registers;
  registers.organisations = base.organisations;
  registers.organisations[processor_oin] = {processor_oin, "verwerker", "bureau", {}, {}};
  registers.mandates["m"] = {"m", test::caller_oin, processor_oin, {}, {}, "overeenkomst (fictief)"};
  const auto add_purpose = [&](const std::string& id, const std::vector<std::size_t>& numbers) {
    Purpose purpose = base.purposes.at("doel");
    purpose.id = id;
    std::vector<std::string> covers;
    for (const auto number : numbers) {
      Necessity necessity = base.necessities.at("n");
      necessity.id = id + source_name(number);
      necessity.purpose = id;
      necessity.service = source_name(number);
      registers.necessities[necessity.id] = necessity;
      covers.push_back(necessity.service);
    }
    for (auto& evidence : purpose.evidence)
      if (evidence.for_what == "dpia") evidence.covers = covers;
    registers.purposes[id] = purpose;
    if (numbers.size() < 2) return;
    Linkage linkage;
    linkage.id = linkage.title = "koppeling " + id;
    linkage.purposes = {id};
    linkage.sources.insert(covers.begin(), covers.end());
    linkage.join_key = "persoon.burgerservicenummer";
    linkage.proportionality = base.necessities.at("n").proportionality;
    linkage.subsidiarity = base.necessities.at("n").subsidiarity;
    linkage.state = PurposeState::active;
    linkage.approval = purpose.approval;
    registers.linkages[linkage.id] = linkage;
  };
  for (std::size_t i = 0; i < sources; ++i) {
    Service service = base.services.at("brp");
    service.id = service.source = source_name(i);
    service.path = "/" + service.id;
    registers.services[service.id] = service;
  }
  for (std::size_t i = 0; i < sources; ++i) add_purpose("doel-" + std::to_string(i), {i});
  add_purpose("samen-01", {0, 1});
  add_purpose("samen-23", {2, 3});
  Settings settings;
  settings.accepted = {Confidence::verified, Confidence::verified_2017};
  auto made = Snapshot::compile(test::knowledge(), registers, 1, settings, problems);
  INFO(to_text(problems));
  REQUIRE(made != nullptr);
  return made;
}

struct Passed {
  std::string person, source;
  int day = 0;
};

// Whether what the controller would hold together about the person lies within one approved linkage, or is one source.
bool lawful(const std::vector<Passed>& passed, const std::string& person, const std::string& source, int day) {
  std::set<std::string> together{source};
  for (const auto& each : passed)
    if (each.person == person && day - each.day < window) together.insert(each.source);
  if (together.size() == 1) return true;
  return together == std::set<std::string>{"bron-0", "bron-1"} || together == std::set<std::string>{"bron-2", "bron-3"};
}

}  // namespace

TEST_CASE("split linkages are held when their last part is asked, ordinary traffic is not (KP-602)") {
  const auto registers = snapshot();
  std::mt19937_64 random(20261125);
  const auto below = [&](std::size_t count) { return random() % count; };
  const Date first = *parse_date("2026-06-01");
  PersonHistory history(window);
  std::vector<Passed> passed;
  std::size_t asked = 0, held = 0, unlawful = 0, false_holds = 0, missed = 0;
  const auto ask = [&](int day, const std::string& person, const std::string& purpose, std::size_t number) {
    Exchange exchange;
    exchange.at = start_of(first + std::chrono::days{day}) + std::chrono::hours{9 + below(8)};
    const bool through_processor = below(3) == 0;
    exchange.consumer = through_processor ? processor_oin : test::caller_oin;
    if (through_processor) exchange.on_behalf_of = test::caller_oin;
    exchange.service = source_name(number);
    exchange.purpose = purpose;
    exchange.elements = {{test::knowledge()->taxonomy.find("persoon.naam.voornamen"), Use::deliver, {}}};
    const bool truth = lawful(passed, person, exchange.service, day);
    bool passes = false;
    history.with({exchange.service, purpose}, {{person, ""}}, dutch_date(exchange.at),
                 [&](const PersonHistory::Known& known) {
                   for (const auto& each : known.obtained)
                     exchange.history.obtained.push_back({each.service, each.purpose});
                   const Decision decision = decide(*registers, exchange);
                   passes = decision.verdict != Verdict::block;
                   for (const auto& finding : decision.findings)
                     if (!passes && finding.effect != Effect::note)
                       CHECK((finding.code == Code::cumulative_linkage || finding.code == Code::linkage_not_approved));
                   return passes;
                 });
    ++asked;
    held += passes ? 0u : 1u;
    unlawful += truth ? 0u : 1u;
    false_holds += truth && !passes ? 1u : 0u;
    missed += !truth && passes ? 1u : 0u;
    if (passes) passed.push_back({person, exchange.service, day});
  };
  for (int day = 0; day < days; ++day) {
    for (int i = 0; i < 30; ++i) {
      const std::string person = "p" + std::to_string(below(400));
      const std::size_t kind = below(10);
      if (kind < 4) {  // one purpose, one source
        const std::size_t number = below(sources);
        ask(day, person, "doel-" + std::to_string(number), number);
      } else if (kind < 8) {  // an approved linkage, in one go
        const bool low = below(2) == 0;
        ask(day, person, low ? "samen-01" : "samen-23", low ? 0 : 2);
        ask(day, person, low ? "samen-01" : "samen-23", low ? 1 : 3);
      } else {  // the parts of a linkage that nobody approved, each for its own purpose
        const std::size_t number = below(sources);
        ask(day, "q" + std::to_string(below(100)), "doel-" + std::to_string(number), number);
      }
    }
  }
  std::cout << "cumulative linkage: " << asked << " requests, " << unlawful
            << " would complete an unapproved linkage; held " << held << ", missed " << missed << ", held for nothing "
            << false_holds << "\n";
  CHECK(unlawful > 500);
  CHECK(missed == 0);
  CHECK(false_holds == 0);
}
