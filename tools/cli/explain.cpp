// `koppelpoort explain`: why a decision is what it is. Of a scenario file, or of a recorded decision by its id; then
// the exchange is decided again on the registers of that moment and compared with the record.
#include <iostream>

#include "adapters/store/sqlite/ledger_index.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/config/config.hpp"
#include "gateway/ledger/verify.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"
#include "tools/scenario/scenario.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct ExplainOptions {
  std::string what, config, catalogue, language = "nl";
  bool json = false;
};

void print(const ExplainOptions& options, const Explanation& explanation, const std::string& title) {
  if (options.json) {
    auto object = explanation_json(explanation);
    object["name"] = title;
    std::cout << json::serialize(object) << "\n";
    return;
  }
  std::cout << title << "\n\n" << to_text(explanation, options.language == "en" ? Language::en : Language::nl) << "\n";
}

int explain_scenario(const ExplainOptions& options) {
  const auto knowledge = knowledge_or_fail(options.catalogue);
  Problems problems;
  const auto scenario = load_scenario(options.what, knowledge, problems);
  if (!scenario) throw Failure(to_text(problems));
  int result = exit_yes;
  for (const auto& each : scenario->exchanges) {
    const Decision decision = decide(*scenario->snapshot, each.exchange);
    if (decision.verdict == Verdict::block) result = exit_no;
    print(options, explain(*scenario->snapshot, each.exchange, decision), scenario->title + ": " + each.name);
  }
  return result;
}

struct Found {
  std::string record;
  std::map<std::string, std::vector<std::string>> lists;  // element names by list id
};

// The record with this id and the field lists written before it.
Found find_record(const Config& config, const std::string& id) {
  std::int64_t position = -1;
  try {
    position = LedgerIndex(config.index_file(), Database::Mode::read).find(id).value_or(-1);
  } catch (const StoreError&) {
    // No index yet: look through the whole ledger.
  }
  Found found;
  read_log(config.ledger_folder(), [&](std::int64_t index, std::string_view entry) {
    if (position >= 0 && index > position) return false;
    const auto kind = member_of(entry, "kind");
    if (kind == "fields") {
      const json::object list = json::parse(entry).as_object();
      auto& names = found.lists[std::string(list.at("id").as_string())];
      if (list.at("part").as_int64() == 0) names.clear();
      for (const auto& name : list.at("names").as_array()) names.emplace_back(name.as_string());
    }
    if (kind != "decision" || member_of(entry, "tx") != id) return true;
    found.record = entry;
    return false;
  });
  if (found.record.empty()) throw Failure("the ledger holds no decision `" + id + "`");
  return found;
}

std::vector<std::string> texts(const json::object& record, const char* key) {
  std::vector<std::string> all;
  for (const auto& each : record.at(key).as_array()) all.emplace_back(each.as_string());
  return all;
}

// The exchange as the record tells it. Free text was not recorded, so it comes back as `recorded`.
Exchange exchange_of(const Found& found, const json::object& record, const Taxonomy& taxonomy) {
  const auto text = [&](const char* key) { return std::string(record.at(key).as_string()); };
  Exchange exchange;
  exchange.at = parse_instant(text("at")).value_or(Instant{});
  exchange.consumer = text("src");
  exchange.on_behalf_of = text("deleg");
  exchange.service = text("svc");
  exchange.operation = text("op");
  exchange.purpose = text("purpose");
  const auto add = [&](const char* key, Use use) {
    if (const auto list = found.lists.find(text(key)); list != found.lists.end())
      for (const auto& id : list->second) exchange.elements.push_back({taxonomy.find(id), use, {}});
  };
  add("searched", Use::search);
  add("asked", Use::deliver);
  for (std::int64_t i = 0; i < record.at("unknown").as_int64(); ++i)
    exchange.elements.push_back({std::nullopt, Use::deliver, "recorded " + std::to_string(i + 1)});
  for (std::int64_t i = 0; i < record.at("unknown_search").as_int64(); ++i)
    exchange.elements.push_back({std::nullopt, Use::search, "recorded " + std::to_string(i + 1)});
  for (const auto& each : texts(record, "evidence")) exchange.evidence.push_back({each, "recorded", {}});
  if (record.at("signal").as_int64() != 0) exchange.signal = "recorded";
  exchange.history.same_person_this_month = static_cast<int>(record.at("history").as_int64());
  for (const auto& [name, volume] : volume_names())
    if (name == text("volume")) exchange.volume = volume;
  return exchange;
}

int explain_record(const ExplainOptions& options) {
  Problems problems;
  const auto config = load_config(options.config, problems);
  if (!config) throw Failure(to_text(problems));
  const Found found = find_record(*config, options.what);
  const json::object record = json::parse(found.record).as_object();
  const auto knowledge = knowledge_or_fail(options.catalogue.empty() ? config->knowledge : options.catalogue);
  RegisterEvents events(config->registers_file(), Database::Mode::read);
  const std::int64_t version = record.at("registers").as_int64();
  const auto snapshot =
      Snapshot::compile(knowledge, fold(events.all(), version, problems), version, config->settings, problems);
  if (snapshot == nullptr || !problems.empty()) throw Failure(to_text(problems));
  const Exchange exchange = exchange_of(found, record, knowledge->taxonomy);
  const auto recorded = texts(record, "codes");
  const bool undecided_then =
      std::ranges::any_of(recorded, [](const std::string& code) { return code >= "KP-801" && code < "KP-990"; });
  Decision decision = undecided_then ? undecided(static_cast<Code>(std::stoi(recorded.front().substr(3))), {})
                                     : decide(*snapshot, exchange);
  print(options, explain(*snapshot, exchange, decision),
        "Besluit " + options.what + " van " + std::string(record.at("ts").as_string()));
  std::vector<std::string> now;
  for (const auto& finding : decision.findings)
    if (std::string code = to_text(finding.code); now.empty() || now.back() != code) now.push_back(std::move(code));
  const bool same =
      record.at("verdict").as_string() == name_of(decision.verdict) && (undecided_then || now == recorded) &&
      (undecided_then || decision.catalogue.starts_with(std::string_view(record.at("catalogue").as_string())));
  if (!options.json)
    std::cout << (same ? "Opnieuw besloten op registerversie " + std::to_string(version) + ": hetzelfde besluit.\n"
                       : "LET OP: opnieuw besloten geeft een ander besluit dan vastgelegd (andere catalogus of "
                         "instellingen?).\n");
  return same ? exit_yes : exit_no;
}

}  // namespace

void add_explain(CLI::App& app, int& result) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = app.add_subcommand("explain", "say why a decision is what it is, and what would change it");
  command->add_option("what", options->what, "a scenario file, or with --config the id of a recorded decision")
      ->required();
  command->add_option("--config", options->config, "configuration of the gate that decided");
  command->add_option("--catalogue", options->catalogue, "folder with legal_bases/ and policies/");
  command->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  command->add_flag("--json", options->json, "for machines");
  command->footer("Example: koppelpoort explain tests/scenarios/s26-ouderen-wijzen-op-bijstand.scenario.toml");
  command->callback(
      [options, &result] { result = options->config.empty() ? explain_scenario(*options) : explain_record(*options); });
}

}  // namespace koppelpoort::cli
