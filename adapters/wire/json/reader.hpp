// Strict reading of JSON text (RFC 8259) without building a document: one place that decides what is well formed.
// Refused: duplicate keys (also when written with escapes), depth over 32, over 100,000 values, numbers outside the
// range of a double, NUL in a key, lone surrogates, invalid UTF-8, a byte order mark, anything after the value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace koppelpoort::json {

inline constexpr std::size_t depth_max = 32;
inline constexpr std::size_t values_max = 100'000;

// What is wrong, in a few words that hold no data, and at which byte.
struct Fault : std::exception {
  Fault(const char* literal, std::size_t at) : text(literal), offset(at) {}
  const char* what() const noexcept override { return text; }
  const char* text;  // a literal: outlives the fault
  std::size_t offset;
};

// A number that differs for nearly all different names: from their first and last bytes and their length.
inline std::uint64_t mark_of(std::string_view name) {
  std::uint64_t front = 0, back = 0;
  if (name.size() >= 8) {
    std::memcpy(&front, name.data(), 8);
    std::memcpy(&back, name.data() + name.size() - 8, 8);
  } else if (name.size() >= 4) {
    std::memcpy(&front, name.data(), 4);
    std::memcpy(&back, name.data() + name.size() - 4, 4);
  } else {
    for (const char c : name) front = front << 8u | static_cast<unsigned char>(c);
  }
  return (front ^ (back << 29u | back >> 35u) ^ name.size()) * 0x9E3779B97F4A7C15u;
}

enum class Kind { object, array, text, number, truth, null };

// A cursor over one JSON text. Every function throws Fault on the first thing that is not strictly right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Kind peek();  // of the value that follows
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  std::size_t offset() const { return at_; }
  std::string_view text() const { return text_; }

  // Objects and arrays. `enter` eats the bracket; `next_*` says whether another member follows and eats the comma.
  void enter();
  bool next_key(std::string_view& key);  // the key with its escapes resolved; valid until the next call
  std::uint64_t key_mark() const { return keys_.back().mark; }  // of the key that next_key gave
  bool next_item();
  void leave();  // after the last member; already called by next_* when it returns false

  // Scalars and whole values.
  std::string_view text_value();  // a string with its escapes resolved; valid until the next call
  std::string_view raw_value();   // any value, checked, as its bytes stand
  void end();                     // nothing but white space may follow

 private:
  struct Open {
    bool first = true;
    std::size_t keys = 0;                    // where this object's keys begin in keys_
    std::array<std::uint64_t, 4> seen = {};  // one bit for the marks of its keys: a clear bit means a new key
  };

  static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

  [[noreturn]] void fail(const char* what) const { throw Fault(what, at_); }
  void count_value();
  void skip_plain();
  void scan_string(bool key);
  void scan_escape(bool key);
  void scan_utf8();
  unsigned hex4();
  void scan_number();
  void scan_word(std::string_view word);
  void note_key();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
  std::vector<Open> open_;
  struct Key {
    std::uint64_t mark = 0;  // unequal marks mean unequal keys
    std::string_view text;
  };
  std::vector<Key> keys_;             // of all open objects, for finding duplicates
  std::vector<std::string> escaped_;  // storage of keys that were written with escapes
  std::string decoded_;
  std::string_view last_string_;
  bool last_escaped_ = false;
};

}  // namespace koppelpoort::json
