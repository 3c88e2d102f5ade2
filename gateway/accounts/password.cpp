#include "gateway/accounts/password.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

#include "gateway/keys/seal.hpp"

namespace koppelpoort {
namespace {

void ready() {
  static const int started = sodium_init();
  if (started < 0) throw std::runtime_error("libsodium cannot be used here");
}

}  // namespace

std::string_view fault_of_password(std::string_view password, std::string_view login) {
  if (password.size() < password_least) return "a password has at least twelve characters";
  if (password.size() > password_most) return "a password has at most 256 bytes";
  if (password.find(login) != std::string_view::npos || login.find(password) != std::string_view::npos)
    return "a password does not hold the login name";
  if (password.find_first_not_of(password.front()) == std::string_view::npos)
    return "a password is more than one character again and again";
  return {};
}

std::string hash_of_password(std::string_view password) {
  ready();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw std::runtime_error("a password cannot be hashed: there is no memory for it");
  return hash.data();
}

bool password_fits(std::string_view password, const std::string& hash) {
  ready();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void compare_with_nothing(std::string_view password) {
  static const std::string nothing = hash_of_password("koppelpoort");
  static_cast<void>(password_fits(password, nothing));
}

std::string random_password() {
  constexpr std::string_view letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  constexpr std::size_t length = 20, whole = 256 / letters.size() * letters.size();
  std::string password;
  while (password.size() < length)
    for (const char each : random_bytes(length))
      if (const auto byte = static_cast<unsigned char>(each); byte < whole && password.size() < length)
        password += letters[byte % letters.size()];
  return password;
}

}  // namespace koppelpoort
