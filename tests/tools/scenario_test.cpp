// What the scenario files prove together: every code in both directions, every rule of docs/rules.md, and that what an
// explanation proposes lifts what it says it lifts.
#include "tools/scenario/scenario.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "policies/explain.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

struct Decided {
  const ScenarioExchange* exchange;
  Decision decision;
  std::vector<std::string> of_answer;  // codes that are said of the provider's answer
};

struct DecidedScenario {
  Scenario scenario;
  std::vector<Decided> exchanges;
};

Decided decided(const Scenario& scenario, const ScenarioExchange& exchange) {
  Decided made{&exchange, decide(*scenario.snapshot, exchange.exchange), {}};
  if (exchange.answer) made.of_answer = outcome_of(*scenario.snapshot, *exchange.answer, made.decision).codes;
  return made;
}

// All of tests/scenarios, by path below that folder.
const std::map<std::string, DecidedScenario>& all_scenarios() {
  static const auto all = [] {
    std::map<std::string, DecidedScenario> read;
    const std::string folder = test::source_folder() + "/tests/scenarios/";
    Problems problems;
    for (const auto& item : std::filesystem::recursive_directory_iterator(folder))
      if (const std::string path = item.path().string(); path.ends_with(".scenario.toml"))
        if (auto scenario = load_scenario(path, test::knowledge(), problems))
          read[path.substr(folder.size())].scenario = std::move(*scenario);
    INFO(to_text(problems));
    REQUIRE(problems.empty());
    for (auto& [name, each] : read)
      for (const auto& exchange : each.scenario.exchanges) each.exchanges.push_back(decided(each.scenario, exchange));
    return read;
  }();
  return all;
}

bool fires(const Decision& decision, const std::string& code) {
  return std::ranges::any_of(decision.findings, [&](const Finding& each) { return to_text(each.code) == code; });
}

bool keeps_back(const Decision& decision, const std::string& code) {
  const auto codes = codes_of(decision, false);
  return std::ranges::find(codes, code) != codes.end();
}

bool says(const Decided& one, const std::string& code, bool note) {
  const bool of_answer = std::ranges::find(one.of_answer, code) != one.of_answer.end();
  return of_answer || (note ? fires(one.decision, code) : keeps_back(one.decision, code));
}

// When the gate itself cannot decide or record is no matter of registers: tests/gateway/gate_test.cpp shows those.
bool decided_here(const Reason& reason) { return reason.family != "gate"; }

// Findings that no change of registers, request or settings answers, each with why.
const std::map<Code, const char*> no_remedy{
    {Code::identity_missing, "who the caller is, only a certificate can say"},
    {Code::organisation_unknown, "who an unregistered organisation is, the gate cannot know"},
    {Code::mandate_missing, "to whom, only a certificate can say"},
    {Code::service_unknown, "only the provider can say what the service gives"},
    {Code::purpose_missing, "the caller has to say what it wants"},
    {Code::purpose_unknown, "a purpose has to be written, advised on and signed"},
    {Code::purpose_not_yours, "whose purpose it is, is no matter of draft"},
    {Code::role_mismatch, "another task has another purpose"},
    {Code::condition_not_met, "the way in which the law gives (request, own motion) is not the caller's to change"},
    {Code::no_client_relation, "a capacity that the law does not name cannot be shown"},
    {Code::data_excess, "nothing would be left to ask"},
    {Code::other_person_removed, "nothing would be left to ask"},
};

}  // namespace

TEST_CASE("every code has a scenario that shows it and, in the same file, an exchange that passes without it") {
  for (const auto& [code, reason] : test::knowledge()->reasons.of) {
    if (!decided_here(reason)) continue;
    const std::string text = to_text(code);
    bool both = false;
    for (const auto& [name, each] : all_scenarios()) {
      const bool note = reason.kind == BlockKind::none;
      const bool shown = std::ranges::any_of(each.exchanges, [&](const Decided& one) { return says(one, text, note); });
      both = both || (shown && std::ranges::any_of(each.exchanges, [&](const Decided& one) {
                        return one.decision.verdict != Verdict::block && !says(one, text, false);
                      }));
    }
    INFO(text << " " << reason.name);
    CHECK(both);
  }
}

TEST_CASE("docs/rules.md: every rule has its row, and its files permit and block as it says") {
  std::ifstream in(test::source_folder() + "/docs/rules.md");
  std::set<int> rules;
  const std::regex row(R"(^\| R(\d+) \|)"), file(R"(\.\./tests/scenarios/([^)]+\.scenario\.toml))"), code(R"(KP-\d+)");
  for (std::string line; std::getline(in, line);) {
    std::smatch found;
    if (!std::regex_search(line, found, row)) continue;
    INFO(line);
    rules.insert(std::stoi(found[1]));
    std::vector<std::string> cells;
    for (std::size_t at = 1; at < line.size();) {
      const std::size_t end = line.find('|', at);
      cells.push_back(line.substr(at, end - at));
      at = end == std::string::npos ? line.size() : end + 1;
    }
    REQUIRE(cells.size() == 5);
    const auto files_in = [&](const std::string& cell) {
      std::vector<const DecidedScenario*> files;
      for (std::sregex_iterator each(cell.begin(), cell.end(), file), end; each != end; ++each) {
        INFO((*each)[1]);
        REQUIRE(all_scenarios().contains((*each)[1]));
        files.push_back(&all_scenarios().at((*each)[1]));
      }
      return files;
    };
    for (const auto* each : files_in(cells[3]))
      CHECK(std::ranges::any_of(each->exchanges,
                                [](const Decided& one) { return one.decision.verdict != Verdict::block; }));
    std::set<std::string> codes;
    for (std::sregex_iterator each(cells[2].begin(), cells[2].end(), code), end; each != end; ++each)
      codes.insert(each->str());
    for (const auto* each : files_in(cells[4]))
      CHECK(std::ranges::any_of(each->exchanges, [&](const Decided& one) {
        return codes.empty() ||
               std::ranges::any_of(codes, [&](const std::string& known) { return fires(one.decision, known); });
      }));
  }
  CHECK(rules.size() == 52);
}

TEST_CASE("what an explanation proposes lifts what it is about, and together the refusal") {
  std::size_t tried = 0, together = 0;
  for (const auto& [name, each] : all_scenarios()) {
    const Snapshot& snapshot = *each.scenario.snapshot;
    for (const auto& [scenario, decision, of_answer] : each.exchanges) {
      if (decision.verdict == Verdict::permit) continue;
      INFO(name << ": " << scenario->name);
      const Explanation explanation = explain(snapshot, scenario->exchange, decision);
      for (const auto& finding : decision.findings) {
        if (finding.effect == Effect::note) continue;
        INFO(to_text(finding.code) << " " << finding.subject << " " << finding.detail);
        Draft draft{snapshot.registers(), scenario->exchange, snapshot.settings()};
        const auto remedy = change_for(snapshot, finding, draft);
        const bool shown = remedy && std::ranges::any_of(explanation.remedies, [&](const Remedy& one) {
                             return one.code == finding.code && one.en == remedy->en;
                           });
        if (shown) {
          const auto after = decide_draft(snapshot, draft);
          REQUIRE(after);
          CHECK(lifted(*after, finding));
          ++tried;
        } else if (kind_of(finding.code) == BlockKind::missing) {
          CHECK(no_remedy.contains(finding.code));  // what is missing, somebody can supply
        }
      }
      if (decision.verdict != Verdict::block) continue;
      if (explanation.law_lacking) CHECK(explanation.together.empty());
      together += explanation.together.empty() ? 0u : 1u;
    }
  }
  CHECK(tried > 500);
  CHECK(together > 100);
}

TEST_CASE("what stands in a scenario file that is wrong is said with file, line and what to do") {
  const test::Folder folder;
  const auto problems_of = [&](const std::string& text) {
    Problems problems;
    const auto scenario = load_scenario(folder.file("een.scenario.toml", text), test::knowledge(), problems);
    CHECK_FALSE(scenario);
    return to_text(problems);
  };
  const auto names = [](const std::string& text, const std::string& part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  };
  const std::string exchange =
      "title = \"x\"\n[[exchange]]\nat = \"2026-11-25\"\nservice = \"s\"\npurpose = \"p\"\nelements = [";
  names(problems_of("title = \"x\"\n"), "there is nothing to decide");
  names(problems_of("title = \"x\"\n[[exchange]]\nservice = \"s\"\n"), "een.scenario.toml:2: `at` is missing");
  names(problems_of("titel = \"x\"\n[[exchange]]\nat = \"2026-11-25\"\nservice = \"s\"\n"), "did you mean `title`?");
  names(problems_of(exchange + "\"loon.brutolon\"]\n"), "een.scenario.toml:6: `loon.brutolon` is no data element");
  names(problems_of(exchange + "]\nvolume = \"lots\"\n"), "een.scenario.toml:7");
  names(problems_of(exchange + "]\n[exchange.expect]\nverdict = \"maybe\"\n"), "een.scenario.toml:8");
  names(problems_of("title = \"x\"\n[[exchange\n"), "een.scenario.toml:2");
  names(problems_of("given = [\"nergens.toml\"]\n" + exchange + "]\n"), "nergens.toml: cannot be read");
}
