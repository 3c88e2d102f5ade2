// Who may look into the ledger or take from it, and as what. Nobody who is not named here may.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace koppelpoort {

enum class CustodyRole : std::uint8_t {
  reader,        // reads what was decided, without persons
  subject_desk,  // answers persons who ask what is known about them (art. 15 AVG)
  auditor,       // reads records with their private parts
  keeper         // erases, holds, destroys keys
};

using CustodyRoleName = std::pair<std::string_view, CustodyRole>;
constexpr std::array<CustodyRoleName, 4> custody_roles() {
  return {CustodyRoleName{"reader", CustodyRole::reader}, CustodyRoleName{"subject-desk", CustodyRole::subject_desk},
          CustodyRoleName{"auditor", CustodyRole::auditor}, CustodyRoleName{"keeper", CustodyRole::keeper}};
}
constexpr std::string_view name_of(CustodyRole role) { return custody_roles()[static_cast<std::size_t>(role)].first; }

struct Custodian {
  std::string user;  // login name on this machine
  std::set<CustodyRole> roles;
  // Who reads records with their private parts reads the rest of them too.
  bool may(CustodyRole role) const {
    return roles.contains(role) || (role == CustodyRole::reader && roles.contains(CustodyRole::auditor));
  }
  int searches_per_hour = 30;  // for persons; more is refused and alarmed, because each one tells who is known here
};

}  // namespace koppelpoort
