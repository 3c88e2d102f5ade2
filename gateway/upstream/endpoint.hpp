// Where something outside is asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koppelpoort {

struct Endpoint {
  std::string host, port, base;  // base: path in front of everything, without a slash at the end
};
// From `https://host[:port][/base]`; nothing when it is not that.
std::optional<Endpoint> parse_endpoint(std::string_view url);

}  // namespace koppelpoort
