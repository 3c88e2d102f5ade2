// What of a BRP person may leave, computed without any of the gate's code but the mapping file's list of paths: by
// walking a parsed document and keeping what a list of field paths opens.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/files/files.hpp"
#include "tests/support/world.hpp"

namespace koppelpoort::test {

namespace json = boost::json;
namespace fs = std::filesystem;

// These the source adds to whatever is asked (BRP API 2.7.0).
inline const std::set<std::string> always{"geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni",
                                          "verificatie"};
// Criminal data by the taxonomy (exclusion from voting): the bases of this test do not open them.
inline const std::set<std::string> closed{"europeesKiesrecht.aanduiding", "europeesKiesrecht.einddatumUitsluiting",
                                          "uitsluitingKiesrecht.uitgeslotenVanKiesrecht",
                                          "uitsluitingKiesrecht.einddatum"};

inline std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty() && line != "pad") lines.push_back(line);
  }
  return lines;
}

inline bool at_or_under(const std::string& path, const std::string& parent) {
  return path == parent || (path.size() > parent.size() && path.starts_with(parent) && path[parent.size()] == '.');
}

// A date or code table is one datum: asking `geboorte.datum.jaar` asks `geboorte.datum`.
inline std::string whole(const std::string& path) {
  static const std::set<std::string> parts{"code",  "omschrijving", "soort", "langFormaat",
                                           "datum", "onbekend",     "jaar",  "maand"};
  const auto dot = path.rfind('.');
  if (dot == std::string::npos) return path;
  const std::string last = path.substr(dot + 1), parent = path.substr(0, dot),
                    name = parent.substr(parent.rfind('.') + 1);
  const bool date_of_event =
      last == "datum" && (name == "geboorte" || name == "overlijden" || name == "aangaanHuwelijkPartnerschap" ||
                          name == "ontbindingHuwelijkPartnerschap");
  if (date_of_event || !parts.contains(last)) {
    const bool type_of_date =
        last == "type" && name != "verblijfplaats" && name != "nationaliteiten" && name != "gezag";
    return type_of_date ? parent : path;
  }
  return parent;
}

class Expected {
 public:
  explicit Expected(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  // What may remain of `value` at `path`; nothing when nothing may.
  std::optional<json::value> prune(const json::value& value, const std::string& path) const {
    if (!path.empty() && datum_allowed(path)) return value;
    if (!has_something_below(path)) return std::nullopt;
    if (value.is_array()) {
      json::array kept;
      for (const auto& item : value.as_array())
        if (auto left = prune(item, path)) kept.push_back(*left);
      if (kept.empty() && !value.as_array().empty()) return std::nullopt;
      return kept;
    }
    if (!value.is_object()) return std::nullopt;
    json::object kept;
    bool content = false, lost = false;
    for (const auto& [key, member] : value.as_object()) {
      const std::string name(key);
      const std::string below = path.empty() ? name : path + "." + name;
      if (name == "inOnderzoek") {
        keep_twin(kept, member, path, lost);
      } else if (path.empty() && always.contains(name)) {
        kept[key] = member;
      } else if (auto left = prune(member, below)) {
        kept[key] = *left;
        content = true;
        lost = lost || *left != member;
      } else {
        lost = true;
      }
    }
    if (!content && lost) return std::nullopt;
    return kept;
  }

 private:
  bool datum_allowed(const std::string& path) const {
    return std::ranges::any_of(allowed_, [&](const std::string& each) { return at_or_under(path, each); });
  }
  bool has_something_below(const std::string& path) const {
    return path.empty() ||
           std::ranges::any_of(allowed_, [&](const std::string& each) { return at_or_under(each, path); });
  }
  // `inOnderzoek` repeats the names of its siblings; a mark goes with what it marks, a date with at least one mark.
  void keep_twin(json::object& kept, const json::value& twin, const std::string& path, bool& lost) const {
    json::object marks;
    bool marked = false;
    for (const auto& [key, mark] : twin.as_object()) {
      const std::string name(key), sibling = path.empty() ? name : path + "." + name;
      const bool date = name.starts_with("datumIngangOnderzoek");
      const bool passes =
          date || datum_allowed(sibling) || has_something_below(sibling) || (path.empty() && always.contains(name));
      if (passes) marks[key] = mark;
      marked = marked || (passes && !date);
    }
    lost = lost || marks.size() != twin.as_object().size();
    if (marked) kept["inOnderzoek"] = marks;
    if (!marked && marks.size() == twin.as_object().size()) kept["inOnderzoek"] = twin;
  }

  std::vector<std::string> allowed_;
};

inline std::vector<std::string> mapped_paths() {
  Problems problems;
  const auto document = load_toml(source_folder() + "/adapters/wire/brp/brp-personen-2.toml", problems);
  TomlTable root = document->root(problems);
  return root.tables("operation").front().table("answer")->keys();
}

inline std::string element_of(const std::string& path) {
  Problems problems;
  static const auto document = load_toml(source_folder() + "/adapters/wire/brp/brp-personen-2.toml", problems);
  TomlTable root = document->root(problems);
  return root.tables("operation").front().table("answer")->text(path);
}

// The data that a field set opens, as whole paths.
inline std::vector<std::string> opened(const std::vector<std::string>& fields) {
  std::set<std::string> paths;
  for (const auto& field : fields)
    for (const auto& path : mapped_paths())
      if (at_or_under(path, field) || path == whole(field) || at_or_under(field, path)) paths.insert(path);
  std::vector<std::string> all;
  for (const auto& path : paths)
    if (!closed.contains(path)) all.push_back(path);
  return all;
}

inline std::vector<json::object> read_lines(const std::string& path) {
  std::ifstream in(path);
  std::vector<json::object> all;
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) all.push_back(json::parse(line).as_object());
  return all;
}

}  // namespace koppelpoort::test
