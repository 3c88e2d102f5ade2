#include "policies/workflow/content.hpp"

#include <algorithm>
#include <array>

#include "policies/motivation.hpp"

namespace koppelpoort {
namespace {

constexpr std::array<std::string_view, 3> kinds{"purpose", "necessity", "linkage"};
constexpr std::array<std::string_view, 3> set_by_workflow{"state", "approval", "submitted_by"};
constexpr std::string_view place = "proposal";

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char each : text) {
    if (each == '"' || each == '\\') out += '\\';
    out += each;
  }
  return out + "\"";
}

// The text in its one fixed form.
std::string canonical(const std::string& text) {
  Problems problems;
  const auto document = TomlDocument::parse(text, std::string(place), problems);
  return document ? document->root(problems).canonical() : text;
}

// A body without one key of the entry itself, whether it stands on a line or as a table.
std::string without(std::string_view body, std::string_view key) {
  const std::string line_of_key = std::string(key) + " = ", table_of_key = "[" + std::string(key) + "]";
  std::string rest;
  bool in_entry = true, in_table = false;  // behind the first heading stand other tables
  while (!body.empty()) {
    const std::size_t end = body.find('\n');
    const std::string_view line = body.substr(0, end);
    if (line.starts_with('[')) {
      in_entry = false;
      in_table = line == table_of_key;
    }
    if (!in_table && !(in_entry && line.starts_with(line_of_key))) rest += std::string(line) + "\n";
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
  }
  return rest;
}

bool has_state(const RegisterEvent& event) { return event.kind == "purpose" || event.kind == "linkage"; }

Registers fold_drafts(const std::vector<RegisterEvent>& drafts) {
  Problems ignored;
  return fold_onto({}, drafts, ignored);
}

}  // namespace

std::vector<RegisterEvent> read_content(std::string_view file, Problems& problems) {
  std::vector<RegisterEvent> drafts;
  const auto document = TomlDocument::parse(file, std::string(place), problems);
  if (!document) return drafts;
  TomlTable root = document->root(problems);
  Registers read;
  for (const auto kind : kinds)
    for (auto& table : root.tables(kind)) {
      for (const auto key : set_by_workflow)
        if (table.has(key))
          table.problem(key, "`" + std::string(key) + "` is set by advice and signature, never by who writes");
      RegisterEvent event;
      event.kind = kind;
      event.body = table.canonical();
      if (has_state(event)) event.body = canonical("state = \"draft\"\n" + event.body);
      const auto entry =
          TomlDocument::parse(event.body, std::string(place) + ": [[" + std::string(kind) + "]]", problems);
      if (!entry) continue;
      event.id = read_register_entry(read, kind, entry->root(problems));
      if (std::ranges::any_of(drafts, [&](const auto& each) { return each.kind == kind && each.id == event.id; }))
        table.problem("id", "`" + event.id + "` stands here twice");
      drafts.push_back(std::move(event));
      table.keys();
    }
  root.done();
  if (drafts.empty() && problems.empty()) problems.push_back({std::string(place), 0, "it proposes nothing"});
  return drafts;
}

std::vector<RegisterEvent> in_force(const std::vector<RegisterEvent>& drafts, const std::string& submitted_by,
                                    const Approval& approval) {
  std::vector<RegisterEvent> events = drafts;
  const std::string approved = "submitted_by = " + quoted(submitted_by) +
                               "\napproval = { advised_by = " + quoted(approval.advised_by) + ", advised_at = \"" +
                               to_text(approval.advised_at) + "\", signed_by = " + quoted(approval.signed_by) +
                               ", signed_at = \"" + to_text(approval.signed_at) + "\" }\n";
  for (auto& event : events)
    if (has_state(event)) event.body = canonical(approved + with_state(event.body, PurposeState::active));
  return events;
}

std::string content_of(const std::vector<RegisterEvent>& entries) {
  std::vector<RegisterEvent> plain = entries;
  std::int64_t version = 0;
  for (auto& event : plain) {
    event.version = ++version;
    for (const auto key : set_by_workflow) event.body = canonical(without(event.body, key));
  }
  return export_registers(plain);
}

std::string with_state(std::string_view body, PurposeState state) {
  return canonical("state = \"" + std::string(name_of(state)) + "\"\n" + without(body, "state"));
}

Problems lint_content(const std::vector<RegisterEvent>& drafts) {
  Problems problems;
  const Registers read = fold_drafts(drafts);
  const auto judge = [&](std::string_view kind, const auto& entry) {
    if (const auto fault = fault_of_motivation(entry.proportionality, entry.subsidiarity); !fault.empty())
      problems.push_back({std::string(kind) + " " + entry.id, 0, std::string(fault)});
  };
  for (const auto& [id, necessity] : read.necessities) judge("necessity", necessity);
  for (const auto& [id, linkage] : read.linkages) judge("linkage", linkage);
  return problems;
}

Matter matter_of(const Proposal& proposal, const std::vector<RegisterEvent>& drafts, const Registers& registers) {
  Matter matter;
  matter.controller = proposal.organisation;
  matter.project = proposal.project;
  matter.submitter = proposal.submitter;
  matter.contributors = proposal.contributors;
  matter.adviser = proposal.adviser;
  const Registers read = fold_drafts(drafts);
  const auto purposes = purposes_in(drafts);
  const auto add_service = [&](const Necessity& necessity) {
    if (const auto service = registers.services.find(necessity.service); service != registers.services.end())
      matter.providers.insert(service->second.provider);
  };
  const auto add_sources = [&](const Linkage& linkage) {
    for (const auto& [id, service] : registers.services)
      if (linkage.sources.contains(service.source)) matter.providers.insert(service.provider);
  };
  for (const auto& [id, necessity] : read.necessities) add_service(necessity);
  for (const auto& [id, linkage] : read.linkages) add_sources(linkage);
  // What its purposes ask already, they would ask under the new words.
  for (const auto& [id, necessity] : registers.necessities)
    if (purposes.contains(necessity.purpose)) add_service(necessity);
  for (const auto& [id, linkage] : registers.linkages)
    if (std::ranges::any_of(linkage.purposes, [&](const auto& each) { return purposes.contains(each); }))
      add_sources(linkage);
  for (const auto& [id, mandate] : registers.mandates)
    if (mandate.principal == matter.controller) matter.processors.insert(mandate.agent);
  return matter;
}

std::set<std::string> purposes_in(const std::vector<RegisterEvent>& drafts) {
  const Registers read = fold_drafts(drafts);
  std::set<std::string> ids;
  for (const auto& [id, purpose] : read.purposes) ids.insert(id);
  for (const auto& [id, necessity] : read.necessities) ids.insert(necessity.purpose);
  for (const auto& [id, linkage] : read.linkages) ids.insert(linkage.purposes.begin(), linkage.purposes.end());
  return ids;
}

std::string_view fault_of_owner(const std::vector<RegisterEvent>& drafts, const std::string& organisation,
                                const Registers& registers) {
  constexpr std::string_view foreign = "it is about a purpose of another organisation";
  const Registers read = fold_drafts(drafts);
  const auto owned = [&](const std::string& purpose) {
    const auto drafted = read.purposes.find(purpose);
    const auto known = registers.purposes.find(purpose);
    const bool free = known == registers.purposes.end() || known->second.controller == organisation;
    return drafted != read.purposes.end() ? free && drafted->second.controller == organisation
                                          : known != registers.purposes.end() && free;
  };
  for (const auto& [id, purpose] : read.purposes)
    if (!owned(id)) return foreign;
  for (const auto& [id, necessity] : read.necessities) {
    const auto known = registers.necessities.find(id);
    if (!owned(necessity.purpose) || (known != registers.necessities.end() && !owned(known->second.purpose)))
      return foreign;
  }
  for (const auto& [id, linkage] : read.linkages) {
    const auto known = registers.linkages.find(id);
    if (!std::ranges::all_of(linkage.purposes, owned) ||
        (known != registers.linkages.end() && !std::ranges::all_of(known->second.purposes, owned)))
      return foreign;
  }
  return {};
}

}  // namespace koppelpoort
