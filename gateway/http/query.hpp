// The query of a request target, in form encoding: names and values percent-encoded.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace koppelpoort::http {

using Query = std::map<std::string, std::string, std::less<>>;

// `a=1&b=2`; nothing when it is malformed or names something twice.
std::optional<Query> parse_query(std::string_view text);

// Everything in its code that is no letter, digit, `-`, `.` or `_`: safe in a query, a header and an address.
std::string percent_encoded(std::string_view text);

}  // namespace koppelpoort::http
