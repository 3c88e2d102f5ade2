// A request target in one form only: decided on and forwarded as the same bytes.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/head.hpp"

namespace koppelpoort::http {

struct Target {
  std::string path;        // decoded: only unreserved characters and slashes
  std::string_view query;  // as it stands, without the question mark
};

// Refuses dot segments, empty segments, path parameters, encoded slashes, backslashes, NUL and double encoding.
bool parse_target(std::string_view raw, Target& target, Refusal& refusal);

}  // namespace koppelpoort::http
