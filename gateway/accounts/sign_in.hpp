// Signing in with name, password and one-time code; sessions that end by themselves. Whatever is wrong, the answer is
// the same, and takes as long.
#pragma once

#include <optional>
#include <string>

#include "adapters/store/sqlite/accounts.hpp"
#include "gateway/keys/keys.hpp"

namespace koppelpoort {

inline constexpr std::int64_t session_idle = 1800, session_most = 36'000;  // seconds
inline constexpr std::int64_t failures_most = 5, locked_seconds = 900;

struct SignedIn {
  std::string token, csrf;  // for the browser: the cookie, and what every change must carry beside it
  Account account;
};

class SignIn {
 public:
  SignIn(Accounts& accounts, Keys& keys) : accounts_(accounts), keys_(keys) {}

  // Nothing when it is refused; the account's failures count, and after five it is locked for fifteen minutes.
  std::optional<SignedIn> sign_in(const std::string& login, std::string_view password, std::string_view code,
                                  std::int64_t now);

  struct Known {
    Account account;
    std::string token, csrf;  // digests
  };
  enum class Use { acts, watches };  // who only watches a stream lets the session grow old
  // The session of this cookie, and that it is used now; nothing when there is none or its time is over.
  std::optional<Known> of_token(std::string_view token, std::int64_t now, Use use = Use::acts);
  static bool csrf_fits(const Known& known, std::string_view csrf);
  // What must go with every change in the session of this cookie; a page that was loaded anew asks for it.
  static std::string csrf_of(std::string_view token);
  void sign_out(const Known& known, std::int64_t now);

 private:
  bool proves(Account& account, std::string_view password, std::string_view code, std::int64_t now);

  Accounts& accounts_;
  Keys& keys_;
};

// A new account, or new secrets for one: what its holder gets, once.
struct Enrolment {
  std::string password, code_address;
};
Enrolment enrol(Account& account, Keys& keys);
std::string random_account_id();

// What this person may be in the organisation, under all their accounts that are not disabled.
AccountRoles roles_held(const Account& account, const std::vector<Account>& all);

// This person as one who acts, with everything that conflicts of interest ask.
Actor actor_of(const Account& account, const std::vector<Account>& all);

}  // namespace koppelpoort
