// What a caller says about its request in headers. Claims only: decide() checks them against certificate and registers.
#pragma once

#include <string>
#include <vector>

#include "gateway/config/config.hpp"
#include "gateway/http/head.hpp"

namespace koppelpoort {

inline constexpr std::size_t claim_characters_max = 242;  // as the municipal clients themselves hold to
inline constexpr std::size_t user_characters_max = 40;

struct Claims {
  std::string purpose, origin, signal, user, application, processing;
  std::vector<Evidence> evidence;
  const char* fault = nullptr;
};

Claims read_claims(const http::Head& head, const HeaderNames& names);

}  // namespace koppelpoort
