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
inline constexpr std::size_t sealed_bytes_max = 65'536;
using Hash = std::array<unsigned char, 32>;

inline constexpr std::size_t hash_text_size = 44;  // base64 of 32 bytes
inline constexpr std::size_t time_text_size = 27;  // 2026-11-25T10:52:19.123456Z

// A record that waits for its place: the committer alone knows the order, so it fills in `ts` (never decreasing) there.
struct PendingRecord {
  std::string text;
  std::size_t time_at = 0;
  std::string decision;  // the id of the decision that this record holds, for the index; empty for other kinds
  std::string sealed;    // the private part behind it, whose digest it names; empty when there is none
};

// The name of a member, always a literal. All names differ within their first eight bytes, so that one number orders
// them; a name that does not is found when two are out of order.
struct RecordKey {
  consteval RecordKey(const char* literal) : text(literal) {
    for (std::size_t i = 0; i < 8; ++i)
      order = order << 8u | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  }
  std::string_view text;
  std::uint64_t order = 0;
};

// Keys must come in ascending order; an invariant, asserted in release too. `kind` and `ts` add themselves.
class RecordWriter {
 public:
  explicit RecordWriter(std::string_view kind);
  static RecordWriter plain();  // an object without `kind` and `ts`: no record, the same form

  RecordWriter& add(RecordKey key, std::string_view text);
  RecordWriter& add(RecordKey key, std::int64_t number);  // below 2^53
  RecordWriter& add(RecordKey key, const std::vector<std::string>& texts);
  PendingRecord finish();

 private:
  void key(RecordKey name);
  void add_fixed_before(std::uint64_t order);
  PendingRecord record_;
  std::uint64_t last_key_ = 0;
  std::string_view kind_;
  std::size_t fixed_ = 0;
};

std::string text_of(const Hash& hash);  // base64
Hash sha256_of(std::string_view bytes);
Hash sha256_of(std::string_view before, std::string_view bytes);  // one after the other
// SHA-256(0x00 || entry): the leaf hash of RFC 6962.
Hash leaf_hash(std::string_view entry);
// RFC 3339, UTC, microseconds.
std::string time_text(std::int64_t micros_since_epoch);
std::int64_t micros_of(std::string_view time);  // back; 0 for another text

}  // namespace koppelpoort
