// Keys in a PKCS#11 token: made there, never extractable. The token makes the pseudonyms and wraps the data keys.
#pragma once

#include <map>
#include <mutex>

#include "gateway/keys/keys.hpp"

namespace koppelpoort {

struct TokenSettings {
  std::string module;    // path of the PKCS#11 library
  std::string label;     // of the token
  std::string pin_file;  // a file with the user's PIN, readable by its owner alone
};

class Token : public Keys {
 public:
  // Makes the wrapping key in an initialised token; keeps what is there. Throws KeyError.
  static void create(const TokenSettings& settings);
  // Throws KeyError when module, token, PIN or wrapping key is not there.
  explicit Token(const TokenSettings& settings);
  ~Token() override;
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;

  Mac pseudonym_mac(int year, std::string_view message) override;
  std::vector<int> years() override;
  void make_year(int year) override;
  void destroy_year(int year) override;
  std::string wrap(std::string_view key) override;
  std::string unwrap(std::string_view wrapped) override;

 private:
  struct Session;
  std::mutex mutex_;
  std::unique_ptr<Session> session_;
  std::map<int, unsigned long> handles_;
};

}  // namespace koppelpoort
