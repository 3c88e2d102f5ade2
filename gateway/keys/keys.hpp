// The secret keys of a node and what may be done with them. The keys stay where they lie: in files (`KeyFiles`) or in a
// PKCS#11 token (`Token`). Safe for several threads.
#pragma once

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace koppelpoort {

// A key is not there or cannot be used; the text says what to do.
struct KeyError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Keys {
 public:
  using Mac = std::array<unsigned char, 32>;
  virtual ~Keys() = default;

  // HMAC-SHA-256 with the pseudonym key of this year (audit design a.5: one key a year, so that the destruction of one
  // unlinks everything of that year).
  virtual Mac pseudonym_mac(int year, std::string_view message) = 0;
  virtual std::vector<int> years() = 0;
  virtual void make_year(int year) = 0;  // keeps what is there
  virtual void destroy_year(int year) = 0;

  // A data key under the wrapping key (AES-256-GCM), and back. Throws KeyError when it was wrapped by another.
  virtual std::string wrap(std::string_view key) = 0;
  virtual std::string unwrap(std::string_view wrapped) = 0;

  // What a person should know who starts this gate; empty when nothing.
  virtual std::string warning() const { return {}; }
};

// Overwrites the text before it is freed.
void wipe(std::string& text);

}  // namespace koppelpoort
