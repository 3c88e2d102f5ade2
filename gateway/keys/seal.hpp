// AES-256-GCM with a key of its own for each text: SHA-256 of the given key (32 bytes) and 16 random ones, so that one
// key may seal any number of texts without a nonce ever coming back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koppelpoort {

inline constexpr std::size_t seal_overhead = 32;  // bytes: 16 random ones before, a tag of 16 behind

std::string seal_bytes(std::string_view key, std::string_view text);
// Nothing when the key or one byte is another.
std::optional<std::string> open_bytes(std::string_view key, std::string_view sealed);

// So many random bytes, from a pool; ends the process when there are none to be had.
std::string random_bytes(std::size_t count);

}  // namespace koppelpoort
