// Which capacities the gate itself has established for the persons of a request (KP-504): from the sets that the
// controller loaded, never from what the caller says. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/store/sqlite/relations.hpp"
#include "gateway/keys/keys.hpp"
#include "policies/exchange.hpp"

namespace koppelpoort {

// Another name than in the ledger, so that a copy of the relations joins nothing there. Throws KeyError when the year
// has no key.
RelationName relation_name_of(Keys& keys, int year, std::string_view controller, std::string_view person_number);

class ClientRelations {
 public:
  // `file` may be made later: until then nobody is a client.
  ClientRelations(Keys& keys, std::string file) : keys_(keys), file_(std::move(file)) {}

  // Those that every one of these persons has on that day; none for nobody. Throws StoreError or KeyError.
  std::vector<Relation> of_all(const std::string& purpose, std::string_view controller,
                               const std::vector<std::string>& person_numbers, Date day);

 private:
  Keys& keys_;
  std::string file_;
  std::unique_ptr<Relations> store_;
};

}  // namespace koppelpoort
