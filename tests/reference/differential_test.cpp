// The engine beside the reference on random worlds. KOPPELPOORT_RANDOM_CASES sets how many (10000000 in the long run),
// KOPPELPOORT_RANDOM_SEED where to begin; a difference prints its seed.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "policies/decide.hpp"
#include "policies/explain.hpp"
#include "tests/reference/random_world.hpp"
#include "tests/reference/reference_decider.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

constexpr std::uint64_t exchanges_of_a_world = 20;

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::uint64_t random_cases() { return number("KOPPELPOORT_RANDOM_CASES", 100'000); }

std::string listed(const reference::Outcome& outcome) {
  std::string text(name_of(outcome.verdict));
  for (const int code : outcome.codes) text += " KP-" + std::to_string(code);
  text += "; allowed";
  for (const auto& id : outcome.allowed) text += " " + id;
  text += "; without basis";
  for (const auto& id : outcome.without_basis) text += " " + id;
  return text;
}

bool same(const reference::Outcome& a, const reference::Outcome& b) {
  return a.verdict == b.verdict && a.allowed == b.allowed && a.without_basis == b.without_basis && a.codes == b.codes;
}

}  // namespace

TEST_CASE("engine and reference agree on random worlds") {
  const Knowledge& knowledge = *test::knowledge();
  const std::uint64_t cases = random_cases();
  const std::uint64_t first = number("KOPPELPOORT_RANDOM_SEED", 1);
  std::uint64_t verdicts[3] = {}, differences = 0;
  for (std::uint64_t seed = first; seed < first + cases / exchanges_of_a_world; ++seed) {
    reference::RandomWorld world(knowledge, seed);
    Problems problems;
    const auto snapshot = Snapshot::compile(test::knowledge(), world.registers, 1, world.settings, problems);
    INFO("seed " << seed << ": " << to_text(problems));
    REQUIRE(snapshot != nullptr);
    for (std::uint64_t i = 0; i < exchanges_of_a_world; ++i) {
      const Exchange exchange = world.exchange();
      const Decision decision = decide(*snapshot, exchange);
      const auto ours = reference::comparable(knowledge, exchange, decision);
      const auto theirs = reference::decide(knowledge, world.registers, world.settings, exchange);
      ++verdicts[static_cast<int>(theirs.verdict)];
      if (same(ours, theirs)) continue;
      if (++differences <= 5)
        FAIL_CHECK("seed " << seed << ", exchange " << i << "\n  engine:    " << listed(ours)
                           << "\n  reference: " << listed(theirs));
    }
  }
  std::cout << "differential: " << cases << " exchanges from seed " << first << ": " << verdicts[0] << " permitted, "
            << verdicts[1] << " minimised, " << verdicts[2] << " blocked; " << differences << " differences\n";
  CHECK(differences == 0);
  CHECK(verdicts[0] > cases / 50);
  CHECK(verdicts[1] > cases / 100);
}

namespace {

// Runs `check` with worlds that compile; prints the seed on a failure. Fewer where fewer random cases are asked for.
template <typename Check>
void in_worlds(std::uint64_t count, Check check) {
  count = std::min(count, count * random_cases() / 100'000);
  for (std::uint64_t seed = 1'000'000; seed < 1'000'000 + count; ++seed) {
    reference::RandomWorld world(*test::knowledge(), seed);
    const Exchange exchange = world.exchange();
    INFO("seed " << seed);
    check(world, exchange);
  }
}

std::shared_ptr<const Snapshot> compiled(const Registers& registers, const Settings& settings) {
  Problems problems;
  return Snapshot::compile(test::knowledge(), registers, 1, settings, problems);
}

bool same_bytes(const Decision& a, const Decision& b) {
  return a.verdict == b.verdict && a.kind == b.kind && a.findings == b.findings && a.allowed == b.allowed &&
         a.bases == b.bases && a.related_persons == b.related_persons && a.catalogue == b.catalogue;
}

}  // namespace

TEST_CASE("taking something away never allows more") {
  in_worlds(3'000, [](reference::RandomWorld& world, const Exchange& exchange) {
    const auto allowed = [&](const Registers& registers) {
      const auto snapshot = compiled(registers, world.settings);
      return snapshot == nullptr ? ElementSet{} : decide(*snapshot, exchange).allowed;
    };
    const ElementSet before = allowed(world.registers);
    const auto never_more = [&](const Registers& changed) { CHECK((allowed(changed) & ~before).none()); };
    for (const auto& [id, each] : world.registers.necessities) {
      Registers changed = world.registers;
      changed.necessities.erase(id);
      // One source less may end the need of a linkage; what is asked of this source must not become more for that.
      if (each.purpose == exchange.purpose && each.service == exchange.service) never_more(changed);
    }
    for (const auto& [id, each] : world.registers.linkages) {
      Registers changed = world.registers;
      changed.linkages.erase(id);
      never_more(changed);
    }
    for (auto& [id, each] : world.registers.purposes) {
      Registers changed = world.registers;
      changed.purposes.at(id).approval.reset();
      never_more(changed);
      for (std::size_t i = 0; i < each.bases.size(); ++i) {
        changed = world.registers;
        auto& bases = changed.purposes.at(id).bases;
        bases.erase(bases.begin() + static_cast<std::ptrdiff_t>(i));
        never_more(changed);
      }
      for (std::size_t i = 0; i < each.evidence.size(); ++i) {
        changed = world.registers;
        auto& evidence = changed.purposes.at(id).evidence;
        evidence.erase(evidence.begin() + static_cast<std::ptrdiff_t>(i));
        never_more(changed);
      }
    }
  });
}

TEST_CASE("a noble aim changes no byte") {
  in_worlds(3'000, [](reference::RandomWorld& world, const Exchange& exchange) {
    Registers praised = world.registers;
    for (auto& [id, purpose] : praised.purposes) {
      purpose.title = purpose.title_en = "Mensen helpen die het zwaar hebben";
      purpose.description = "Het doel is nobel, de nood is hoog en niemand heeft er last van.";
    }
    for (auto& [id, linkage] : praised.linkages) linkage.title = "Armoede bestrijden";
    for (auto& [id, algorithm] : praised.algorithms) algorithm.title = "Eerlijke kansen";
    CHECK(same_bytes(decide(*compiled(world.registers, world.settings), exchange),
                     decide(*compiled(praised, world.settings), exchange)));
  });
}

TEST_CASE("what has nothing to do with it changes nothing") {
  in_worlds(3'000, [](reference::RandomWorld& world, const Exchange& exchange) {
    Registers more = world.registers;
    Organisation stranger{test::gate_oin, "v", "x", {}, {}};
    more.organisations[stranger.oin] = stranger;
    Service service = more.services.at("s1");
    service.id = service.source = "s9";
    service.path = "/s9";
    more.services["s9"] = service;
    Purpose purpose = more.purposes.at("p1");
    purpose.id = "p9";
    purpose.controller = stranger.oin;
    more.purposes["p9"] = purpose;
    CHECK(same_bytes(decide(*compiled(world.registers, world.settings), exchange),
                     decide(*compiled(more, world.settings), exchange)));
  });
}

TEST_CASE("an explanation agrees with its verdict, and what it proposes lifts what it is about") {
  std::size_t proposed = 0;
  in_worlds(1'500, [&](reference::RandomWorld& world, const Exchange& exchange) {
    const auto snapshot = compiled(world.registers, world.settings);
    const Decision decision = decide(*snapshot, exchange);
    const Explanation explanation = explain(*snapshot, exchange, decision);
    CHECK(explanation.verdict == decision.verdict);
    CHECK(explanation.reasons.size() == decision.findings.size());
    CHECK((decision.verdict == Verdict::block) == (decision.primary() != nullptr));
    CHECK((decision.verdict == Verdict::block) == (decision.kind != BlockKind::none));
    if (decision.verdict == Verdict::block) CHECK(decision.allowed.none());
    if (decision.verdict == Verdict::permit) CHECK(explanation.remedies.empty());
    for (const auto& element : explanation.elements)
      if (element.passes) CHECK(element.because.empty());
    proposed += explanation.remedies.size();
  });
  CHECK(proposed > 10);
}
