// `koppelpoort register apply|diff|export|history`: registers kept as TOML files, applied as events.
#include <unistd.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <chrono>
#include <fstream>
#include <iostream>

#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/config/config.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/exchange/published.hpp"
#include "gateway/workflow/workflow.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct RegisterOptions {
  std::vector<std::string> files;
  std::string config, author, role = "beheerder", reason;
  bool prune = false, json = false;
};

// The registers after the change must hold together, or nothing is applied.
void try_out(const Config& config, std::vector<RegisterEvent> events, const std::vector<RegisterEvent>& changes) {
  std::int64_t version = events.empty() ? 0 : events.back().version;
  for (auto change : changes) {
    change.version = ++version;
    events.push_back(std::move(change));
  }
  Problems problems;
  Registers registers = fold(events, version, problems);
  auto snapshot =
      Snapshot::compile(knowledge_or_fail(config.knowledge), std::move(registers), version, config.settings, problems);
  if (snapshot != nullptr) publish(std::move(snapshot), config.mappings, problems);
  if (!problems.empty()) throw Failure("nothing was applied:\n" + to_text(problems));
}

void print_changes(const std::vector<RegisterEvent>& changes, const std::vector<RegisterEvent>& events, bool as_json) {
  json::array all;
  for (const auto& change : changes) {
    const bool known = std::ranges::any_of(
        events, [&](const RegisterEvent& each) { return each.kind == change.kind && each.id == change.id; });
    const char* what = change.removed ? "removes" : (known ? "changes" : "adds");
    if (as_json)
      all.push_back({{"change", what}, {"kind", change.kind}, {"id", change.id}});
    else
      std::cout << "  " << what << " " << change.kind << " " << change.id << "\n";
  }
  if (as_json) std::cout << json::serialize(all) << "\n";
}

int diff(const RegisterOptions& options) {
  const Config config = config_or_fail(options.config);
  const auto events = RegisterEvents(config.registers_file(), Database::Mode::read).all();
  const auto changes = difference(events, events_of_files(options.files), options.prune);
  print_changes(changes, events, options.json);
  if (!options.json) std::cout << changes.size() << " changes\n";
  return changes.empty() ? exit_yes : exit_no;
}

// Whose entry this is.
std::string controller_of(const RegisterEvent& event, const std::vector<RegisterEvent>& changes,
                          const Registers& registers) {
  Problems ignored;
  const Registers read = fold_onto({}, {event}, ignored), beside = fold_onto({}, changes, ignored);
  std::string purpose = event.id;
  for (const auto& [id, necessity] : read.necessities) purpose = necessity.purpose;
  for (const auto& [id, linkage] : read.linkages) purpose = linkage.purposes.front();
  for (const Registers* each : {&beside, &registers})
    if (const auto at = each->purposes.find(purpose); at != each->purposes.end()) return at->second.controller;
  throw Failure(event.kind + " " + event.id + " is about the purpose `" + purpose + "`, which nobody knows");
}

bool is_proposed(const RegisterEvent& event) {
  return event.kind == "purpose" || event.kind == "necessity" || event.kind == "linkage";
}

// Where people approve, a file cannot: purposes, necessity and linkages are laid before the FG.
void submit(const RegisterOptions& options, const Config& config, const std::vector<RegisterEvent>& asked) {
  for (const auto& change : asked)
    if (change.removed)
      throw Failure(change.kind + " " + change.id + " cannot be removed by a file; withdraw it in the console");
  Problems unread;
  const Registers wanted = fold_onto({}, asked, unread);
  const auto refuse_state = [](const auto& entry, const char* kind) {
    // A proposal that is signed is active: asking for anything else would bring it into force.
    if (entry.state == PurposeState::suspended || entry.state == PurposeState::withdrawn ||
        entry.state == PurposeState::refused)
      throw Failure(std::string(kind) + " " + entry.id + ": a file cannot make it " +
                    std::string(name_of(entry.state)) + " where people approve; do that in the console");
  };
  for (const auto& [id, purpose] : wanted.purposes) refuse_state(purpose, "purpose");
  for (const auto& [id, linkage] : wanted.linkages) refuse_state(linkage, "linkage");
  Workflow workflow(config, knowledge_or_fail(config.knowledge), [] {});
  std::map<std::string, std::vector<RegisterEvent>> by_controller;
  for (const auto& event : asked) by_controller[controller_of(event, asked, workflow.registers())].push_back(event);
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string author = boost::algorithm::to_lower_copy(options.author);
  const auto proposal_of = [](const Outcome<Proposal>& outcome) {
    if (const auto* done = std::get_if<Proposal>(&outcome)) return *done;
    const Refused& refused = std::get<Refused>(outcome);
    std::string text = refused.en;
    for (const auto& reason : refused.reasons) text += "\n" + reason;
    throw Failure(text);
  };
  for (const auto& [controller, entries] : by_controller) {
    const Actor actor{"cli:" + login_of(::getpid(), ::getuid()),
                      author,
                      controller,
                      {},
                      {AccountRole::requester},
                      {AccountRole::requester},
                      {},
                      {}};
    const std::string content = content_of(entries);
    const auto open = std::ranges::find_if(workflow.proposals(), [&, &owner = controller](const auto& known) {
      const Proposal& each = known.second;
      return each.organisation == owner && each.content == content &&
             (each.state == ProposalState::submitted || each.state == ProposalState::advised);
    });
    if (open != workflow.proposals().end()) {
      if (!options.json) std::cout << open->first << " asks the same already, and waits; nothing was submitted\n";
      continue;
    }
    const Proposal draft = proposal_of(workflow.create(actor, content, {}, now));
    proposal_of(workflow.take(actor, draft.id, Step::submit, options.reason, {}, draft.version, now));
    if (!options.json)
      std::cout << draft.id << ": " << entries.size() << " entries of " << controller
                << " were submitted; they are in force after the FG's advice and a signature\n";
  }
}

int apply(const RegisterOptions& options) {
  const Config config = config_or_fail(options.config);
  RegisterEvents store(config.registers_file());
  const auto events = store.all();
  auto changes = difference(events, events_of_files(options.files), options.prune);
  std::vector<RegisterEvent> asked;
  if (config.console) {
    std::ranges::copy_if(changes, std::back_inserter(asked), is_proposed);
    std::erase_if(changes, is_proposed);
  }
  try_out(config, events, changes);
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  for (auto& change : changes) {
    change.at = now;
    change.author = options.author;
    change.author_role = options.role;
    change.reason = options.reason;
  }
  const std::int64_t before = events.empty() ? 0 : events.back().version;
  const std::int64_t version = changes.empty() ? before : store.append(changes, before);
  print_changes(changes, events, options.json);
  if (!options.json) std::cout << changes.size() << " changes applied; register version " << version << "\n";
  if (!asked.empty()) submit(options, config, asked);
  return exit_yes;
}

int print_export(const RegisterOptions& options) {
  const Config config = config_or_fail(options.config);
  std::cout << export_registers(RegisterEvents(config.registers_file(), Database::Mode::read).all());
  return exit_yes;
}

int history(const RegisterOptions& options) {
  const Config config = config_or_fail(options.config);
  json::array all;
  for (const auto& event : RegisterEvents(config.registers_file(), Database::Mode::read).all()) {
    if (options.json)
      all.push_back({{"version", event.version},
                     {"at", to_text(event.at)},
                     {"author", event.author},
                     {"role", event.author_role},
                     {"reason", event.reason},
                     {"kind", event.kind},
                     {"id", event.id},
                     {"removed", event.removed}});
    else
      std::cout << event.version << "  " << to_text(event.at) << "  " << event.author << " (" << event.author_role
                << ")  " << (event.removed ? "removes " : "sets ") << event.kind << " " << event.id << ": "
                << event.reason << "\n";
  }
  if (options.json) std::cout << json::serialize(all) << "\n";
  return exit_yes;
}

}  // namespace

void add_register(CLI::App& app, int& result) {
  auto options = std::make_shared<RegisterOptions>();
  auto* command = app.add_subcommand("register", "organisations, services, purposes, necessity and mandates");
  command->require_subcommand(1);
  const auto with_config = [&](CLI::App* each) {
    each->add_option("--config", options->config, "configuration file")->required();
    each->add_flag("--json", options->json, "for machines");
  };
  auto* apply_command = command->add_subcommand("apply", "apply register files; all of the change or nothing");
  with_config(apply_command);
  apply_command->add_option("files", options->files, "register files (TOML)")->required()->check(CLI::ExistingFile);
  apply_command->add_option("--author", options->author, "who makes the change; with a console, their e-mail address")
      ->required();
  apply_command->add_option("--role", options->role, "in which role");
  apply_command->add_option("--reason", options->reason, "why")->required();
  apply_command->add_flag("--prune", options->prune, "also remove what the files do not name");
  apply_command->footer(
      "Example: koppelpoort register apply --config koppelpoort.toml --author \"J. Jansen\" --reason \"nieuw doel\" "
      "registers.toml");
  apply_command->callback([options, &result] { result = apply(*options); });
  auto* diff_command =
      command->add_subcommand("diff", "what applying the files would change; exit 1 when something would");
  with_config(diff_command);
  diff_command->add_option("files", options->files, "register files (TOML)")->required()->check(CLI::ExistingFile);
  diff_command->add_flag("--prune", options->prune, "also remove what the files do not name");
  diff_command->footer("Example: koppelpoort register diff --config koppelpoort.toml registers.toml");
  diff_command->callback([options, &result] { result = diff(*options); });
  auto* export_command = command->add_subcommand("export", "the registers as one file that `apply` reads back");
  with_config(export_command);
  export_command->footer("Example: koppelpoort register export --config koppelpoort.toml > registers.toml");
  export_command->callback([options, &result] { result = print_export(*options); });
  auto* history_command = command->add_subcommand("history", "every change: who, when, what and why");
  with_config(history_command);
  history_command->footer("Example: koppelpoort register history --config koppelpoort.toml");
  history_command->callback([options, &result] { result = history(*options); });
  add_analysis(*command, result);
  add_import(*command, result);
}

}  // namespace koppelpoort::cli
