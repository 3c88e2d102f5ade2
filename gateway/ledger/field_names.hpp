// The ledger's lists of field names, read back: a record names a list by its id.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace koppelpoort {

// Named lists of elements, as the ledger holds them: written once, before the first record that names them.
class FieldNames {
 public:
  void add(std::string_view entry);                                       // a record of kind `fields`
  const std::vector<std::string>& elements(const std::string& id) const;  // empty when the list is not known

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> lists_;
};

}  // namespace koppelpoort
