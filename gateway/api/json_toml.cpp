#include "gateway/api/json_toml.hpp"

#include <toml++/toml.h>

#include <sstream>
#include <stdexcept>

namespace koppelpoort {
namespace {

namespace json = boost::json;

constexpr int depth_most = 8;

std::string key_of(std::string_view key) {
  const bool bare =
      !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                          std::string_view::npos;
  return bare ? std::string(key) : json::serialize(json::string(key));
}

std::string value_of(const json::value& value, const std::string& place, int depth) {
  if (depth > depth_most) throw std::invalid_argument(place + ": too deep");
  switch (value.kind()) {
    case json::kind::string: return json::serialize(value);
    case json::kind::bool_: return value.get_bool() ? "true" : "false";
    case json::kind::int64: return std::to_string(value.get_int64());
    case json::kind::array: {
      std::string text;
      std::size_t index = 0;
      for (const auto& each : value.get_array()) {
        text += (index == 0 ? "" : ", ") + value_of(each, place + "/" + std::to_string(index), depth + 1);
        ++index;
      }
      return "[" + text + "]";
    }
    case json::kind::object: {
      std::string text;
      for (const auto& [key, each] : value.get_object())
        text += (text.empty() ? " " : ", ") + key_of(key) + " = " +
                value_of(each, place + "/" + std::string(key), depth + 1);
      return "{" + text + " }";
    }
    default: throw std::invalid_argument(place + ": a text, a whole number, true, false, a list or an object");
  }
}

}  // namespace

std::string toml_of(const json::object& content) {
  std::string file;
  for (const auto& [kind, entries] : content) {
    const std::string place = "/" + std::string(kind);
    if (!entries.is_array()) throw std::invalid_argument(place + ": a list of entries");
    std::size_t index = 0;
    for (const auto& entry : entries.get_array()) {
      const std::string where = place + "/" + std::to_string(index++);
      if (!entry.is_object()) throw std::invalid_argument(where + ": an object");
      file += "[[" + key_of(kind) + "]]\n";
      for (const auto& [key, value] : entry.get_object())
        file += key_of(key) + " = " + value_of(value, where + "/" + std::string(key), 0) + "\n";
    }
  }
  return file;
}

json::object json_of(std::string_view text) {
  const toml::table table = toml::parse(text);
  std::ostringstream out;
  out << toml::json_formatter{table};
  json::value value = json::parse(out.str());
  return std::move(value.get_object());
}

}  // namespace koppelpoort
