#include "gateway/ledger/field_names.hpp"

#include "gateway/ledger/members.hpp"

namespace koppelpoort {

void FieldNames::add(std::string_view entry) {
  std::string id;
  std::vector<std::string> names;
  std::int64_t part = 0;
  for (Members members(entry); members.next();) {
    if (members.name() == "id") id = members.text();
    if (members.name() == "names") names = members.texts();
    if (members.name() == "part") part = members.number();
  }
  auto& list = lists_[id];
  if (part == 0) list.clear();
  list.insert(list.end(), names.begin(), names.end());
}

const std::vector<std::string>& FieldNames::elements(const std::string& id) const {
  static const std::vector<std::string> none;
  const auto at = lists_.find(id);
  return at == lists_.end() ? none : at->second;
}

}  // namespace koppelpoort
