// Reading TOML where nothing is guessed: a missing key, a wrong type or an unknown key becomes a problem with
// file, line and what to do, and reading goes on so that a person sees all problems at once.
// Used for the catalogue, the registers, wire mappings, scenarios and the configuration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "legal_bases/date.hpp"
#include "legal_bases/texts.hpp"

namespace toml {
inline namespace v3 {
class table;
}
}  // namespace toml

namespace koppelpoort {

struct Problem {
  std::string file;
  std::size_t line = 0;  // 1-based; 0 when the whole file is meant
  std::string what;
  std::string text() const;  // `file:line: what`
};
using Problems = std::vector<Problem>;

// All problems, one a line.
std::string to_text(const Problems& problems);

// The known name nearest to `word` by edit distance, or empty when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

template <typename Value>
using Names = std::span<const std::pair<std::string_view, Value>>;

class TomlTable {
 public:
  std::string text(std::string_view key);
  std::optional<std::string> text_if(std::string_view key);
  std::vector<std::string> texts(std::string_view key);  // absent is empty
  std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<std::int64_t> integer_if(std::string_view key, std::int64_t least, std::int64_t most);
  bool flag(std::string_view key, bool otherwise);
  Date date(std::string_view key);
  std::optional<Date> date_if(std::string_view key);
  std::optional<Instant> instant_if(std::string_view key);

  template <typename Value>
  Value one_of(std::string_view key, Names<Value> names) {
    return choose(key, text(key), names);
  }
  template <typename Value>
  Value one_of(std::string_view key, Names<Value> names, Value otherwise) {
    const auto word = text_if(key);
    return word ? choose(key, *word, names) : otherwise;
  }
  template <typename Value>
  std::vector<Value> some_of(std::string_view key, Names<Value> names) {
    std::vector<Value> values;
    for (const auto& word : texts(key)) values.push_back(choose(key, word, names));
    return values;
  }

  std::optional<TomlTable> table(std::string_view key);
  std::vector<TomlTable> tables(std::string_view key);
  // The keys as they stand, for tables whose keys are data; marks them all as read.
  std::vector<std::string> keys();
  bool has(std::string_view key) const;

  // Reports keys that nobody read. Call when everything known has been read.
  void done();
  void problem(std::string_view key, std::string what);  // at the line of `key`, or of the table
  std::size_t line() const;
  const std::string& file() const { return *file_; }
  // This table alone as TOML in one fixed form: the body of a register event.
  std::string canonical() const;

 private:
  friend class TomlDocument;
  TomlTable(const toml::table& table, std::shared_ptr<const std::string> file, Problems& problems)
      : table_(&table), file_(std::move(file)), problems_(&problems) {}

  template <typename Value>
  Value choose(std::string_view key, std::string_view word, Names<Value> names) {
    std::vector<std::string_view> known;
    for (const auto& [name, value] : names) {
      if (name == word) return value;
      known.push_back(name);
    }
    unknown_word(key, word, known);
    return names.front().second;
  }
  void unknown_word(std::string_view key, std::string_view word, std::span<const std::string_view> known);

  const toml::table* table_;
  std::shared_ptr<const std::string> file_;
  Problems* problems_;
  std::set<std::string, std::less<>> read_;
};

class TomlDocument {
 public:
  // Nothing (and a problem) when the text is no TOML. `file` is only for messages.
  static std::optional<TomlDocument> parse(std::string_view text, std::string file, Problems& problems);
  static std::optional<TomlDocument> of(const Texts& texts, std::string_view name, Problems& problems);
  TomlTable root(Problems& problems) const { return {*table_, file_, problems}; }

 private:
  std::shared_ptr<const toml::table> table_;
  std::shared_ptr<const std::string> file_;
};

}  // namespace koppelpoort
