// People with accounts, who sign in to the management API of a gate over real TLS.
#pragma once

#include <boost/json.hpp>

#include "gateway/accounts/sign_in.hpp"
#include "tests/support/world.hpp"

namespace koppelpoort::test {

struct Person {
  Account account;
  std::string password, secret;
};

// Makes the account; the roles are named as `koppelpoort user add` names them.
Person add_person(const Config& config, const std::string& login, AccountRoles roles,
                  const std::string& organisation = caller_oin, const std::string& identity = {});

// A browser without a screen: keeps its cookie and what must go with every change.
class Browser {
 public:
  Browser(std::uint16_t port, std::string authority);

  struct Got {
    int status = 0;
    boost::json::object body;
    std::string head;
    std::string header(std::string_view name) const;
  };
  Got ask(const std::string& method, const std::string& target, const boost::json::object& body = {},
          const std::vector<std::string>& headers = {});
  // Signs in with the code of now; each code is good once, so two sign-ins of one person within a period use the next.
  Got sign_in(Person& person);
  const std::string& csrf() const { return csrf_; }
  const std::string& cookie() const { return cookie_; }

 private:
  std::uint16_t port_;
  std::string authority_, cookie_, csrf_;
};

}  // namespace koppelpoort::test
