// Lists of element names, written into the ledger once and then referred to: a record of kind `fields` holds the names,
// every other record only the list's id. Keeps records small and still readable by themselves.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "gateway/ledger/ledger.hpp"
#include "policies/taxonomy.hpp"

namespace koppelpoort {

class FieldLists {
 public:
  explicit FieldLists(Ledger& ledger) : ledger_(ledger) {}

  // The id of this list: the beginning of the hash of its names; empty for no elements. A list that was not used since
  // the start is written first, ahead of whatever record will refer to it.
  std::string id_of(const Taxonomy& taxonomy, const ElementSet& elements);

 private:
  Ledger& ledger_;
  std::mutex mutex_;
  std::unordered_map<ElementSet, std::string> known_;
};

}  // namespace koppelpoort
