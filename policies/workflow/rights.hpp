// Who may do what in the registers and their workflow: one table, read by the API and by the tests (sector picture,
// who sees what; decision model, section 6). No role approves alone, and no role changes the ledger.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace koppelpoort {

enum class AccountRole : std::uint8_t {
  requester,      // writes purposes down
  owner,          // answers for a purpose
  fg,             // advises (art. 37-39 AVG)
  fg_deputy,      // in the FG's place
  board,          // signs for the controller
  works_council,  // sees links of staff data
  ops,            // sees what was refused, and why
  auditor,        // reads all that was recorded
  subject_desk,   // answers persons who ask (art. 15 AVG)
  administrator   // keeps accounts, and nothing else
};
inline constexpr std::size_t account_role_count = 10;

enum class Right : std::uint8_t {
  see_catalogue,  // law, organisations, services: what every organisation knows
  see_purposes,
  see_staff_purposes,  // of the organisation's own staff
  see_proposals,
  write_proposal,
  submit,
  comment,
  advise,
  sign,
  suspend,
  withdraw,
  see_decisions,
  see_history,  // who changed what, who signed in
  manage_accounts,
  confirm_accounts,   // that somebody gets a right to decide
  acknowledge_report  // that the board saw a periodic report
};
inline constexpr std::size_t right_count = 16;

bool may(AccountRole role, Right right, bool own_organisation);

std::string_view name_of(AccountRole role);
std::string_view name_of(Right right);
std::optional<AccountRole> role_named(std::string_view name);
std::array<AccountRole, account_role_count> account_roles();
std::array<Right, right_count> all_rights();

using AccountRoles = std::set<AccountRole>;
bool any_may(const AccountRoles& roles, Right right, bool own_organisation);

// Whether these roles decide something: then a second person confirms who gets them.
bool decides(const AccountRoles& roles);

// Why one account cannot hold these roles together; empty when it can. Who advises neither asks, owns nor signs (art.
// 38(6) AVG); who keeps accounts decides nothing.
std::string_view fault_of_roles(const AccountRoles& roles);

}  // namespace koppelpoort
