// The sources that are JSON: case types, algorithms, flows, fields of laws.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>

#include "adapters/import/json_sources.hpp"

namespace koppelpoort {
namespace {

namespace json = boost::json;

constexpr int months_of_year = 12;

json::value parsed(std::string_view text, const std::string& where) {
  boost::system::error_code malformed;
  json::value value = json::parse(text, malformed);
  if (malformed) throw std::invalid_argument(where + " is no JSON: " + malformed.message());
  return value;
}

const json::object& object_of(const json::value& value, const std::string& where) {
  if (!value.is_object()) throw std::invalid_argument(where + " is no object");
  return value.get_object();
}

json::array list_in(std::string_view text) {
  json::value value = parsed(text, "the file");
  if (!value.is_array()) throw std::invalid_argument("the file is no list of entries");
  return std::move(value.get_array());
}

// Absent, null and other kinds are all the same to a reader: it does not say so.
std::string text_in(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

const json::array& array_in(const json::object& object, std::string_view member) {
  static const json::array none;
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

std::string required(const json::object& object, std::string_view member, std::size_t number) {
  std::string text = text_in(object, member);
  if (text.empty())
    throw std::invalid_argument("entry " + std::to_string(number) + ": `" + std::string(member) + "` is missing");
  return text;
}

// ISO 8601 with one unit (`P5Y`, `P42D`), in whole months, rounded up; nothing when it is something else.
std::optional<int> months_of(std::string_view period) {
  constexpr int days_of_month = 30, days_of_week = 7;
  if (period.size() < 3 || period.front() != 'P') return std::nullopt;
  int count = 0;
  const char* end = period.data() + period.size();
  const auto [stop, error] = std::from_chars(period.data() + 1, end, count);
  if (error != std::errc{} || stop + 1 != end || count <= 0 || count > 1000) return std::nullopt;
  switch (*stop) {
    case 'Y': return count * months_of_year;
    case 'M': return count;
    case 'W': return (count * days_of_week + days_of_month - 1) / days_of_month;
    case 'D': return (count + days_of_month - 1) / days_of_month;
    default: return std::nullopt;
  }
}

// The beginning of a long text, whole characters, for a list.
std::string first_line_of(std::string_view text) {
  constexpr std::size_t most = 120;
  std::string line(text.substr(0, text.find('\n')));
  if (line.size() <= most) return line;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0u) == 0x80u) --end;
  return line.substr(0, end) + "…";
}

// Ids and titles of what was read: an id is given once, a title that comes again is named.
class Titles {
 public:
  void add(ImportedPurpose& draft) {
    const int times = ++ids_[draft.id];
    if (times > 1) draft.id += "-" + std::to_string(times);
    const auto [first, fresh] = titles_.emplace(draft.title, draft.id);
    if (!fresh) draft.same_as = first->second;
  }

 private:
  std::map<std::string, int> ids_;
  std::map<std::string, std::string> titles_;
};

// Each entry of a list, by what `read` makes of it. Its number is for messages.
std::vector<ImportedPurpose> import_list(
    std::string_view text, const std::function<ImportedPurpose(const json::object& entry, std::size_t number)>& read) {
  std::vector<ImportedPurpose> drafts;
  Titles titles;
  for (const auto& value : list_in(text)) {
    const std::size_t number = drafts.size() + 1;
    ImportedPurpose draft = read(object_of(value, "entry " + std::to_string(number)), number);
    titles.add(draft);
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

}  // namespace

std::vector<ImportedPurpose> import_case_types(std::string_view text) {
  return import_list(text, [](const json::object& entry, std::size_t number) {
    ImportedPurpose draft;
    draft.id = id_from("zaaktype " + required(entry, "identificatie", number));
    draft.title = required(entry, "omschrijving", number);
    draft.description = text_in(entry, "doel");
    for (const auto& result : array_in(entry, "resultaten"))
      if (result.is_object())
        if (const auto months = months_of(text_in(result.get_object(), "archiefactietermijn")))
          draft.retention_months = std::max(draft.retention_months.value_or(0), *months);
    return draft;
  });
}

std::vector<ImportedPurpose> import_algorithms(std::string_view text, const Catalogue& catalogue) {
  return import_list(text, [&](const json::object& entry, std::size_t number) {
    ImportedPurpose draft;
    const std::string name = required(entry, "name", number), owner = text_in(entry, "organization");
    draft.id = id_from("algoritme " + owner + " " + name);
    draft.title = owner.empty() ? name : name + " (" + owner + ")";
    draft.description = text_in(entry, "goal");
    draft.bases.push_back(said_basis(catalogue, text_in(entry, "lawful_basis")));
    if (const std::string data = text_in(entry, "source_data"); !data.empty())
      draft.needs.push_back({{}, "de bron van het algoritme", {}, {first_line_of(data)}});
    return draft;
  });
}

std::vector<ImportedPurpose> import_flows(std::string_view text, const Catalogue& catalogue) {
  return import_list(text, [&](const json::object& entry, std::size_t number) {
    ImportedPurpose draft;
    draft.id = id_from("stroom " + required(entry, "id", number));
    const std::string source = text_in(entry, "source");
    draft.title = source + " → " + text_in(entry, "recipient");
    for (const auto& decision : array_in(entry, "decisions"))
      if (decision.is_object()) {
        const json::object& made = decision.get_object();
        for (const char* member : {"decision", "use", "condition"})
          if (const std::string said = text_in(made, member); !said.empty())
            draft.description += (draft.description.empty() ? "" : "; ") + said;
      }
    if (!draft.description.empty()) draft.title += ": " + draft.description.substr(0, draft.description.find(';'));
    ImportedPurpose::Need need{{}, source, {}, {}};
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& group : array_in(entry, "data"))
      if (group.is_object()) {
        const json::object& data = group.get_object();
        need.unnamed.push_back(text_in(data, "data_group"));
        const std::string basis = text_in(data, "legal_basis"), link = text_in(data, "legal_basis_link");
        if (seen.emplace(basis, link).second) draft.bases.push_back(said_basis(catalogue, basis, link));
      }
    if (!need.unnamed.empty()) draft.needs.push_back(std::move(need));
    return draft;
  });
}

std::vector<ImportedPurpose> import_law_fields(std::string_view text, const Catalogue& catalogue) {
  std::vector<ImportedPurpose> drafts;
  std::map<std::string, std::size_t> by_id;
  std::set<std::tuple<std::size_t, std::string, std::string>> seen;  // draft, law and article
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.find_first_not_of(" \r\t") == std::string_view::npos) continue;
    const std::string where = "line " + std::to_string(number);
    const json::value value = parsed(line, where);
    const json::object& entry = object_of(value, where);
    const std::string law = required(entry, "law", number), executor = text_in(entry, "service");
    const std::string id = id_from("wet " + law + " " + executor);
    const auto [place, fresh] = by_id.emplace(id, drafts.size());
    if (fresh) {
      ImportedPurpose made;
      made.id = id;
      made.title = law + " (" + executor + ")";
      drafts.push_back(std::move(made));
    }
    ImportedPurpose& draft = drafts[place->second];
    std::string source = text_in(entry, "from_service");
    if (source.empty()) source = executor;
    auto need = std::ranges::find(draft.needs, source, &ImportedPurpose::Need::source);
    if (need == draft.needs.end()) need = draft.needs.insert(need, {{}, source, {}, {}});
    need->unnamed.push_back(required(entry, "field", number));
    for (const char* member : {"legal_basis", "law_legal_basis"}) {
      const json::value* basis = entry.if_contains(member);
      if (basis == nullptr || !basis->is_object()) continue;
      const json::object& said = basis->get_object();
      const std::string number_of_law = text_in(said, "bwb_id"), article = text_in(said, "article");
      if (seen.emplace(place->second, number_of_law, article).second)
        draft.bases.push_back(said_basis(catalogue, text_in(said, "law") + (article.empty() ? "" : " art. " + article),
                                         number_of_law, article));
      break;  // the field's own, or else the law's
    }
  }
  return drafts;
}

}  // namespace koppelpoort
