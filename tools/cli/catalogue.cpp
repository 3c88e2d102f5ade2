// `koppelpoort catalogue lint|show`: check the law files, and look at what they say on a day.
#include <chrono>
#include <iostream>

#include "adapters/files/files.hpp"
#include "adapters/store/sqlite/releases.hpp"
#include "gateway/config/config.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct CatalogueOptions {
  std::string folder, id, at, config;
  bool json = false;
};

int lint(const CatalogueOptions& options) {
  Problems problems;
  const std::string folder = options.folder.empty() ? default_knowledge_folder() : options.folder;
  const auto knowledge = load_knowledge(folder, problems);
  if (options.json) {
    json::array all;
    for (const auto& problem : problems)
      all.push_back({{"file", problem.file}, {"line", problem.line}, {"what", problem.what}});
    std::cout << json::serialize(all) << "\n";
  } else if (knowledge == nullptr) {
    std::cout << to_text(problems);
  } else {
    std::cout << knowledge->catalogue.entries.size() << " entries of " << knowledge->catalogue.laws.size() << " laws, "
              << knowledge->taxonomy.elements.size() << " data elements: no problems\n";
  }
  return knowledge == nullptr ? exit_no : exit_yes;
}

std::string names(const auto& words, const auto& set) {
  if (set.count() == words.size()) return "any";
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (set.test(i)) all += (all.empty() ? "" : ", ") + words[i].id;
  return all;
}

void print_flow(const Vocabulary& words, const Flow& flow, const Entry& entry) {
  std::cout << "  " << name_of(flow.side) << ": " << names(words.roles, flow.from) << "\n      -> "
            << names(words.roles, flow.to) << "\n      for " << names(words.goals, flow.goals) << "\n      data ";
  if (flow.fields.empty()) std::cout << names(words.categories, flow.categories);
  for (std::size_t i = 0; i < flow.fields.size(); ++i) std::cout << (i == 0 ? "" : ", ") << flow.fields[i];
  std::cout << "\n";
  if (flow.signal) std::cout << "      needs a recorded individual reason\n";
  for (const auto position : flow.conditions)
    std::cout << "      condition: " << entry.conditions[position].en << " (" << entry.conditions[position].nl << ")\n";
}

void print_entry(const Vocabulary& words, const Entry& entry, Date day) {
  std::cout << entry.id << "\n  " << entry.law->name << ", art. " << entry.article
            << (entry.paragraph.empty() ? "" : "(" + entry.paragraph + ")") << "\n  " << name_of(entry.kind) << ", on "
            << to_text(day) << ": " << name_of(entry.state_on(day)) << "; confidence " << name_of(entry.confidence)
            << "\n  " << entry.link << "\n  purpose: " << entry.purpose << "\n  data: " << entry.data
            << "\n  limits: " << entry.limits << "\n";
  for (const auto& interval : entry.validity)
    std::cout << "  " << to_text(interval.from) << " to " << (interval.until ? to_text(*interval.until) : "open")
              << ": " << name_of(interval.state) << " (" << name_of(interval.certainty) << ")"
              << (interval.evidence.empty() ? "" : " " + interval.evidence) << "\n";
  for (const auto& flow : entry.flows) print_flow(words, flow, entry);
  if (entry.number) std::cout << "  person number may be used by: " << names(words.roles, entry.number->roles) << "\n";
  if (entry.secrecy)
    std::cout << "  binds: " << names(words.roles, entry.secrecy->binds) << " on "
              << names(words.categories, entry.secrecy->categories) << "\n";
  if (!entry.to_check.empty()) std::cout << "  still to check: " << entry.to_check << "\n";
  std::cout << "  source: " << entry.source << " (" << entry.file << ":" << entry.line << ")\n";
}

json::object entry_json(const Entry& entry, Date day) {
  json::array validity;
  for (const auto& each : entry.validity)
    validity.push_back({{"from", to_text(each.from)},
                        {"until", each.until ? json::value(to_text(*each.until)) : json::value(nullptr)},
                        {"state", name_of(each.state)},
                        {"certainty", name_of(each.certainty)},
                        {"evidence", each.evidence}});
  return {{"id", entry.id},
          {"law", entry.law->name},
          {"article", entry.article},
          {"link", entry.link},
          {"kind", name_of(entry.kind)},
          {"tier", entry.tier},
          {"state", name_of(entry.state_on(day))},
          {"confidence", name_of(entry.confidence)},
          {"purpose", entry.purpose},
          {"limits", entry.limits},
          {"to_check", entry.to_check},
          {"validity", validity}};
}

int show(const CatalogueOptions& options) {
  const auto knowledge = knowledge_or_fail(options.folder);
  Date day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  if (!options.at.empty()) {
    const auto asked = parse_date(options.at);
    if (!asked) throw Failure("`--at` must be a date YYYY-MM-DD, not `" + options.at + "`");
    day = *asked;
  }
  json::array all;
  if (!options.id.empty()) {
    const Entry* entry = knowledge->catalogue.find(options.id);
    if (entry == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& [id, each] : knowledge->catalogue.entries) known.push_back(id);
      const auto hint = nearest(options.id, known);
      throw Failure("the catalogue has no entry `" + options.id + "`" +
                    (hint.empty() ? "" : "; did you mean `" + std::string(hint) + "`?"));
    }
    if (options.json)
      all.push_back(entry_json(*entry, day));
    else
      print_entry(knowledge->catalogue.words, *entry, day);
  } else {
    for (const auto& [id, entry] : knowledge->catalogue.entries) {
      if (options.json)
        all.push_back(entry_json(entry, day));
      else
        std::cout << id << std::string(id.size() < 44 ? 44 - id.size() : 1, ' ') << name_of(entry.state_on(day)) << "  "
                  << entry.law->short_name << " art. " << entry.article << "\n";
    }
  }
  if (options.json) std::cout << json::serialize(all) << "\n";
  return exit_yes;
}

// What ever decided here, newest last; or the texts of one release; or one text by its address.
int releases(const CatalogueOptions& options) {
  const Config config = config_or_fail(options.config);
  Releases kept(config.releases_file(), Database::Mode::read);
  if (options.id.empty()) {
    for (const auto& release : kept.all()) {
      std::cout << release.address << "  since " << to_text(release.kept_at) << "  accepts released";
      for (const Confidence each : release.settings.accepted) std::cout << ", " << name_of(each);
      std::cout << (release.settings.cumulative_forbidden ? "; cumulative linkage blocked\n" : "\n");
    }
    return exit_yes;
  }
  if (const auto text = kept.text(options.id)) {
    std::cout << *text;
    return exit_yes;
  }
  const auto release = kept.find(options.id);
  if (!release) throw Failure("no release and no text has the address `" + options.id + "`");
  for (const auto& each : kept.names_of(release->address)) std::cout << each.address << "  " << each.name << "\n";
  return exit_yes;
}

}  // namespace

void add_catalogue(CLI::App& app, int& result) {
  auto options = std::make_shared<CatalogueOptions>();
  auto* command = app.add_subcommand("catalogue", "the legal bases: check them, look at them");
  command->require_subcommand(1);
  auto* lint_command = command->add_subcommand("lint", "check every law file; says file, line and what to do");
  lint_command->add_option("folder", options->folder, "folder with legal_bases/ and policies/");
  lint_command->add_flag("--json", options->json, "for machines");
  lint_command->footer("Example: koppelpoort catalogue lint");
  lint_command->callback([options, &result] { result = lint(*options); });
  auto* show_command = command->add_subcommand("show", "list the entries, or show one");
  show_command->add_option("id", options->id, "an entry");
  show_command->add_option("--at", options->at, "on which day (YYYY-MM-DD); today when left out");
  show_command->add_option("--catalogue", options->folder, "folder with legal_bases/ and policies/");
  show_command->add_flag("--json", options->json, "for machines");
  show_command->footer("Example: koppelpoort catalogue show --at 2020-02-06 wet-suwi-65-syri");
  show_command->callback([options, &result] { result = show(*options); });
  auto* releases_command =
      command->add_subcommand("releases", "every catalogue that ever decided here, kept as it was");
  releases_command->add_option("address", options->id, "a release: its texts; a text: what it says");
  releases_command->add_option("--config", options->config, "configuration of the gate")->required();
  releases_command->footer("Example: koppelpoort catalogue releases --config koppelpoort.toml");
  releases_command->callback([options, &result] { result = releases(*options); });
}

}  // namespace koppelpoort::cli
