#include "gateway/ledger/members.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace koppelpoort {
namespace {

// Behind the quote that ends the text which begins at `from`; the size when it does not end.
std::size_t end_of_text(std::string_view bytes, std::size_t from) {
  for (std::size_t at = from + 1; at < bytes.size(); ++at) {
    if (bytes[at] == '\\')
      ++at;
    else if (bytes[at] == '"')
      return at + 1;
  }
  return bytes.size();
}

std::size_t end_of_value(std::string_view bytes, std::size_t from) {
  if (bytes[from] == '"') return end_of_text(bytes, from);
  std::size_t at = from;
  while (at < bytes.size() && bytes[at] != ',' && bytes[at] != '}') {
    if (bytes[at] != '[') {
      ++at;
      continue;
    }
    while (at < bytes.size() && bytes[at] != ']') at = bytes[at] == '"' ? end_of_text(bytes, at) : at + 1;
  }
  return at;
}

// RecordWriter escapes a quote, a backslash and what lies below the space (as \uXXXX or a letter).
std::string unescaped(std::string_view quoted) {
  std::string text;
  text.reserve(quoted.size());
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (quoted[at] != '\\' || at + 1 == quoted.size()) {
      text += quoted[at];
      continue;
    }
    const char letter = quoted[++at];
    switch (letter) {
      case 'b': text += '\b'; break;
      case 'f': text += '\f'; break;
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case 't': text += '\t'; break;
      case 'u': {
        unsigned code = 0;
        const std::string_view digits = quoted.substr(at + 1, 4);
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
        text += static_cast<char>(code);
        at += digits.size();
        break;
      }
      default: text += letter;
    }
  }
  return text;
}

std::string without_quotes(std::string_view value) {
  if (value.size() < 2 || value.front() != '"') return {};
  value = value.substr(1, value.size() - 2);
  return value.find('\\') == std::string_view::npos ? std::string(value) : unescaped(value);
}

}  // namespace

bool Members::next() {
  if (rest_.empty() || (rest_.front() != '{' && rest_.front() != ',')) return false;
  if (rest_.size() < 2 || rest_[1] != '"') return false;
  const std::size_t name_end = end_of_text(rest_, 1);
  if (name_end + 1 >= rest_.size() || rest_[name_end] != ':') return false;
  const std::size_t value_end = end_of_value(rest_, name_end + 1);
  name_ = rest_.substr(2, name_end - 3);
  value_ = rest_.substr(name_end + 1, value_end - name_end - 1);
  rest_.remove_prefix(value_end);
  return true;
}

std::string Members::text() const { return without_quotes(value_); }

std::int64_t Members::number() const {
  std::int64_t number = 0;
  std::from_chars(value_.data(), value_.data() + value_.size(), number);
  return number;
}

std::vector<std::string> Members::texts() const {
  std::vector<std::string> all;
  for (std::size_t at = 1; at < value_.size() && value_[at] == '"';) {
    const std::size_t end = end_of_text(value_, at);
    all.push_back(without_quotes(value_.substr(at, end - at)));
    at = end + 1;
  }
  return all;
}

std::string_view member_of(std::string_view entry, std::string_view key) {
  std::array<char, 32> pattern{};
  std::size_t size = 0;
  pattern[size++] = '"';
  size += key.copy(&pattern[size], pattern.size() - 4);
  for (const char c : std::string_view("\":\"")) pattern[size++] = c;
  // Keys are in order and values are escaped, so the pattern can only stand where a member begins.
  const void* found = ::memmem(entry.data(), entry.size(), pattern.data(), size);
  if (found == nullptr) return {};
  const auto begin = static_cast<std::size_t>(static_cast<const char*>(found) - entry.data()) + size;
  return entry.substr(begin, entry.find('"', begin) - begin);
}

}  // namespace koppelpoort
