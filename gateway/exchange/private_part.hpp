// The private part of a decision's record: who was asked about, and who asked. Not in the tree; the record commits to
// it twice, to its text (with a random blind, so that nobody can try out persons) and to its sealed bytes (so that
// every change is found without a key). Sealed with a key that is destroyed when its time is over (audit design a.3,
// a.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/keys/data_keys.hpp"

namespace koppelpoort {

struct PrivatePart {
  std::vector<std::string> subjects;  // pseudonyms
  std::string user, application, processing, signal, client;
  std::string reason;                 // why somebody looked into the ledger
  std::vector<std::string> evidence;  // `entry/condition=reference`

  bool operator==(const PrivatePart&) const = default;
};

inline constexpr std::size_t blind_bytes = 32;

struct SealedPart {
  std::string bytes;       // number of its key (8 bytes, big-endian) · what seal_bytes made of blind and text
  std::string commitment;  // base64, SHA-256("koppelpoort/priv/v1" || 0 || blind || text)
  std::string digest;      // base64, SHA-256 of `bytes`
};

SealedPart seal_part(const PrivatePart& part, std::string_view blind, const DataKey& key);

// The same part under another key; nothing when it cannot be opened.
std::optional<std::string> seal_again(std::string_view sealed, const DataKey& before, const DataKey& after);

std::int64_t key_of_part(std::string_view sealed);

// Nothing when its key was destroyed. Throws KeyError when it is not the part that the record commits to.
std::optional<PrivatePart> open_part(std::int64_t position, std::string_view record, std::string_view sealed,
                                     DataKeys& keys);

// SHA-256 over blind and body: what was said, for whoever opens the part; to others it says nothing. Base64.
std::string blinded_digest(std::string_view blind, std::string_view body);

}  // namespace koppelpoort
