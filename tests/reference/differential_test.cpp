// The engine beside the reference on random worlds. KOPPELPOORT_RANDOM_CASES sets how many (10000000 in the long run),
// KOPPELPOORT_RANDOM_SEED where to begin; a difference prints its seed.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "policies/decide.hpp"
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
