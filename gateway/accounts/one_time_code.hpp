// Time-based one-time codes (RFC 6238, six digits, 30 seconds, HMAC-SHA-1) by liboath: what authenticator apps make.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace koppelpoort {

inline constexpr std::int64_t code_period = 30;  // seconds

std::string random_code_secret();  // 20 bytes
// For an authenticator app, to type or to show as a QR code.
std::string code_address(std::string_view secret, std::string_view login, std::string_view issuer);
std::string code_at(std::string_view secret, std::int64_t time);
// The period whose code this is, one period of clock difference allowed; nothing when it is none of them, or not after
// `last`, so that no code is good twice.
std::optional<std::int64_t> period_of_code(std::string_view secret, std::string_view code, std::int64_t time,
                                           std::int64_t last);

}  // namespace koppelpoort
