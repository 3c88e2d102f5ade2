// A purpose out of somebody else's register, as a draft for ours. Nothing is filled in that its source does not say:
// what is missing is named, so that people can add it before the FG sees it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "legal_bases/catalogue.hpp"

namespace koppelpoort {

// What a text, a link or an article says about the legal basis.
struct SaidBasis {
  std::string text;                  // as it stands there
  bool denied = false;               // it says itself that there is none, or that the question does not apply
  std::vector<std::string> entries;  // of the catalogue, that this law or article has: to choose from
  std::set<std::string> unknown;     // laws that it names by their number and the catalogue does not hold
};

struct ImportedPurpose {
  struct Need {                         // of one source
    std::string service;                // id in our registers; empty: still to be said which
    std::string source;                 // as the text names it
    std::vector<std::string> elements;  // of our taxonomy
    std::vector<std::string> unnamed;   // data that have no element yet, as the text names them
  };
  std::string id, title, description;
  std::optional<int> retention_months;
  std::vector<SaidBasis> bases;
  std::vector<Need> needs;
  std::string same_as;  // id of an earlier draft with the same title: one of them is to be kept
};

// Their own text says that there is no basis: this is not taken over.
bool is_refused(const ImportedPurpose& purpose);

// What must be added before it can be approved, each in one sentence.
struct Lack {
  std::string key;  // of the register entry; empty: of the matter, not of the form
  std::string nl, en;
};
std::vector<Lack> lacks_of(const ImportedPurpose& purpose, std::string_view role);

// A register file, with what is missing as comments, ready to be completed and offered with `register apply`.
std::string file_of(const ImportedPurpose& purpose, std::string_view controller, std::string_view role);

// Judges the text beside a link (wetten.overheid.nl: BWB number, with or without article) and an article.
SaidBasis said_basis(const Catalogue& catalogue, std::string_view text, std::string_view link = {},
                     std::string_view article = {});

// `Woonadres (BAG)` → `woonadres-bag`.
std::string id_from(std::string_view text);

}  // namespace koppelpoort
