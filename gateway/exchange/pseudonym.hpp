// Persons as keyed pseudonyms: HMAC-SHA-256 over controller and person number, 16 bytes kept. Without the key nobody
// can try all numbers; the controller in it keeps two organisations' records from being joined (audit design a.5).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace koppelpoort {

class PseudonymKey {
 public:
  static void create(const std::string& path);     // 32 random bytes, readable by the owner only; keeps what is there
  explicit PseudonymKey(const std::string& path);  // throws std::runtime_error that says what to do
  ~PseudonymKey();
  PseudonymKey(const PseudonymKey&) = delete;
  PseudonymKey& operator=(const PseudonymKey&) = delete;

  std::string of(std::string_view controller, std::string_view person_number) const;  // 32 hexadecimal digits

 private:
  // The key with its inner and outer padding, hashed once: each pseudonym goes on from a copy (RFC 2104).
  struct Hashes;
  std::unique_ptr<Hashes> hashes_;
};

// Overwrites the text before it is freed.
void wipe(std::string& text);

}  // namespace koppelpoort
