#include "policies/proxy_guard.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace koppelpoort {
namespace {

constexpr std::string_view proxy_tag = "proxy:";

char plain_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Words in small letters: `afstandTotAZC_km` gives afstand, tot, azc, km. A letter beyond ASCII loses its accent where
// it has one (two bytes, Latin-1 range), so that `postcodé` hides nothing.
std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view accents = "aaaaaaaceeeeiiiidnooooo/ouuuuypsaaaaaaaceeeeiiiidnooooo/ouuuuypy";
  std::vector<std::string> words;
  std::string word;
  bool small = false;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
    small = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0xC3 && i + 1 < text.size()) c = accents[static_cast<unsigned char>(text[++i]) & 63u];
    const bool large = c >= 'A' && c <= 'Z';
    const bool letter = large || (c >= 'a' && c <= 'z');
    const bool digit = c >= '0' && c <= '9';
    if (!letter && !digit) {
      end_word();
      continue;
    }
    if (large && small) end_word();
    word += plain_letter(c);
    small = !large;
  }
  end_word();
  return words;
}

bool matches(std::string_view pattern, std::string_view word) {
  const bool before = pattern.starts_with('*'), after = pattern.size() > 1 && pattern.ends_with('*');
  const std::string_view core = pattern.substr(before ? 1 : 0, pattern.size() - (before ? 1 : 0) - (after ? 1 : 0));
  if (before && after) return word.find(core) != std::string_view::npos;
  if (before) return word.ends_with(core);
  if (after) return word.starts_with(core);
  return word == core;
}

// Where in `words` the pattern stands; npos when nowhere.
std::size_t position_of(const std::vector<std::string>& pattern, const std::vector<std::string>& words) {
  for (std::size_t at = 0; at + pattern.size() <= words.size(); ++at)
    if (std::equal(pattern.begin(), pattern.end(), words.begin() + static_cast<std::ptrdiff_t>(at), matches)) return at;
  return std::string::npos;
}

std::vector<std::vector<std::string>> patterns_of(const std::vector<std::string>& texts) {
  std::vector<std::vector<std::string>> all;
  for (const auto& text : texts) {
    std::vector<std::string> pattern;
    std::string word;
    for (const char c : text + " ") {
      if (c != ' ')
        word += c;
      else if (!word.empty())
        pattern.push_back(std::exchange(word, {}));
    }
    all.push_back(std::move(pattern));
  }
  return all;
}

class Scanner {
 public:
  Scanner(const std::vector<Feature>& features, const Taxonomy& taxonomy, const ProxyWords& words)
      : features_(features), taxonomy_(taxonomy), words_(words) {
    for (const auto& feature : features) by_name_.emplace(feature.name, &feature);
  }

  FeatureScan scan() {
    while (spread()) {
    }
    FeatureScan result;
    for (const auto& feature : features_) {
      if (const auto at = reasons_.find(feature.name); at != reasons_.end())
        result.proxies.push_back({feature.name, at->second});
      if (!declared(feature)) result.undeclared.push_back(feature.name);
    }
    return result;
  }

 private:
  // One round: who is a proxy by what is known so far. True when somebody new is, so circles come to an end too.
  bool spread() {
    bool found = false;
    for (const auto& feature : features_) {
      if (reasons_.contains(feature.name)) continue;
      std::string why = own_reason(feature);
      for (std::size_t i = 0; i < feature.from.size() && why.empty(); ++i) why = reason_of_part(feature.from[i]);
      if (why.empty()) continue;
      reasons_.emplace(feature.name, std::move(why));
      found = true;
    }
    return found;
  }

  std::string reason_of_part(const std::string& part) const {
    if (const auto element = taxonomy_.find(part)) return reason_of(taxonomy_.elements[*element]);
    if (by_name_.contains(part)) return reasons_.contains(part) ? part : std::string();
    const auto* proxy = words_.named_in(part);
    return proxy == nullptr ? std::string() : proxy->id;
  }

  std::string own_reason(const Feature& feature) const {
    const auto* proxy = words_.named_in(feature.name);
    if (proxy == nullptr) proxy = words_.named_in(feature.description);
    return proxy == nullptr ? std::string() : proxy->id;
  }

  static std::string reason_of(const Element& element) {
    const bool proxy =
        std::ranges::any_of(element.tags, [](const std::string& tag) { return tag.starts_with(proxy_tag); });
    return proxy ? element.id : std::string();
  }

  // Made of elements alone, in the end.
  bool declared(const Feature& feature) {
    if (feature.from.empty() || !visiting_.insert(feature.name).second) return false;
    const bool all = std::ranges::all_of(feature.from, [&](const std::string& part) {
      if (taxonomy_.find(part)) return true;
      const auto other = by_name_.find(part);
      return other != by_name_.end() && declared(*other->second);
    });
    visiting_.erase(feature.name);
    return all;
  }

  const std::vector<Feature>& features_;
  const Taxonomy& taxonomy_;
  const ProxyWords& words_;
  std::map<std::string, const Feature*, std::less<>> by_name_;
  std::map<std::string, std::string, std::less<>> reasons_;
  std::set<std::string> visiting_;
};

}  // namespace

ProxyWords ProxyWords::read(const Texts& texts, Problems& problems) {
  ProxyWords words;
  const auto document = TomlDocument::of(texts, "policies/proxies.toml", problems);
  if (!document) return words;
  TomlTable root = document->root(problems);
  words.innocent_ = patterns_of(root.texts("innocent"));
  for (auto& table : root.tables("proxy")) {
    words.proxies_.push_back({table.text("id"), table.text("nl"), table.text("en"), patterns_of(table.texts("words"))});
    table.done();
  }
  root.done();
  return words;
}

const ProxyWords::Proxy* ProxyWords::named_in(std::string_view text) const {
  std::vector<std::string> words = words_of(text);
  for (const auto& pattern : innocent_)
    for (auto at = position_of(pattern, words); at != std::string::npos; at = position_of(pattern, words))
      for (std::size_t i = 0; i < pattern.size(); ++i) words[at + i] = "-";
  for (const auto& proxy : proxies_)
    for (const auto& pattern : proxy.patterns)
      if (position_of(pattern, words) != std::string::npos) return &proxy;
  return nullptr;
}

FeatureScan scan_features(const std::vector<Feature>& features, const Taxonomy& taxonomy, const ProxyWords& words) {
  return Scanner(features, taxonomy, words).scan();
}

}  // namespace koppelpoort
