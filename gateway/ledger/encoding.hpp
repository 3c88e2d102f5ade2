// Bytes as text: standard base64 with padding, hexadecimal in small letters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koppelpoort {

std::string base64(std::string_view bytes);
// Nothing for any other text than `base64` would have made: one value, one text.
std::optional<std::string> from_base64(std::string_view text);
std::string hex(std::string_view bytes);

}  // namespace koppelpoort
