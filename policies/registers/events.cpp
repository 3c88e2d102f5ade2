#include "policies/registers/events.hpp"

#include <map>

namespace koppelpoort {
namespace {

using Key = std::pair<std::string, std::string>;

std::map<Key, const RegisterEvent*> last_of_each(const std::vector<RegisterEvent>& events) {
  std::map<Key, const RegisterEvent*> last;
  for (const auto& event : events) {
    if (event.removed)
      last.erase({event.kind, event.id});
    else
      last[{event.kind, event.id}] = &event;
  }
  return last;
}

void apply(Registers& registers, const RegisterEvent& event, Problems& problems) {
  if (event.removed) {
    remove_register_entry(registers, event.kind, event.id);
    return;
  }
  const std::string place = "register event " + std::to_string(event.version);
  const auto document = TomlDocument::parse(event.body, place, problems);
  if (!document) return;
  const std::string id = read_register_entry(registers, event.kind, document->root(problems));
  if (id != event.id) problems.push_back({place, 0, "is about `" + event.id + "` but its body says `" + id + "`"});
}

}  // namespace

Registers fold(const std::vector<RegisterEvent>& events, std::int64_t until, Problems& problems) {
  std::vector<RegisterEvent> known;
  for (const auto& event : events)
    if (event.version <= until) known.push_back(event);
  Registers registers;
  for (const auto& [key, event] : last_of_each(known)) apply(registers, *event, problems);
  return registers;
}

Registers fold_onto(Registers before, const std::vector<RegisterEvent>& events, Problems& problems) {
  for (const auto& event : events) apply(before, event, problems);
  return before;
}

std::vector<RegisterEvent> read_register_file(const TomlDocument& document, Problems& problems) {
  TomlTable root = document.root(problems);
  auto events = read_register_tables(root);
  root.done();
  return events;
}

std::vector<RegisterEvent> read_register_tables(TomlTable& root) {
  std::vector<RegisterEvent> events;
  std::map<Key, std::size_t> seen;
  Registers registers;
  for (const auto kind : register_kinds)
    for (auto& table : root.tables(kind)) {
      RegisterEvent event;
      event.kind = kind;
      event.body = table.canonical();
      event.id = read_register_entry(registers, kind, table);
      const auto [at, fresh] = seen.emplace(Key{event.kind, event.id}, table.line());
      if (!fresh)
        table.problem("id",
                      "`" + event.id + "` stands in this file twice, first on line " + std::to_string(at->second));
      events.push_back(std::move(event));
    }
  return events;
}

std::vector<RegisterEvent> difference(const std::vector<RegisterEvent>& events,
                                      const std::vector<RegisterEvent>& wanted, bool prune) {
  const auto last = last_of_each(events);
  std::vector<RegisterEvent> changes;
  std::map<Key, bool> named;
  for (const auto& event : wanted) {
    const Key key{event.kind, event.id};
    named[key] = true;
    const auto at = last.find(key);
    if (at == last.end() || at->second->body != event.body) changes.push_back(event);
  }
  if (prune)
    for (const auto& [key, event] : last)
      if (!named.contains(key)) {
        RegisterEvent removal;
        removal.kind = key.first;
        removal.id = key.second;
        removal.removed = true;
        changes.push_back(std::move(removal));
      }
  return changes;
}

std::string export_registers(const std::vector<RegisterEvent>& events) {
  std::string file;
  for (const auto& [key, event] : last_of_each(events)) {
    // Nested tables of a body are written with their full name, so that the file reads back the same.
    file += "[[" + key.first + "]]\n";
    std::string_view body = event->body;
    while (!body.empty()) {
      const std::size_t end = body.find('\n');
      std::string_view text = body.substr(0, end);
      if (text.starts_with("[["))
        file += "[[" + key.first + "." + std::string(text.substr(2)) + "\n";
      else if (text.starts_with('['))
        file += "[" + key.first + "." + std::string(text.substr(1)) + "\n";
      else
        file += std::string(text) + "\n";
      if (end == std::string_view::npos) break;
      body.remove_prefix(end + 1);
    }
    file += "\n";
  }
  return file;
}

}  // namespace koppelpoort
