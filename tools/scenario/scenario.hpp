// Scenario files: given registers, an exchange, and what should come out. Format: docs/scenarios.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/wire/json/mapping.hpp"
#include "policies/decide.hpp"

namespace koppelpoort {

struct Expectation {
  Verdict verdict = Verdict::block;
  std::optional<std::string> block;                      // missing | forbidden | undecided
  std::optional<std::string> primary;                    // KP-nnn
  std::optional<std::vector<std::string>> codes;         // all that keep something back, exactly
  std::optional<std::vector<std::string>> notes;         // at least these
  std::optional<std::vector<std::string>> elements;      // all that may pass, exactly
  std::optional<Date> period_from;                       // where the period was cut to
  std::optional<std::string> answer;                     // what passes of the answer, byte for byte; empty: nothing
  std::optional<std::vector<std::string>> answer_codes;  // what is said of it, exactly
};

// What the provider answered, and how it is read.
struct ScenarioAnswer {
  std::shared_ptr<const Mapping> mapping;
  const Operation* operation = nullptr;
  std::string body;
  std::size_t persons_asked = 0;
};

struct ScenarioExchange {
  std::string name;
  std::size_t line = 0;
  Exchange exchange;
  std::optional<ScenarioAnswer> answer;
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
std::vector<std::string> differences(const Snapshot& snapshot, const ScenarioExchange& scenario,
                                     const Decision& decision);

// What leaves of the answer under this decision, and the codes that are said of it.
struct AnswerOutcome {
  std::string body;
  std::vector<std::string> codes;
};
AnswerOutcome outcome_of(const Snapshot& snapshot, const ScenarioAnswer& answer, const Decision& decision);

std::vector<std::string> codes_of(const Decision& decision, bool notes);
std::vector<std::string> elements_of(const Snapshot& snapshot, const ElementSet& set);

}  // namespace koppelpoort
