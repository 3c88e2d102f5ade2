// Parts of a path, a query or a list; empty parts are left out.
#pragma once

#include <string_view>
#include <vector>

namespace koppelpoort {

inline std::vector<std::string_view> segments_of(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = text.find(by);
    if (end != 0) parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

}  // namespace koppelpoort
