// `koppelpoort explain`: why a decision is what it is. Of a scenario file, or of a recorded decision by its id; then
// the exchange is decided again on the registers of that moment and compared with the record.
#include <chrono>
#include <iostream>

#include "gateway/past/recorded.hpp"
#include "policies/letter.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/document.hpp"
#include "tools/cli/json_out.hpp"
#include "tools/scenario/scenario.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct ExplainOptions {
  std::string what, config, catalogue, at, as_known, letter, language = "nl", reader = "fg";
  bool json = false;
};

constexpr std::pair<std::string_view, Reader> readers[] = {
    {"integrator", Reader::integrator}, {"fg", Reader::fg}, {"ops", Reader::ops}, {"person", Reader::person}};

Reader reader_of(const ExplainOptions& options) {
  for (const auto& [name, reader] : readers)
    if (name == options.reader) return reader;
  return Reader::fg;
}

Language language_of(const ExplainOptions& options) { return options.language == "en" ? Language::en : Language::nl; }

void write_letter(const ExplainOptions& options, const Explanation& explanation, const std::string& decision,
                  const std::string& sender) {
  const Date today = dutch_date(std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()));
  save_document(options.letter,
                to_letter(explanation, {decision, sender, today}, language_of(options), reader_of(options)));
  std::cout << options.letter << "\n";
}

void print(const ExplainOptions& options, const Explanation& explanation, const std::string& title) {
  if (options.json) {
    auto object = explanation_json(explanation);
    object["name"] = title;
    std::cout << json::serialize(object) << "\n";
    return;
  }
  std::cout << title << "\n\n" << to_text(explanation, language_of(options), reader_of(options)) << "\n";
}

int explain_scenario(const ExplainOptions& options) {
  const auto knowledge = knowledge_or_fail(options.catalogue);
  Problems problems;
  const auto scenario = load_scenario(options.what, knowledge, problems);
  if (!scenario) throw Failure(to_text(problems));
  int result = exit_yes;
  if (!options.as_known.empty()) throw Failure("--as-known needs recorded registers: give --config and a decision");
  for (auto each : scenario->exchanges) {
    if (!options.at.empty()) each.exchange.at = instant_or_fail(options.at);
    const Decision decision = decide(*scenario->snapshot, each.exchange);
    if (decision.verdict == Verdict::block) result = exit_no;
    const Explanation explanation = explain(*scenario->snapshot, each.exchange, decision);
    if (options.letter.empty()) {
      print(options, explanation, scenario->title + ": " + each.name);
    } else {
      write_letter(options, explanation, {}, {});  // one decision, one letter: of the first exchange
      return exit_yes;
    }
  }
  return result;
}

int explain_record(const ExplainOptions& options) {
  Config config = config_or_fail(options.config);
  if (!options.catalogue.empty()) config.knowledge = options.catalogue;
  Past past(config, knowledge_or_fail(config.knowledge));
  begin_reading(config, "decision");
  const RecordedDecision recorded = find_decision(config, past, options.what);
  const bool other = !options.at.empty() || !options.as_known.empty();
  const std::int64_t version = options.as_known.empty() ? recorded.registers : past.version_of(options.as_known);
  const auto release = options.as_known.empty() ? past.release(recorded.catalogue) : past.today();
  const auto snapshot = past.snapshot(version, release);
  Exchange exchange = recorded.exchange;
  if (!options.at.empty()) exchange.at = instant_or_fail(options.at);
  const Decision decision = recorded.undecided()
                                ? undecided(static_cast<Code>(std::stoi(recorded.codes.front().substr(3))), {})
                                : decide(*snapshot, exchange);
  const Explanation explanation = explain(*snapshot, exchange, decision);
  const std::string what = recorded.undecided() ? std::string() : difference_of(recorded, decision);
  if (!options.letter.empty()) {
    if (!other && !what.empty())
      throw Failure("no letter: decided again, the outcome is not the recorded one (" + what +
                    "); its catalogue and settings were " + (past.kept(recorded.catalogue) ? "kept" : "not kept"));
    write_letter(options, explanation, options.what, config.node);
    return exit_yes;
  }
  print(options, explanation, "Besluit " + options.what + " van " + recorded.written_at);
  if (!options.json) {
    std::cout << "Opnieuw besloten op registerversie " << version << ", voor " << to_text(exchange.at) << ": ";
    if (what.empty())
      std::cout << "hetzelfde besluit.\n";
    else
      std::cout << "een ander besluit dan vastgelegd (" << what << ")"
                << (other ? ".\n" : "; andere catalogus of instellingen?\n");
  }
  return what.empty() ? exit_yes : exit_no;
}

}  // namespace

void add_explain(CLI::App& app, int& result) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = app.add_subcommand("explain", "say why a decision is what it is, and what would change it");
  command->add_option("what", options->what, "a scenario file, or with --config the id of a recorded decision")
      ->required();
  command->add_option("--config", options->config, "configuration of the gate that decided");
  command->add_option("--catalogue", options->catalogue, "folder with legal_bases/ and policies/");
  command->add_option("--at", options->at, "decide as if it were asked at this date or instant");
  command->add_option("--as-known", options->as_known, "a register version or date: on what was known then");
  command->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  command->add_option("--for", options->reader, "integrator, fg, ops, or person (whose data were asked about)")
      ->check(CLI::IsMember({"integrator", "fg", "ops", "person"}));
  command->add_option("--letter", options->letter, "write a letter instead: FILE.html, or FILE.pdf (needs weasyprint)");
  command->add_flag("--json", options->json, "for machines");
  command->footer("Example: koppelpoort explain tests/scenarios/s26-ouderen-wijzen-op-bijstand.scenario.toml");
  command->callback(
      [options, &result] { result = options->config.empty() ? explain_scenario(*options) : explain_record(*options); });
}

}  // namespace koppelpoort::cli
