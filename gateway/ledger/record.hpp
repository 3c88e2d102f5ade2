// One ledger record as text: JSON in the form of RFC 8785, keys in order, no floats and no null, so that the same
// record has the same bytes everywhere. Holds no personal data: a subject only as a keyed pseudonym.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace koppelpoort {

inline constexpr std::size_t record_bytes_max = 8192;
using Hash = std::array<unsigned char, 32>;

inline constexpr std::size_t hash_text_size = 44;  // base64 of 32 bytes
inline constexpr std::size_t time_text_size = 27;  // 2026-11-25T10:52:19.123456Z

// A record that waits for its place: the committer alone knows the order, so it fills in `prev` (the hash of the
// record before) and `ts` (never decreasing) at these offsets.
struct PendingRecord {
  std::string text;
  std::size_t prev_at = 0, time_at = 0;
  std::string decision;  // the id of the decision that this record holds, for the index; empty for other kinds
};

// Keys must come in ascending order; an invariant, asserted in release too. `kind`, `prev` and `ts` add themselves.
class RecordWriter {
 public:
  explicit RecordWriter(std::string_view kind);

  RecordWriter& add(std::string_view key, std::string_view text);
  RecordWriter& add(std::string_view key, std::int64_t number);  // below 2^53
  RecordWriter& add(std::string_view key, const std::vector<std::string>& texts);
  PendingRecord finish();

 private:
  void key(std::string_view name);
  void add_fixed_before(std::string_view name);
  PendingRecord record_;
  std::string_view last_key_;  // keys are literals
  std::string_view kind_;
  std::size_t fixed_ = 0;
};

std::string base64(const Hash& hash);
std::string hex(std::string_view bytes);
// SHA-256(0x00 || entry): the leaf hash of RFC 6962.
Hash leaf_hash(std::string_view entry);
// RFC 3339, UTC, microseconds.
std::string time_text(std::int64_t micros_since_epoch);

}  // namespace koppelpoort
