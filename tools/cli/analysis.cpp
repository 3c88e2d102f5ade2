// `koppelpoort register map`: what can flow from whom to whom for which purpose, as text, JSON or DOT.
// `koppelpoort register lint`: what in the registers says nothing, never happened, or ends soon.
#include <chrono>
#include <iostream>

#include "gateway/past/recorded.hpp"
#include "policies/analysis.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct AnalysisOptions {
  std::string config, at, as_known, language = "nl";
  std::int64_t days = 90;
  bool json = false, dot = false, no_ledger = false;
};

struct Subject {
  Config config;
  std::shared_ptr<const Snapshot> snapshot;
  Instant at;
};

Subject subject_of(const AnalysisOptions& options) {
  Config config = config_or_fail(options.config);
  Instant at = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  if (!options.at.empty()) at = instant_or_fail(options.at);
  Past past(config, knowledge_or_fail(config.knowledge));
  auto snapshot =
      past.snapshot(options.as_known.empty() ? past.newest() : past.version_of(options.as_known), past.today());
  return {std::move(config), std::move(snapshot), at};
}

json::array element_names(const Taxonomy& taxonomy, const ElementSet& set) {
  json::array all;
  for (std::size_t i = set._Find_first(); i < taxonomy.elements.size(); i = set._Find_next(i))
    all.emplace_back(taxonomy.elements[i].id);
  return all;
}

std::string quoted(std::string text) {
  std::erase(text, '"');
  std::erase(text, '\\');
  return "\"" + text + "\"";
}

void print_dot(const Snapshot& snapshot, const std::vector<PossibleFlow>& flows) {
  std::cout << "digraph koppelpoort {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const auto& flow : flows) {
    const bool passes = flow.decision.verdict != Verdict::block;
    std::cout << "  " << quoted(snapshot.registers().services.at(flow.service).title) << " -> "
              << quoted(snapshot.organisation(flow.consumer)->organisation->name) << " [label="
              << quoted(flow.purpose + (passes ? ", " + std::to_string(flow.decision.allowed.count()) + " elements"
                                               : ", " + to_text(flow.decision.primary()->code)))
              << (passes ? "" : ", style=dashed, color=gray") << "];\n";
  }
  std::cout << "}\n";
}

int map(const AnalysisOptions& options) {
  const Subject subject = subject_of(options);
  const auto flows = possible_flows(*subject.snapshot, subject.at);
  if (options.dot) {
    print_dot(*subject.snapshot, flows);
    return exit_yes;
  }
  json::array all;
  for (const auto& flow : flows) {
    const Finding* primary = flow.decision.primary();
    const auto& taxonomy = subject.snapshot->knowledge().taxonomy;
    if (options.json) {
      json::array bases;
      for (const auto& base : flow.decision.bases) bases.emplace_back(base);
      all.push_back({{"provider", flow.provider},
                     {"service", flow.service},
                     {"consumer", flow.consumer},
                     {"purpose", flow.purpose},
                     {"verdict", name_of(flow.decision.verdict)},
                     {"primary", primary == nullptr ? json::value(nullptr) : json::value(to_text(primary->code))},
                     {"elements", element_names(taxonomy, flow.decision.allowed)},
                     {"bases", bases}});
      continue;
    }
    std::cout << subject.snapshot->registers().services.at(flow.service).title << " -> "
              << subject.snapshot->organisation(flow.consumer)->organisation->name << ", " << flow.purpose << ": "
              << (primary == nullptr ? std::to_string(flow.decision.allowed.count()) + " of " +
                                           std::to_string(flow.motivated.count()) + " elements"
                                     : to_text(primary->code))
              << "\n";
  }
  if (options.json) std::cout << json::serialize(all) << "\n";
  return exit_yes;
}

Usage usage_in(const Subject& subject) {
  Past past(subject.config, knowledge_or_fail(subject.config.knowledge));
  std::vector<Usage> parts(workers());
  begin_reading(subject.config, "decisions");
  read_decisions(subject.config, past, ReadAs::today, [&](std::size_t worker, const RecordedDecision& recorded) {
    parts[worker].purposes.insert(recorded.exchange.purpose);
    parts[worker].delivered[{recorded.exchange.purpose, recorded.exchange.service}] |= recorded.allowed;
  });
  Usage usage;
  for (auto& part : parts) {
    usage.purposes.merge(part.purposes);
    for (const auto& [key, elements] : part.delivered) usage.delivered[key] |= elements;
  }
  return usage;
}

int lint(const AnalysisOptions& options) {
  const Subject subject = subject_of(options);
  const Date soon = dutch_date(subject.at) + std::chrono::days{options.days};
  const Usage usage = options.no_ledger ? Usage{} : usage_in(subject);
  const auto remarks = lint_registers(*subject.snapshot, subject.at, soon, options.no_ledger ? nullptr : &usage);
  json::array all;
  for (const auto& remark : remarks) {
    const std::string& text = options.language == "nl" ? remark.nl : remark.en;
    if (options.json)
      all.push_back({{"where", remark.where}, {"nl", remark.nl}, {"en", remark.en}});
    else
      std::cout << (options.language == "nl" ? remark.where_nl : remark.where) << ": " << text << "\n";
  }
  if (options.json)
    std::cout << json::serialize(all) << "\n";
  else
    std::cout << remarks.size() << (options.language == "nl" ? " opmerkingen\n" : " remarks\n");
  return remarks.empty() ? exit_yes : exit_no;
}

}  // namespace

void add_analysis(CLI::App& registers, int& result) {
  auto options = std::make_shared<AnalysisOptions>();
  auto* mapped = registers.add_subcommand("map", "what can flow from whom to whom for which purpose");
  auto* linted = registers.add_subcommand("lint", "what says nothing, never happened, or ends soon");
  for (auto* command : {mapped, linted}) {
    command->add_option("--config", options->config, "configuration of the gate")->required();
    command->add_option("--at", options->at, "the law of this date, instead of today");
    command->add_option("--as-known", options->as_known, "a register version or date");
    command->add_flag("--json", options->json, "for machines");
  }
  mapped->add_flag("--dot", options->dot, "a graph for Graphviz");
  linted->add_option("--days", options->days, "how far ahead to look for what ends")->capture_default_str();
  linted->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  linted->add_flag("--no-ledger", options->no_ledger, "do not look at what was really asked");
  mapped->footer("Example: koppelpoort register map --config koppelpoort.toml --dot | dot -Tsvg > map.svg");
  linted->footer("Example: koppelpoort register lint --config koppelpoort.toml");
  mapped->callback([options, &result] { result = map(*options); });
  linted->callback([options, &result] { result = lint(*options); });
}

}  // namespace koppelpoort::cli
