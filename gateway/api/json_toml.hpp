// Register entries as JSON for the API, and back: the same names and values, another notation.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace koppelpoort {

// A file with [[kind]] tables for each member of `content` that is a list of objects. Throws std::invalid_argument with
// the place of what has no counterpart: null, a fraction, another type.
std::string toml_of(const boost::json::object& content);

// A table that the registers hold in their own form.
boost::json::object json_of(std::string_view toml);

}  // namespace koppelpoort
