#include "gateway/http/query.hpp"

#include <algorithm>
#include <utility>

namespace koppelpoort::http {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::optional<std::string> decoded(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '%') {
      out += part[i] == '+' ? ' ' : part[i];
      continue;
    }
    if (i + 2 >= part.size() || value_of(part[i + 1]) < 0 || value_of(part[i + 2]) < 0) return std::nullopt;
    out += static_cast<char>(value_of(part[i + 1]) * 16 + value_of(part[i + 2]));
    i += 2;
  }
  return out;
}

}  // namespace

std::optional<Query> parse_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    auto name = decoded(part.substr(0, equals));
    auto value = decoded(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
    if (!name || !value || !query.emplace(std::move(*name), std::move(*value)).second) return std::nullopt;
  }
  return query;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
                       each == '-' || each == '.' || each == '_';
    if (plain)
      out += each;
    else
      out.append({'%', digits[byte / 16], digits[byte % 16]});
  }
  return out;
}

}  // namespace koppelpoort::http
