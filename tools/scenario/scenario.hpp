// Scenario files: given registers, an exchange, and what should come out. Format: docs/scenarios.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/decide.hpp"

namespace koppelpoort {

struct Expectation {
  Verdict verdict = Verdict::block;
  std::optional<std::string> block;                  // missing | forbidden | undecided
  std::optional<std::string> primary;                // KP-nnn
  std::optional<std::vector<std::string>> codes;     // all that keep something back, exactly
  std::optional<std::vector<std::string>> notes;     // at least these
  std::optional<std::vector<std::string>> elements;  // all that may pass, exactly
  std::optional<Date> period_from;                   // where the period was cut to
};

struct ScenarioExchange {
  std::string name;
  std::size_t line = 0;
  Exchange exchange;
  std::optional<Expectation> expected;
};

struct Scenario {
  std::string file, title, source;
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<ScenarioExchange> exchanges;
};

// Nothing with problems.
std::optional<Scenario> load_scenario(const std::string& path, const std::shared_ptr<const Knowledge>& knowledge,
                                      Problems& problems);

// What differs from the expectation, one sentence each; empty when all is as expected.
std::vector<std::string> differences(const Snapshot& snapshot, const Expectation& expected, const Decision& decision);

std::vector<std::string> codes_of(const Decision& decision, bool notes);
std::vector<std::string> elements_of(const Snapshot& snapshot, const ElementSet& set);

}  // namespace koppelpoort
