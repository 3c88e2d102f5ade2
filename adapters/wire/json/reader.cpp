#include "adapters/wire/json/reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace koppelpoort::json {
namespace {

// Bytes that need a look inside a string: the quote, the backslash, controls, and everything beyond ASCII.
constexpr auto special = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 256; ++c) table[c] = c < 0x20 || c == '"' || c == '\\' || c >= 0x80;
  return table;
}();

constexpr std::size_t keys_compared_max = 1024;  // members of one object

bool digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0u | (code >> 6u));
    put(0x80u | (code & 0x3Fu));
  } else if (code < 0x10000) {
    put(0xE0u | (code >> 12u));
    put(0x80u | ((code >> 6u) & 0x3Fu));
    put(0x80u | (code & 0x3Fu));
  } else {
    put(0xF0u | (code >> 18u));
    put(0x80u | ((code >> 12u) & 0x3Fu));
    put(0x80u | ((code >> 6u) & 0x3Fu));
    put(0x80u | (code & 0x3Fu));
  }
}

}  // namespace

Kind Reader::peek() {
  skip_space();
  if (at_ >= text_.size()) fail("the text ends where a value should stand");
  switch (text_[at_]) {
    case '{': return Kind::object;
    case '[': return Kind::array;
    case '"': return Kind::text;
    case 't':
    case 'f': return Kind::truth;
    case 'n': return Kind::null;
    default:
      if (text_[at_] == '-' || digit(text_[at_])) return Kind::number;
      fail("a value cannot begin like this");
  }
}

void Reader::count_value() {
  if (++values_ > values_max) fail("more than 100,000 values");
}

void Reader::enter() {
  const Kind kind = peek();
  if (kind != Kind::object && kind != Kind::array) fail("an object or an array should stand here");
  if (open_.size() >= depth_max) fail("nested deeper than 32 levels");
  count_value();
  open_.push_back({true, keys_.size(), {}});
  ++at_;
}

void Reader::leave() {
  keys_.resize(open_.back().keys);
  open_.pop_back();
  if (keys_.empty()) escaped_.clear();
}

bool Reader::next_item() {
  skip_space();
  if (at_ >= text_.size()) fail("an array is not closed");
  if (text_[at_] == ']') {
    ++at_;
    leave();
    return false;
  }
  if (!open_.back().first) {
    if (text_[at_] != ',') fail("a comma is missing");
    ++at_;
    skip_space();
    if (at_ < text_.size() && text_[at_] == ']') fail("a comma stands before the end of an array");
  }
  open_.back().first = false;
  return true;
}

bool Reader::next_key(std::string_view& key) {
  skip_space();
  if (at_ >= text_.size()) fail("an object is not closed");
  if (text_[at_] == '}') {
    ++at_;
    leave();
    return false;
  }
  if (!open_.back().first) {
    if (text_[at_] != ',') fail("a comma is missing");
    ++at_;
    skip_space();
  }
  open_.back().first = false;
  if (at_ >= text_.size() || text_[at_] != '"') fail("a key in quotes should stand here");
  scan_string(true);
  note_key();
  key = keys_.back().text;
  skip_space();
  if (at_ >= text_.size() || text_[at_] != ':') fail("a colon is missing after a key");
  ++at_;
  return true;
}

void Reader::note_key() {
  std::string_view key = last_string_;
  if (last_escaped_) {
    // Short strings move when the vector grows, so views into them must not exist before: reserve once.
    if (escaped_.capacity() == 0) escaped_.reserve(keys_compared_max);
    if (escaped_.size() == escaped_.capacity()) fail("too many keys written with escapes");
    escaped_.emplace_back(decoded_);
    key = escaped_.back();
  }
  Open& object = open_.back();
  if (keys_.size() - object.keys >= keys_compared_max) fail("more than 1,024 members in one object");
  const std::uint64_t mark = mark_of(key);
  const std::uint64_t place = mark >> 56u;
  std::uint64_t& seen = object.seen[place / 64];
  const std::uint64_t bit = std::uint64_t{1} << place % 64;
  if ((seen & bit) != 0)
    for (std::size_t i = object.keys; i < keys_.size(); ++i)
      if (keys_[i].mark == mark && keys_[i].text == key) fail("a key stands twice in one object");
  seen |= bit;
  keys_.push_back({mark, key});
}

std::string_view Reader::text_value() {
  if (peek() != Kind::text) fail("a text should stand here");
  count_value();
  scan_string(false);
  return last_escaped_ ? std::string_view(decoded_) : last_string_;
}

std::string_view Reader::raw_value() {
  const Kind kind = peek();
  const std::size_t begin = at_;
  switch (kind) {
    case Kind::object: {
      enter();
      std::string_view key;
      while (next_key(key)) raw_value();
      break;
    }
    case Kind::array:
      enter();
      while (next_item()) raw_value();
      break;
    case Kind::text:
      count_value();
      scan_string(false);
      break;
    case Kind::number:
      count_value();
      scan_number();
      break;
    case Kind::truth:
      count_value();
      scan_word(text_[at_] == 't' ? "true" : "false");
      break;
    case Kind::null:
      count_value();
      scan_word("null");
      break;
  }
  return text_.substr(begin, at_ - begin);
}

void Reader::end() {
  skip_space();
  if (at_ != text_.size()) fail("something stands after the value");
}

void Reader::scan_word(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) fail("a value cannot begin like this");
  at_ += word.size();
}

// To the next byte that needs a look; sixteen at a time where the processor can.
void Reader::skip_plain() {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x20);
  while (text_.size() - at_ >= 16) {
    __m128i block;
    std::memcpy(&block, text_.data() + at_, sizeof block);
    // Signed: bytes beyond ASCII are below every control character.
    const __m128i found = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
                                       _mm_cmplt_epi8(block, control));
    if (const int bits = _mm_movemask_epi8(found); bits != 0) {
      at_ += static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(bits)));
      return;
    }
    at_ += 16;
  }
#endif
  while (at_ < text_.size() && !special[static_cast<unsigned char>(text_[at_])]) ++at_;
}

void Reader::scan_string(bool key) {
  const std::size_t begin = ++at_;
  last_escaped_ = false;
  skip_plain();
  if (at_ < text_.size() && text_[at_] == '"') {  // nearly every text ends here
    last_string_ = std::string_view(text_.data() + begin, at_ - begin);
    ++at_;
    return;
  }
  decoded_.clear();
  std::size_t copied = begin;  // what of the string already stands in decoded_
  for (;;) {
    skip_plain();
    if (at_ >= text_.size()) fail("a text is not closed");
    const char c = text_[at_];
    if (c == '"') break;
    if (c == '\\') {
      last_escaped_ = true;
      decoded_.append(text_.substr(copied, at_ - copied));
      scan_escape(key);
      copied = at_;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fail("a control character stands in a text");
    } else {
      scan_utf8();
    }
  }
  last_string_ = text_.substr(begin, at_ - begin);
  if (last_escaped_) decoded_.append(text_.substr(copied, at_ - copied));
  ++at_;
}

void Reader::scan_escape(bool key) {
  ++at_;
  if (at_ >= text_.size()) fail("a text is not closed");
  switch (text_[at_++]) {
    case '"': decoded_ += '"'; return;
    case '\\': decoded_ += '\\'; return;
    case '/': decoded_ += '/'; return;
    case 'b': decoded_ += '\b'; return;
    case 'f': decoded_ += '\f'; return;
    case 'n': decoded_ += '\n'; return;
    case 'r': decoded_ += '\r'; return;
    case 't': decoded_ += '\t'; return;
    case 'u': break;
    default: fail("an unknown escape");
  }
  unsigned code = hex4();
  if (code == 0 && key) fail("NUL in a key");
  if (code >= 0xDC00 && code <= 0xDFFF) fail("a lone surrogate");
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (text_.substr(at_, 2) != "\\u") fail("a lone surrogate");
    at_ += 2;
    const unsigned low = hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail("a lone surrogate");
    code = 0x10000u + ((code - 0xD800u) << 10u) + (low - 0xDC00u);
  }
  append_utf8(decoded_, code);
}

unsigned Reader::hex4() {
  if (text_.size() - at_ < 4) fail("an escape is cut off");
  unsigned code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text_[at_++];
    unsigned value = 0;
    if (digit(c))
      value = static_cast<unsigned>(c - '0');
    else if (c >= 'a' && c <= 'f')
      value = static_cast<unsigned>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
      value = static_cast<unsigned>(c - 'A') + 10;
    else
      fail("an escape is no hexadecimal number");
    code = code * 16 + value;
  }
  return code;
}

// RFC 3629: shortest form only, no surrogates, nothing beyond U+10FFFF.
void Reader::scan_utf8() {
  const auto byte = [&](std::size_t i) {
    return at_ + i < text_.size() ? static_cast<unsigned char>(text_[at_ + i]) : 0u;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(0);
  if (first >= 0xC2 && first <= 0xDF && follows(1)) {
    at_ += 2;
    return;
  }
  if (first >= 0xE0 && first <= 0xEF && follows(1) && follows(2)) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    if (!overlong && !surrogate) {
      at_ += 3;
      return;
    }
  }
  if (first >= 0xF0 && first <= 0xF4 && follows(1) && follows(2) && follows(3)) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) > 0x8F;
    if (!overlong && !beyond) {
      at_ += 4;
      return;
    }
  }
  fail("invalid UTF-8");
}

void Reader::scan_number() {
  const auto digits = [&] {
    const std::size_t begin = at_;
    while (at_ < text_.size() && digit(text_[at_])) ++at_;
    if (at_ == begin) fail("a number lacks a digit");
    return at_ - begin;
  };
  const std::size_t number = at_;
  if (text_[at_] == '-') ++at_;
  std::int64_t magnitude = 0;  // decimal exponent of the first digit
  if (at_ < text_.size() && text_[at_] == '0') {
    ++at_;
    if (at_ < text_.size() && digit(text_[at_])) fail("a number begins with a superfluous zero");
  } else {
    magnitude = static_cast<std::int64_t>(digits());
  }
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    bool negative = false;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) negative = text_[at_++] == '-';
    const std::size_t begin = at_;
    const std::size_t count = digits();
    std::int64_t exponent = 0;
    if (count > 6)
      exponent = 1'000'000;
    else
      for (std::size_t i = begin; i < at_; ++i) exponent = exponent * 10 + (text_[i] - '0');
    magnitude += negative ? -exponent : exponent;
  }
  // Only near the edge is it worth converting.
  if (magnitude > 300 && std::isinf(std::strtod(std::string(text_.substr(number, at_ - number)).c_str(), nullptr)))
    fail("a number is outside the range of a double");
}

}  // namespace koppelpoort::json
