#include "gateway/accounts/one_time_code.hpp"

#include <liboath/oath.h>
#include <openssl/crypto.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "gateway/http/query.hpp"
#include "gateway/keys/seal.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t secret_bytes = 20;
constexpr unsigned digits = 6;

}  // namespace

std::string random_code_secret() { return random_bytes(secret_bytes); }

std::string code_address(std::string_view secret, std::string_view login, std::string_view issuer) {
  char* text = nullptr;
  std::size_t size = 0;
  if (oath_base32_encode(secret.data(), secret.size(), &text, &size) != OATH_OK)
    throw std::runtime_error("a secret of one-time codes cannot be written");
  const std::unique_ptr<char, decltype(&std::free)> held(text, &std::free);
  return "otpauth://totp/" + http::percent_encoded(issuer) + ":" + http::percent_encoded(login) +
         "?secret=" + std::string(text, size) + "&issuer=" + http::percent_encoded(issuer);
}

std::string code_at(std::string_view secret, std::int64_t time) {
  std::array<char, digits + 1> code{};
  if (oath_totp_generate(secret.data(), secret.size(), time, OATH_TOTP_DEFAULT_TIME_STEP_SIZE,
                         OATH_TOTP_DEFAULT_START_TIME, digits, code.data()) != OATH_OK)
    throw std::runtime_error("a one-time code cannot be made");
  return code.data();
}

std::optional<std::int64_t> period_of_code(std::string_view secret, std::string_view code, std::int64_t time,
                                           std::int64_t last) {
  std::optional<std::int64_t> found;
  for (const std::int64_t off : {-code_period, std::int64_t{0}, code_period}) {
    const std::string made = code_at(secret, time + off);
    const std::int64_t period = (time + off) / code_period;
    if (made.size() == code.size() && CRYPTO_memcmp(made.data(), code.data(), made.size()) == 0 && period > last)
      found = period;
  }
  return found;
}

}  // namespace koppelpoort
