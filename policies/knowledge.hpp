// What the law room and the taxonomy give; the same for every register version. Made of the texts of one release.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "legal_bases/catalogue.hpp"
#include "policies/codes.hpp"
#include "policies/proxy_guard.hpp"
#include "policies/taxonomy.hpp"

namespace koppelpoort {

// Which elements one flow of the catalogue carries, compiled once.
struct FlowCover {
  ElementSet named;              // category or field list names them
  ElementSet exempted;           // of those, without the special and criminal ones that the flow does not exempt
  ElementSet special, criminal;  // named, but not exempted
  ElementSet numbers;            // named person numbers; whether they pass depends on the number's own ground
};

struct Knowledge {
  Texts texts;         // what it was made of
  std::string digest;  // of the texts, SHA-256, hexadecimal
  Catalogue catalogue;
  Taxonomy taxonomy;
  ProxyWords proxies;
  Reasons reasons;
  std::vector<FlowCover> covers;  // by Flow::index
};

// Null with problems.
std::shared_ptr<const Knowledge> read_knowledge(Texts texts, Problems& problems);

}  // namespace koppelpoort
