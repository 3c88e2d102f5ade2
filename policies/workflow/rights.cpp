#include "policies/workflow/rights.hpp"

#include <algorithm>
#include <utility>

namespace koppelpoort {
namespace {

constexpr std::pair<std::string_view, AccountRole> roles[] = {{"requester", AccountRole::requester},
                                                              {"owner", AccountRole::owner},
                                                              {"fg", AccountRole::fg},
                                                              {"fg-deputy", AccountRole::fg_deputy},
                                                              {"board", AccountRole::board},
                                                              {"works-council", AccountRole::works_council},
                                                              {"ops", AccountRole::ops},
                                                              {"auditor", AccountRole::auditor},
                                                              {"subject-desk", AccountRole::subject_desk},
                                                              {"administrator", AccountRole::administrator}};
static_assert(std::size(roles) == account_role_count);

constexpr std::pair<std::string_view, Right> operations[] = {{"see-catalogue", Right::see_catalogue},
                                                             {"see-purposes", Right::see_purposes},
                                                             {"see-staff-purposes", Right::see_staff_purposes},
                                                             {"see-proposals", Right::see_proposals},
                                                             {"write-proposal", Right::write_proposal},
                                                             {"submit", Right::submit},
                                                             {"comment", Right::comment},
                                                             {"advise", Right::advise},
                                                             {"sign", Right::sign},
                                                             {"suspend", Right::suspend},
                                                             {"withdraw", Right::withdraw},
                                                             {"see-decisions", Right::see_decisions},
                                                             {"see-history", Right::see_history},
                                                             {"manage-accounts", Right::manage_accounts},
                                                             {"confirm-accounts", Right::confirm_accounts},
                                                             {"acknowledge-report", Right::acknowledge_report}};
static_assert(std::size(operations) == right_count);

// One column a role, in the order above: `o` in the own organisation, `a` in every one, `.` never.
// clang-format off
constexpr std::pair<Right, std::string_view> table[] = {
    //            requester, owner, fg, deputy, board, works council, ops, auditor, desk, administrator
    {Right::see_catalogue,      "aaaaaaaaaa"},
    {Right::see_purposes,       "ooooo.ooo."},
    {Right::see_staff_purposes, "ooooooooo."},
    {Right::see_proposals,      "ooooo..o.."},
    {Right::write_proposal,     "oo........"},
    {Right::submit,             "oo........"},
    {Right::comment,            "ooooo....."},
    {Right::advise,             "..oo......"},
    {Right::sign,               "....o....."},
    {Right::suspend,            ".oooo....."},
    {Right::withdraw,           ".o..o....."},
    {Right::see_decisions,      "oooo..oo.."},
    {Right::see_history,        "..oo...o.o"},
    {Right::manage_accounts,    ".........o"},
    {Right::confirm_accounts,   "....o....o"},
    {Right::acknowledge_report, "....o....."}};
// clang-format on
static_assert(std::size(table) == right_count);

}  // namespace

bool may(AccountRole role, Right right, bool own_organisation) {
  const auto row = std::ranges::find(table, right, &std::pair<Right, std::string_view>::first);
  const char cell = row->second[static_cast<std::size_t>(role)];
  return cell == 'a' || (cell == 'o' && own_organisation);
}

std::string_view name_of(AccountRole role) { return roles[static_cast<std::size_t>(role)].first; }
std::string_view name_of(Right right) { return operations[static_cast<std::size_t>(right)].first; }

std::optional<AccountRole> role_named(std::string_view name) {
  for (const auto& [known, role] : roles)
    if (known == name) return role;
  return std::nullopt;
}

std::array<AccountRole, account_role_count> account_roles() {
  std::array<AccountRole, account_role_count> all{};
  std::ranges::transform(roles, all.begin(), [](const auto& each) { return each.second; });
  return all;
}

std::array<Right, right_count> all_rights() {
  std::array<Right, right_count> all{};
  std::ranges::transform(operations, all.begin(), [](const auto& each) { return each.second; });
  return all;
}

bool any_may(const AccountRoles& held, Right right, bool own_organisation) {
  return std::ranges::any_of(held, [&](AccountRole role) { return may(role, right, own_organisation); });
}

bool decides(const AccountRoles& held) {
  return any_may(held, Right::advise, true) || any_may(held, Right::sign, true) ||
         any_may(held, Right::manage_accounts, true);
}

std::string_view fault_of_roles(const AccountRoles& held) {
  const auto has = [&](AccountRole role) { return held.contains(role); };
  if (held.empty()) return "an account has at least one role";
  if ((has(AccountRole::fg) || has(AccountRole::fg_deputy)) &&
      (has(AccountRole::requester) || has(AccountRole::owner) || has(AccountRole::board)))
    return "who advises as FG neither asks, owns nor signs (art. 38(6) AVG)";
  if (has(AccountRole::administrator) && held.size() > 1) return "who keeps accounts has no other role";
  if (has(AccountRole::board) && (has(AccountRole::requester) || has(AccountRole::owner)))
    return "who signs for the controller neither asks for a purpose nor owns it";
  return {};
}

}  // namespace koppelpoort
