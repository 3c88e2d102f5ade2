// The office of the demo: one invented person for each role, and proposals that wait for them.
#pragma once

#include <string>
#include <vector>

#include "gateway/config/config.hpp"

namespace koppelpoort::cli {

class DemoOffice {
 public:
  static constexpr const char* password = "vier fictieve ogen";  // everybody's, and nobody's outside the demo

  // Makes the accounts, and from each `voorstel-*.toml` of `data` a proposal. The gate does not run yet.
  DemoOffice(const Config& config, const std::string& organisation, const std::string& data);

  // Who they are, one line each: login, role.
  std::string accounts() const;
  // Good for each of them once, and how long it still is: `123456, nog 17 s`.
  std::string code(std::int64_t now) const;
  std::string code_only(std::int64_t now) const;

 private:
  std::string secret_;
};

}  // namespace koppelpoort::cli
