// The properties of section 7 of the decision model, under RapidCheck: random worlds, cut down to the smallest that
// still fails. RC_PARAMS sets how many and the seed (`max_success=2000 seed=…`); a failure prints it.
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "policies/decide.hpp"
#include "policies/explain.hpp"
#include "tests/reference/random_world.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

struct Case {
  std::uint64_t seed = 0;
  Registers registers;
  Settings settings;
  Exchange exchange;
};

std::shared_ptr<const Snapshot> compiled(const Registers& registers, const Settings& settings) {
  Problems problems;
  return Snapshot::compile(test::knowledge(), registers, 1, settings, problems);
}

Decision decided(const Case& each) { return decide(*compiled(each.registers, each.settings), each.exchange); }

bool same_bytes(const Decision& a, const Decision& b) {
  return a.verdict == b.verdict && a.kind == b.kind && a.findings == b.findings && a.allowed == b.allowed &&
         a.period == b.period && a.bases == b.bases && a.related_persons == b.related_persons &&
         a.catalogue == b.catalogue && a.strict_answer == b.strict_answer;
}

// What can be taken away from a world. Each returns one world less for everything that it finds.
template <typename Map>
void without_each(const Case& whole, Map Registers::*part, std::vector<Case>& out) {
  for (const auto& [id, each] : whole.registers.*part) {
    Case less = whole;
    (less.registers.*part).erase(id);
    out.push_back(std::move(less));
  }
}

template <typename List>
void without_each_of(const Case& whole, const std::string& purpose, List Purpose::*part, std::vector<Case>& out) {
  for (std::size_t i = 0; i < (whole.registers.purposes.at(purpose).*part).size(); ++i) {
    Case less = whole;
    auto& list = less.registers.purposes.at(purpose).*part;
    list.erase(std::next(list.begin(), static_cast<std::ptrdiff_t>(i)));
    out.push_back(std::move(less));
  }
}

// Everything that a lawful exchange leans on: less of it never allows more. Each is really less, so that cutting down a
// failing world ends.
std::vector<Case> with_less(const Case& whole) {
  std::vector<Case> all;
  without_each(whole, &Registers::linkages, all);
  without_each(whole, &Registers::mandates, all);
  for (const auto& [id, each] : whole.registers.necessities) {
    // One source less may end the need of a linkage; what is asked of this source must not become more for that.
    if (each.purpose != whole.exchange.purpose || each.service != whole.exchange.service) continue;
    Case less = whole;
    less.registers.necessities.erase(id);
    all.push_back(std::move(less));
  }
  for (const auto& [id, purpose] : whole.registers.purposes) {
    without_each_of(whole, id, &Purpose::bases, all);
    without_each_of(whole, id, &Purpose::evidence, all);
    without_each_of(whole, id, &Purpose::capacities, all);
    without_each_of(whole, id, &Purpose::related_persons, all);
    if (!purpose.approval) continue;
    Case less = whole;
    less.registers.purposes.at(id).approval.reset();
    all.push_back(std::move(less));
  }
  for (const auto& [oin, organisation] : whole.registers.organisations) {
    if (organisation.roles.empty()) continue;
    Case less = whole;
    less.registers.organisations.at(oin).roles.clear();
    all.push_back(std::move(less));
  }
  for (const Confidence confidence : whole.settings.accepted) {
    Case less = whole;
    less.settings.accepted.erase(confidence);
    all.push_back(std::move(less));
  }
  for (std::size_t i = 0; i < whole.exchange.evidence.size(); ++i) {
    Case less = whole;
    less.exchange.evidence.erase(less.exchange.evidence.begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(std::move(less));
  }
  for (std::size_t i = 0; i < whole.exchange.relations.size(); ++i) {
    Case less = whole;
    less.exchange.relations.erase(less.exchange.relations.begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(std::move(less));
  }
  return all;
}

}  // namespace

namespace rc {

template <>
struct Arbitrary<Case> {
  static Gen<Case> arbitrary() {
    const auto make = [](std::uint64_t seed) {
      reference::RandomWorld world(*test::knowledge(), seed);
      Case made{seed, {}, world.settings, world.exchange()};
      made.registers = std::move(world.registers);
      return made;
    };
    // Smaller worlds that still compile.
    return gen::shrink(gen::map(gen::noShrink(gen::arbitrary<std::uint64_t>()), make), [](const Case& whole) {
      std::vector<Case> smaller;
      for (auto& each : with_less(whole))
        if (compiled(each.registers, each.settings) != nullptr) smaller.push_back(std::move(each));
      for (std::size_t i = 0; whole.exchange.elements.size() > 1 && i < whole.exchange.elements.size(); ++i) {
        smaller.push_back(whole);
        auto& elements = smaller.back().exchange.elements;
        elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(i));
      }
      return seq::fromContainer(std::move(smaller));
    });
  }
};

}  // namespace rc

namespace {

void showValue(const Case& each, std::ostream& out) {
  out << "world of seed " << each.seed << ", " << to_text(each.exchange.at) << ", service " << each.exchange.service
      << ", purpose " << each.exchange.purpose << ", elements";
  for (const auto& asked : each.exchange.elements)
    out << " " << (asked.element ? test::knowledge()->taxonomy.elements[*asked.element].id : "(unknown)");
  for (const auto& [id, purpose] : each.registers.purposes) {
    out << "; " << id << " on";
    for (const auto& basis : purpose.bases) out << " " << basis;
  }
  const Decision decision = decided(each);
  out << "; " << name_of(decision.verdict);
  for (const auto& finding : decision.findings) out << " " << to_text(finding.code) << " " << finding.subject;
}

}  // namespace

TEST_CASE("an empty register permits nothing") {
  rc::prop("default deny", [](const Case& each) {
    const Decision decision = decide(*compiled({}, each.settings), each.exchange);
    RC_ASSERT(decision.verdict == Verdict::block);
    RC_ASSERT(decision.allowed.none());
  });
}

TEST_CASE("taking something away never allows more") {
  rc::prop("monotonicity", [](const Case& each) {
    const ElementSet before = decided(each).allowed;
    for (const auto& less : with_less(each)) {
      const auto snapshot = compiled(less.registers, less.settings);
      if (snapshot == nullptr) continue;  // a linkage without its purpose: refused as a whole
      RC_ASSERT((decide(*snapshot, less.exchange).allowed & ~before).none());
    }
  });
}

TEST_CASE("cover for one element is never assembled from halves") {
  rc::prop("one entry gives the whole and one takes the whole", [](const Case& each) {
    const Decision decision = decided(each);
    if (decision.verdict == Verdict::block) return;
    const auto bases = each.registers.purposes.at(each.exchange.purpose).bases;
    const Catalogue& catalogue = test::knowledge()->catalogue;
    const auto carries = [&](const std::string& giver, const std::string& taker, ElementIndex element) {
      Case pair = each;
      auto& kept = pair.registers.purposes.at(each.exchange.purpose).bases;
      // Grounds for the person number stand beside any entry.
      std::erase_if(kept, [&](const std::string& id) {
        return id != giver && id != taker && !(catalogue.find(id)->number && catalogue.find(id)->flows.empty());
      });
      pair.exchange.elements = {{element, Use::deliver, {}}};
      const auto findings = decided(pair).findings;
      return std::ranges::none_of(findings, [&](const Finding& finding) {
        const int code = static_cast<int>(finding.code);
        return finding.effect == Effect::removes && ((code > 300 && code < 313) || (code > 400 && code < 404));
      });
    };
    for (std::size_t i = decision.allowed._Find_first(); i < decision.allowed.size();
         i = decision.allowed._Find_next(i)) {
      bool whole = false;
      for (const auto& giver : bases)
        for (const auto& taker : bases) whole = whole || carries(giver, taker, static_cast<ElementIndex>(i));
      RC_ASSERT(whole);
    }
  });
}

TEST_CASE("a noble aim changes no byte") {
  rc::prop("noble-aim neutrality", [](const Case& each, const std::string& title, const std::string& aim) {
    Case praised = each;
    for (auto& [id, purpose] : praised.registers.purposes) {
      purpose.title = purpose.title_en = title;
      purpose.description = aim;
    }
    for (auto& [id, linkage] : praised.registers.linkages) linkage.title = aim;
    for (auto& [id, algorithm] : praised.registers.algorithms) algorithm.title = title;
    for (auto& [id, service] : praised.registers.services) service.title = aim;
    RC_ASSERT(same_bytes(decided(each), decided(praised)));
  });
}

TEST_CASE("what has nothing to do with it changes nothing") {
  rc::prop("unrelated entries", [](const Case& each) {
    Case more = each;
    Organisation stranger{test::gate_oin, "v", "x", {}, {}};
    more.registers.organisations[stranger.oin] = stranger;
    Service service = more.registers.services.at("s1");
    service.id = service.source = "s9";
    service.path = "/s9";
    more.registers.services["s9"] = service;
    Purpose purpose = more.registers.purposes.at("p1");
    purpose.id = "p9";
    purpose.controller = stranger.oin;
    more.registers.purposes["p9"] = purpose;
    more.registers.mandates["m9"] = {"m9", stranger.oin, test::provider_oin, {"p9"}, {}, "fictief"};
    RC_ASSERT(same_bytes(decided(each), decided(more)));
  });
}

TEST_CASE("the same question has the same answer, byte for byte, in whatever order its parts come") {
  rc::prop("replay", [](const Case& each) {
    const Decision decision = decided(each);
    RC_ASSERT(same_bytes(decision, decided(each)));
    Case turned = each;
    std::ranges::reverse(turned.exchange.elements);
    std::ranges::reverse(turned.exchange.evidence);
    std::ranges::reverse(turned.exchange.relations);
    std::ranges::reverse(turned.exchange.history.obtained);
    for (auto& [id, purpose] : turned.registers.purposes) std::ranges::reverse(purpose.capacities);
    RC_ASSERT(same_bytes(decision, decided(turned)));
  });
}

TEST_CASE("an explanation agrees with its verdict, and what it proposes together lifts the refusal") {
  std::size_t proposed = 0;
  rc::prop("explanation", [&](const Case& each) {
    const auto snapshot = compiled(each.registers, each.settings);
    const Decision decision = decide(*snapshot, each.exchange);
    const Explanation explanation = explain(*snapshot, each.exchange, decision);
    RC_ASSERT(explanation.verdict == decision.verdict);
    RC_ASSERT(explanation.reasons.size() == decision.findings.size());
    RC_ASSERT((decision.verdict == Verdict::block) == (decision.primary() != nullptr));
    RC_ASSERT((decision.verdict == Verdict::block) == (decision.kind != BlockKind::none));
    if (decision.verdict == Verdict::block) RC_ASSERT(decision.allowed.none());
    if (decision.verdict == Verdict::permit) RC_ASSERT(explanation.remedies.empty());
    for (const auto& element : explanation.elements)
      if (element.passes) RC_ASSERT(element.because.empty());
    // Where only another law would help, nothing is said to lift the whole but asking for less.
    for (const auto& step : explanation.together) RC_ASSERT(step.code != Code::no_legal_basis);
    proposed += explanation.remedies.size();
  });
  CHECK(proposed > 10);
}
