#include "gateway/accounts/sign_in.hpp"

#include <openssl/crypto.h>

#include "gateway/accounts/one_time_code.hpp"
#include "gateway/accounts/password.hpp"
#include "gateway/keys/seal.hpp"
#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/record.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::int64_t seen_every = 30;  // seconds; not a write for every click
constexpr std::string_view issuer = "Koppelpoort";

std::string digest_of(std::string_view token) {
  const Hash hash = sha256_of(token);
  return hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace

bool SignIn::proves(Account& account, std::string_view password, std::string_view code, std::int64_t now) {
  // Both are looked at, so that nobody learns which one was wrong.
  const bool knows = password_fits(password, account.password);
  const auto period = period_of_code(keys_.unwrap(account.secret), code, now, account.last_code);
  if (!knows || !period || account.disabled || !account.waits_for.empty() || account.locked_until > now) return false;
  account.last_code = *period;
  return true;
}

std::optional<SignedIn> SignIn::sign_in(const std::string& login, std::string_view password, std::string_view code,
                                        std::int64_t now) {
  auto account = accounts_.with_login(login);
  const auto before = account;
  if (!account) {
    compare_with_nothing(password);
    accounts_.record({0, instant_at(now), "", "", "sign-in refused", "no such login"});
    return std::nullopt;
  }
  if (!proves(*account, password, code, now)) {
    const char* why = account->disabled             ? "disabled"
                      : !account->waits_for.empty() ? "not confirmed"
                      : account->locked_until > now ? "locked"
                                                    : "password or code";
    if (account->locked_until <= now && ++account->failures >= failures_most) {
      account->failures = 0;
      account->locked_until = now + locked_seconds;
      why = "password or code; locked now";
    }
    // Somebody who disables or renews the account meanwhile is not undone by this.
    const AccountEvent event{0, instant_at(now), account->id, account->id, "sign-in refused", why};
    if (!accounts_.replace(*before, *account, event)) accounts_.record(event);
    return std::nullopt;
  }
  account->failures = 0;
  account->locked_until = 0;
  SignedIn signed_in{hex(random_bytes(token_bytes)), {}, *account};
  signed_in.csrf = csrf_of(signed_in.token);
  if (!accounts_.replace(*before, *account, {0, instant_at(now), account->id, account->id, "signed in", ""})) {
    accounts_.record({0, instant_at(now), account->id, account->id, "sign-in refused", "changed meanwhile"});
    return std::nullopt;
  }
  accounts_.end_before(now - session_most, now - session_idle);
  accounts_.add({digest_of(signed_in.token), digest_of(signed_in.csrf), account->id, now, now});
  return signed_in;
}

std::optional<SignIn::Known> SignIn::of_token(std::string_view token, std::int64_t now, Use use) {
  const auto session = accounts_.session(digest_of(token));
  if (!session || session->made_at < now - session_most || session->seen_at < now - session_idle) return std::nullopt;
  auto account = accounts_.find(session->account);
  if (!account || account->disabled) return std::nullopt;
  if (use == Use::acts && session->seen_at + seen_every < now) accounts_.seen(session->token, now);
  return Known{std::move(*account), session->token, session->csrf};
}

// Of the token one cannot be made without knowing it, nor the token of this.
std::string SignIn::csrf_of(std::string_view token) { return digest_of("change " + std::string(token)); }

bool SignIn::csrf_fits(const Known& known, std::string_view csrf) {
  const std::string digest = digest_of(csrf);
  return digest.size() == known.csrf.size() && CRYPTO_memcmp(digest.data(), known.csrf.data(), digest.size()) == 0;
}

void SignIn::sign_out(const Known& known, std::int64_t now) {
  accounts_.end(known.token);
  accounts_.record({0, instant_at(now), known.account.id, known.account.id, "signed out", ""});
}

Enrolment enrol(Account& account, Keys& keys) {
  Enrolment enrolment;
  enrolment.password = random_password();
  const std::string secret = random_code_secret();
  enrolment.code_address = code_address(secret, account.login, issuer);
  account.password = hash_of_password(enrolment.password);
  account.secret = keys.wrap(secret);
  account.last_code = account.failures = account.locked_until = 0;
  account.must_change = true;
  return enrolment;
}

std::string random_account_id() {
  constexpr std::size_t id_bytes = 6;
  return "a-" + hex(random_bytes(id_bytes));
}

namespace {

// Under every account that this person can use, in whichever organisation.
void for_each_account(const Account& account, const std::vector<Account>& all, const auto& use) {
  use(account);
  for (const auto& each : all)
    if (!each.disabled && each.id != account.id && each.identity == account.identity) use(each);
}

std::set<std::string> employers_of(const Account& account, const std::vector<Account>& all) {
  std::set<std::string> employers;
  for_each_account(account, all, [&](const Account& each) {
    if (!each.employer.empty()) employers.insert(each.employer);
    if (each.organisation != account.organisation) employers.insert(each.organisation);
  });
  return employers;
}

std::set<std::string> projects_of(const Account& account, const std::vector<Account>& all) {
  std::set<std::string> projects;
  for_each_account(account, all,
                   [&](const Account& each) { projects.insert(each.projects.begin(), each.projects.end()); });
  return projects;
}

}  // namespace

Actor actor_of(const Account& account, const std::vector<Account>& all) {
  Actor actor{account.id,    account.identity,         account.organisation,      employers_of(account, all),
              account.roles, roles_held(account, all), projects_of(account, all), {}};
  for (const auto& each : all)
    if (!each.disabled && each.identity == account.identity && any_may(each.roles, Right::advise, true))
      actor.advises.insert(each.organisation);
  return actor;
}

AccountRoles roles_held(const Account& account, const std::vector<Account>& all) {
  AccountRoles held = account.roles;
  for (const auto& each : all)
    if (!each.disabled && each.id != account.id && each.identity == account.identity &&
        each.organisation == account.organisation)
      held.insert(each.roles.begin(), each.roles.end());
  return held;
}

}  // namespace koppelpoort
