#include "adapters/export/change_event.hpp"

#include <boost/json.hpp>

#include "legal_bases/strict_toml.hpp"

namespace koppelpoort {
namespace {

// Of entries that have one: draft, active, suspended…
std::string state_of(const RegisterEvent& event) {
  Problems problems;
  const auto entry = TomlDocument::parse(event.body, event.id, problems);
  return entry ? entry->root(problems).text_if("state").value_or("") : std::string();
}

}  // namespace

std::string change_event(const RegisterEvent& event, const std::string& source) {
  namespace json = boost::json;
  json::object data{{"versie", event.version}, {"soort", event.kind}, {"id", event.id}, {"vervallen", event.removed}};
  if (const std::string state = state_of(event); !state.empty()) data["toestand"] = state;
  return json::serialize(json::object{{"specversion", "1.0"},
                                      {"id", "register-" + std::to_string(event.version)},
                                      {"source", source},
                                      {"type", "nl.koppelpoort.register-gewijzigd"},
                                      {"subject", event.kind + "/" + event.id},
                                      {"time", to_text(event.at)},
                                      {"datacontenttype", "application/json"},
                                      {"data", std::move(data)}});
}

}  // namespace koppelpoort
