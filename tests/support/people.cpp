#include "tests/support/people.hpp"

#include <chrono>

#include "gateway/accounts/one_time_code.hpp"
#include "gateway/accounts/password.hpp"

namespace koppelpoort::test {
namespace json = boost::json;

Person add_person(const Config& config, const std::string& login, AccountRoles roles, const std::string& organisation,
                  const std::string& identity) {
  Person made;
  made.password = "een lang wachtwoord van iemand";
  made.secret = random_code_secret();
  // One hash for all: hashing is slow on purpose.
  static const std::string hash = hash_of_password(made.password);
  Account& account = made.account;
  account.id = random_account_id();
  account.organisation = organisation;
  account.login = login;
  account.name = login;
  account.identity = identity.empty() ? login + "@example.org" : identity;
  account.roles = std::move(roles);
  account.password = hash;
  account.secret = open_keys(config.keys())->wrap(made.secret);
  Accounts(config.accounts_file(), Database::Mode::create)
      .add(account, {0, {}, account.id, "test", "account made", ""});
  return made;
}

Browser::Browser(std::uint16_t port, std::string authority) : port_(port), authority_(std::move(authority)) {}

std::string Browser::Got::header(std::string_view name) const { return demo::Response{status, head, {}}.header(name); }

Browser::Got Browser::ask(const std::string& method, const std::string& target, const json::object& body,
                          const std::vector<std::string>& headers) {
  std::vector<std::string> all = headers;
  if (!cookie_.empty()) all.push_back("Cookie: " + cookie_);
  if (!csrf_.empty()) all.push_back("X-CSRF-Token: " + csrf_);
  demo::Client client(port_, authority_, nullptr);
  const demo::Response response = client.ask(method, target, body.empty() ? std::string() : json::serialize(body), all);
  Got got{response.status, {}, response.head};
  if (!response.body.empty())
    if (json::value value = json::parse(response.body); value.is_object()) got.body = value.get_object();
  return got;
}

Browser::Got Browser::sign_in(Person& who) {
  const std::int64_t now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  cookie_.clear();
  csrf_.clear();
  Got got = ask("POST", "/beheer/v1/sessies",
                {{"aanmeldnaam", who.account.login}, {"wachtwoord", who.password}, {"code", code_at(who.secret, now)}});
  if (got.status == 201) {
    const std::string cookie = got.header("Set-Cookie");
    cookie_ = cookie.substr(0, cookie.find(';'));
    csrf_ = std::string(got.body.at("csrf").as_string());
  }
  return got;
}

}  // namespace koppelpoort::test
