// The data elements: one canonical piece of data each, with its category and why it has that category.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "legal_bases/vocabulary.hpp"

namespace koppelpoort {

using ElementIndex = std::uint16_t;
inline constexpr std::size_t elements_max = 1024;
using ElementSet = std::bitset<elements_max>;

enum class Person : std::uint8_t { self, partner, kind, ouder, huisgenoot, ander };

struct Element {
  std::string id, nl, en;
  WordIndex category = 0;
  std::vector<std::string> tags;  // its category's tags included
  Person person = Person::self;
  std::string source;

  bool has_tag(std::string_view tag) const;
};

struct Taxonomy {
  std::vector<Element> elements;
  std::map<std::string, ElementIndex, std::less<>> index;
  std::array<ElementSet, 6> of_person;  // by Person
  std::vector<ElementSet> of_category;  // by position of the category in the vocabulary

  std::optional<ElementIndex> find(std::string_view id) const;
};

// Reads every `*.toml` in `folder`; categories must stand in `words`.
// All elements of these categories.
ElementSet elements_of(const Taxonomy& taxonomy, const CategorySet& categories);

Taxonomy read_taxonomy(const Texts& texts, const Vocabulary& words, Problems& problems);

}  // namespace koppelpoort
