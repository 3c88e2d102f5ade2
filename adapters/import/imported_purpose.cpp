#include "adapters/import/imported_purpose.hpp"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>

namespace koppelpoort {
namespace {

// In a lawful basis, these say that there is none.
constexpr std::string_view denials[] = {"geen wettelijke grondslag", "geen grondslag", "geen wettelijke basis",
                                        "geen juridische grondslag"};
constexpr std::string_view not_applicable[] = {"n.v.t", "nvt", "niet van toepassing"};

bool denies(std::string_view said) {
  const std::string text = boost::algorithm::to_lower_copy(std::string(said));
  const auto holds = [&](std::string_view phrase) { return text.find(phrase) != std::string::npos; };
  const auto begins = [&](std::string_view phrase) { return text.starts_with(phrase); };
  return text == "geen" || text.starts_with("geen ") || std::ranges::any_of(denials, holds) ||
         std::ranges::any_of(not_applicable, begins);
}

bool is_digit(char each) { return each >= '0' && each <= '9'; }

// `BWBR0015703`, wherever it stands in a link.
std::string law_number_in(std::string_view link) {
  constexpr std::size_t digits = 7;
  const std::size_t at = link.find("BWBR");
  if (at == std::string_view::npos || at + 4 + digits > link.size()) return {};
  const std::string_view number = link.substr(at, 4 + digits);
  return std::ranges::all_of(number.substr(4), is_digit) ? std::string(number) : std::string();
}

// `64` of `…&artikel=64&…` and of `…#Hoofdstuk6_Artikel64`.
std::string article_in(std::string_view link) {
  const std::string text = boost::algorithm::to_lower_copy(std::string(link));
  for (const std::string_view mark : {"artikel=", "artikel"})
    if (const std::size_t at = text.rfind(mark); at != std::string::npos) {
      const std::size_t begin = at + mark.size();
      const std::size_t end = text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz.:", begin);
      if (begin < text.size() && is_digit(text[begin])) return text.substr(begin, end - begin);
    }
  return {};
}

// Whether the catalogue's `64(1)(o) and (p)` is about article `64`.
bool is_article(std::string_view entry, std::string_view article) {
  if (!entry.starts_with(article)) return false;
  if (entry.size() == article.size()) return true;
  const char next = entry[article.size()];
  return next == '(' || next == ' ' || next == ',' || next == '-';
}

bool is_control(char each) { return static_cast<unsigned char>(each) < 0x20 || each == 0x7f; }

// A TOML string; JSON's escapes are among TOML's, which also wants DEL escaped.
std::string quoted(std::string_view text) {
  std::string plain(text);
  std::ranges::replace(plain, '\x7f', ' ');
  return boost::json::serialize(boost::json::string(plain));
}

// Of others' text: one line, whatever it holds.
std::string comment_of(std::string text) {
  std::ranges::replace_if(text, is_control, ' ');
  return "# " + text + "\n";
}

std::string list_of(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + quoted(item);
  return "[" + text + "]";
}

std::string joined(const auto& items) {
  std::string text;
  for (const auto& item : items) text += (text.empty() ? "" : ", ") + std::string(item);
  return text;
}

std::vector<std::string> entries_of(const ImportedPurpose& purpose) {
  std::vector<std::string> all;
  for (const auto& basis : purpose.bases)
    for (const auto& entry : basis.entries)
      if (std::ranges::find(all, entry) == all.end()) all.push_back(entry);
  return all;
}

Lack lack_of_basis(const ImportedPurpose& purpose) {
  if (const auto entries = entries_of(purpose); !entries.empty())
    return {"bases", "kies de grondslag; bij deze wet kent de catalogus " + joined(entries),
            "choose the legal basis; for this law the catalogue has " + joined(entries)};
  std::set<std::string> unknown;
  for (const auto& basis : purpose.bases) unknown.insert(basis.unknown.begin(), basis.unknown.end());
  if (!unknown.empty())
    return {"bases", "de wet " + joined(unknown) + " staat niet in de catalogus; een jurist moet die eerst toevoegen",
            "the law " + joined(unknown) + " is not in the catalogue; a lawyer must add it first"};
  const bool said = std::ranges::any_of(purpose.bases, [](const SaidBasis& each) { return !each.text.empty(); });
  if (said)
    return {"bases", "noem de grondslag; de tekst wijst geen wet aan die de catalogus kent",
            "name the legal basis; the text points at no law that the catalogue knows"};
  return {"bases", "noem de grondslag; er staat er geen", "name the legal basis; there is none"};
}

}  // namespace

bool is_refused(const ImportedPurpose& purpose) {
  return std::ranges::any_of(purpose.bases, [](const SaidBasis& each) { return each.denied; });
}

std::vector<Lack> lacks_of(const ImportedPurpose& purpose, std::string_view role) {
  std::vector<Lack> lacks;
  if (role.empty())
    lacks.push_back(
        {"role", "zeg in welke rol de organisatie dit doet", "say in which role the organisation does this"});
  lacks.push_back({"goal", "kies het doel uit de vaste lijst", "choose the goal from the fixed list"});
  lacks.push_back(lack_of_basis(purpose));
  if (purpose.needs.empty())
    lacks.push_back(
        {"necessity", "zeg welke gegevens van welke bron nodig zijn", "say which data of which source are needed"});
  for (const auto& need : purpose.needs) {
    if (need.service.empty())
      lacks.push_back({"service", "kies de dienst voor " + need.source, "choose the service for " + need.source});
    if (need.elements.empty())
      lacks.push_back({"elements", "kies de gegevenselementen voor " + joined(need.unnamed),
                       "choose the data elements for " + joined(need.unnamed)});
    else if (!need.unnamed.empty())
      lacks.push_back(
          {"", "geen element bekend voor " + joined(need.unnamed), "no element known for " + joined(need.unnamed)});
  }
  if (!purpose.needs.empty()) {
    lacks.push_back({"proportionality", "leg uit waarom elk gegeven nodig is", "explain why each datum is needed"});
    lacks.push_back({"subsidiarity", "leg uit waarom het niet met minder kan", "explain why less would not do"});
  }
  if (!purpose.retention_months) lacks.push_back({"", "noem de bewaartermijn", "say how long the data are kept"});
  if (!purpose.same_as.empty())
    lacks.push_back({"", "zelfde doel als " + purpose.same_as + ": houd er één",
                     "same purpose as " + purpose.same_as + ": keep one"});
  lacks.push_back({"", "DPIA, advies van de FG en handtekening van het bestuur",
                   "DPIA, the FG's advice and the board's signature"});
  return lacks;
}

std::string file_of(const ImportedPurpose& purpose, std::string_view controller, std::string_view role) {
  std::string file = comment_of("Still to be done:");
  for (const auto& lack : lacks_of(purpose, role)) file += comment_of("- " + lack.nl + " (" + lack.en + ")");
  for (const auto& basis : purpose.bases)
    if (!basis.text.empty()) file += comment_of("Basis, as the source says: " + basis.text);
  file += "\n[[purpose]]\nid = " + quoted(purpose.id) + "\ncontroller = " + quoted(controller) + "\n";
  file += role.empty() ? "# role =\n" : "role = " + quoted(role) + "\n";
  file += "# goal =\ntitle = " + quoted(purpose.title) + "\n";
  if (!purpose.description.empty()) file += "description = " + quoted(purpose.description) + "\n";
  file += "# bases = " + list_of(entries_of(purpose)) + "\n";
  if (purpose.retention_months) file += "retention_months = " + std::to_string(*purpose.retention_months) + "\n";
  std::size_t number = 0;
  for (const auto& need : purpose.needs) {
    file += "\n[[necessity]]\nid = " + quoted(purpose.id + "-" + std::to_string(++number)) +
            "\npurpose = " + quoted(purpose.id) + "\n";
    file += need.service.empty() ? "# service =\n" : "service = " + quoted(need.service) + "\n";
    file += need.elements.empty() ? "# elements = []\n" : "elements = " + list_of(need.elements) + "\n";
    if (!need.unnamed.empty()) file += comment_of("without an element: " + joined(need.unnamed));
    file += "# proportionality =\n# subsidiarity =\n";
  }
  return file;
}

SaidBasis said_basis(const Catalogue& catalogue, std::string_view text, std::string_view link,
                     std::string_view article) {
  SaidBasis said;
  said.text = text;
  said.denied = denies(text);
  if (said.denied) return said;
  std::string number = law_number_in(link);
  if (number.empty()) number = law_number_in(text);
  const std::string wanted = article.empty() ? article_in(link) : std::string(article);
  const std::string words = boost::algorithm::to_lower_copy(std::string(text));
  bool known = false;
  std::vector<std::string> of_law;
  for (const auto& [id, entry] : catalogue.entries) {
    const std::string name = boost::algorithm::to_lower_copy(entry.law->name);
    const bool law = number.empty() ? !name.empty() && words.find(name) != std::string::npos : entry.law->bwb == number;
    if (!law) continue;
    known = true;
    of_law.push_back(id);
    if (!wanted.empty() && is_article(entry.article, wanted)) said.entries.push_back(id);
  }
  if (said.entries.empty()) said.entries = std::move(of_law);  // the law, without one that fits the article
  if (!known && !number.empty()) said.unknown.insert(number);
  return said;
}

std::string id_from(std::string_view text) {
  std::string id;
  for (const char each : boost::algorithm::to_lower_copy(std::string(text))) {
    const bool plain = is_digit(each) || (each >= 'a' && each <= 'z');
    if (plain)
      id += each;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  while (id.ends_with('-')) id.pop_back();
  return id;
}

}  // namespace koppelpoort
