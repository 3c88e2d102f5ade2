#include "legal_bases/strict_toml.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <numeric>

namespace koppelpoort {
namespace {

constexpr std::size_t file_bytes_max = 16u << 20u;

std::size_t line_of(const toml::node& node) { return node.source().begin.line; }

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string Problem::text() const {
  return line == 0 ? file + ": " + what : file + ":" + std::to_string(line) + ": " + what;
}

std::string to_text(const Problems& problems) {
  std::string all;
  for (const auto& problem : problems) all += problem.text() + "\n";
  return all;
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

void TomlTable::problem(std::string_view key, std::string what) {
  const toml::node* node = table_->get(key);
  problems_->push_back({*file_, node != nullptr ? line_of(*node) : line_of(*table_), std::move(what)});
}

std::size_t TomlTable::line() const { return line_of(*table_); }

bool TomlTable::has(std::string_view key) const { return table_->contains(key); }

std::optional<std::string> TomlTable::text_if(std::string_view key) {
  read_.emplace(key);
  const toml::node* node = table_->get(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_string()) return value->get();
  problem(key, "`" + std::string(key) + "` must be a text in quotes");
  return std::nullopt;
}

std::string TomlTable::text(std::string_view key) {
  if (!has(key)) {
    read_.emplace(key);
    problem(key, "`" + std::string(key) + "` is missing");
    return {};
  }
  return text_if(key).value_or("");
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
  read_.emplace(key);
  std::vector<std::string> values;
  const toml::node* node = table_->get(key);
  if (node == nullptr) return values;
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    problem(key, "`" + std::string(key) + "` must be a list of texts: [\"…\", \"…\"]");
    return values;
  }
  for (const auto& item : *list) {
    if (const auto* value = item.as_string())
      values.push_back(value->get());
    else
      problems_->push_back({*file_, line_of(item), "`" + std::string(key) + "` must hold texts only"});
  }
  return values;
}

std::optional<std::int64_t> TomlTable::integer_if(std::string_view key, std::int64_t least, std::int64_t most) {
  read_.emplace(key);
  const toml::node* node = table_->get(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value == nullptr) {
    problem(key, "`" + std::string(key) + "` must be a whole number");
    return std::nullopt;
  }
  if (value->get() < least || value->get() > most) {
    problem(key, "`" + std::string(key) + "` must be from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return value->get();
}

std::int64_t TomlTable::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  if (!has(key)) {
    read_.emplace(key);
    problem(key, "`" + std::string(key) + "` is missing");
    return least;
  }
  return integer_if(key, least, most).value_or(least);
}

bool TomlTable::flag(std::string_view key, bool otherwise) {
  read_.emplace(key);
  const toml::node* node = table_->get(key);
  if (node == nullptr) return otherwise;
  if (const auto* value = node->as_boolean()) return value->get();
  problem(key, "`" + std::string(key) + "` must be true or false");
  return otherwise;
}

std::optional<Date> TomlTable::date_if(std::string_view key) {
  const auto word = text_if(key);
  if (!word) return std::nullopt;
  const auto date = parse_date(*word);
  if (!date) problem(key, "`" + std::string(key) + "` must be a date \"YYYY-MM-DD\", not `" + *word + "`");
  return date;
}

Date TomlTable::date(std::string_view key) {
  if (!has(key)) {
    read_.emplace(key);
    problem(key, "`" + std::string(key) + "` is missing");
    return {};
  }
  return date_if(key).value_or(Date{});
}

std::optional<Instant> TomlTable::instant_if(std::string_view key) {
  const auto word = text_if(key);
  if (!word) return std::nullopt;
  const auto instant = parse_instant(*word);
  if (!instant)
    problem(key, "`" + std::string(key) + "` must be a time \"YYYY-MM-DDThh:mm:ssZ\" or a date, not `" + *word + "`");
  return instant;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
  read_.emplace(key);
  const toml::node* node = table_->get(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_table()) return TomlTable{*value, file_, *problems_};
  problem(key, "`" + std::string(key) + "` must be a table: [" + std::string(key) + "]");
  return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  read_.emplace(key);
  std::vector<TomlTable> values;
  const toml::node* node = table_->get(key);
  if (node == nullptr) return values;
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    problem(key, "`" + std::string(key) + "` must be a list of tables: [[" + std::string(key) + "]]");
    return values;
  }
  for (const auto& item : *list) {
    if (const auto* value = item.as_table())
      values.push_back(TomlTable{*value, file_, *problems_});
    else
      problems_->push_back({*file_, line_of(item), "`" + std::string(key) + "` must hold tables only"});
  }
  return values;
}

std::vector<std::string> TomlTable::keys() {
  std::vector<std::string> names;
  for (const auto& [key, node] : *table_) {
    names.emplace_back(key.str());
    read_.emplace(key.str());
  }
  return names;
}

void TomlTable::done() {
  std::vector<std::string_view> known(read_.begin(), read_.end());
  for (const auto& [key, node] : *table_) {
    if (read_.contains(key.str())) continue;
    std::string what = "unknown key `" + std::string(key.str()) + "`";
    const auto hint = nearest(key.str(), known);
    what += hint.empty() ? "; remove it" : "; did you mean `" + std::string(hint) + "`?";
    problems_->push_back({*file_, key.source().begin.line, std::move(what)});
  }
}

void TomlTable::unknown_word(std::string_view key, std::string_view word, std::span<const std::string_view> known) {
  std::string what = "`" + std::string(key) + "` cannot be `" + std::string(word) + "`";
  const auto hint = nearest(word, known);
  if (!hint.empty()) {
    what += "; did you mean `" + std::string(hint) + "`?";
  } else {
    what += "; use one of:";
    for (const auto name : known) what += " " + std::string(name);
  }
  problem(key, std::move(what));
}

std::string TomlTable::canonical() const {
  std::ostringstream out;
  // No indentation and no multi-line texts: one key, one line.
  constexpr auto flags = toml::toml_formatter::default_flags &
                         ~(toml::format_flags::indentation | toml::format_flags::allow_multi_line_strings);
  out << toml::toml_formatter{*table_, flags};
  return out.str();
}

std::optional<TomlDocument> TomlDocument::parse(std::string_view text, std::string file, Problems& problems) {
  if (text.size() > file_bytes_max) {
    problems.push_back({std::move(file), 0, "the file is larger than 16 MiB"});
    return std::nullopt;
  }
  try {
    TomlDocument document;
    document.table_ = std::make_shared<const toml::table>(toml::parse(text, file));
    document.file_ = std::make_shared<const std::string>(std::move(file));
    return document;
  } catch (const toml::parse_error& error) {
    problems.push_back({std::move(file), error.source().begin.line, std::string(error.description())});
    return std::nullopt;
  }
}

std::optional<TomlDocument> TomlDocument::of(const Texts& texts, std::string_view name, Problems& problems) {
  if (const auto at = texts.find(name); at != texts.end()) return parse(at->second, std::string(name), problems);
  problems.push_back({std::string(name), 0, "is missing from the release"});
  return std::nullopt;
}

}  // namespace koppelpoort
