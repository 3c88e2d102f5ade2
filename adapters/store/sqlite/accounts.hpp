// Who may sign in, and who is signed in. What changes in it is also an append-only event: who did what to which
// account.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/store/sqlite/database.hpp"
#include "legal_bases/date.hpp"
#include "policies/workflow/conflicts.hpp"

namespace koppelpoort {

struct Account {
  std::string id;            // `a-…`, stands in records; says nothing about the person
  std::string organisation;  // OIN
  std::string login, name;
  std::string identity;  // the person: verified e-mail address or subject, lower case
  std::string employer;  // OIN, when it is another organisation
  AccountRoles roles;
  std::set<std::string> projects;
  std::string password;                         // hash of a memory-hard function
  std::string secret;                           // of one-time codes, wrapped by the node's key
  std::int64_t last_code = 0;                   // period of the newest code that was used: none is good twice
  std::int64_t failures = 0, locked_until = 0;  // seconds since 1970
  bool disabled = false;
  bool must_change = false;  // somebody else knows the password: nothing but changing it
  std::string waits_for;     // identity of who gave it rights to decide: somebody else must confirm; empty: confirmed

  bool operator==(const Account&) const = default;
};

struct StoredSession {
  std::string token, csrf;  // SHA-256 of what the browser holds, hexadecimal
  std::string account;
  std::int64_t made_at = 0, seen_at = 0;  // seconds since 1970
};

struct AccountEvent {
  std::int64_t version = 0;
  Instant at{};
  std::string account, by, what, detail;  // `by`: an account, or `cli:<user>`
};

// What a board member recorded about a month, `2026-11 <reasons>` in the detail.
inline constexpr std::string_view report_acknowledged = "report acknowledged";

// That somebody judged a case of the exercises, `s26-1 right` in the detail.
inline constexpr std::string_view practised = "practised";

class Accounts {
 public:
  Accounts(const std::string& path, Database::Mode mode);

  std::vector<Account> all();
  std::optional<Account> find(std::string_view id);
  std::optional<Account> with_login(std::string_view login);
  // With what happened, in one transaction.
  void add(const Account& account, const AccountEvent& event);
  // Changes all but the id; false, and nothing is stored, when somebody changed it since it was read as `before`.
  bool replace(const Account& before, const Account& account, const AccountEvent& event);
  // Something that changes no account: a refused sign-in of nobody.
  void record(const AccountEvent& event);

  void add(const StoredSession& session);
  std::optional<StoredSession> session(std::string_view token);
  void seen(std::string_view token, std::int64_t at);
  void end(std::string_view token);
  void end_all(std::string_view account);
  void end_before(std::int64_t made_before, std::int64_t seen_before);

  std::vector<AccountEvent> after(std::int64_t version);

 private:
  void put(const Account& account, const AccountEvent& event);
  Database database_;
};

}  // namespace koppelpoort
