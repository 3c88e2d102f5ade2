// The words that catalogue entries, registers and exchanges share: roles, categories of data, goals.
// Each word gets a small number, so that sets of words are bit sets.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "legal_bases/strict_toml.hpp"

namespace koppelpoort {

inline constexpr std::size_t roles_max = 128;
inline constexpr std::size_t goals_max = 128;
inline constexpr std::size_t categories_max = 64;

using RoleSet = std::bitset<roles_max>;
using GoalSet = std::bitset<goals_max>;
using CategorySet = std::bitset<categories_max>;
using WordIndex = std::uint16_t;

enum class CategoryKind { ordinary, special, criminal, national_id };

struct Role {
  std::string id, nl, en;
  std::string kind;  // overheid | privaat | persoon | transport
};
struct Category {
  std::string id, nl, en;
  CategoryKind kind = CategoryKind::ordinary;
  std::string special;  // which art. 9 kind; empty otherwise
  std::vector<std::string> tags;
};
struct Goal {
  std::string id, nl, en;
  bool public_task = false;
  bool structural_gap = false;  // a worthy aim for which the law lacks a basis (KP-990)
};

struct Vocabulary {
  std::vector<Role> roles;
  std::vector<Category> categories;
  std::vector<Goal> goals;

  std::optional<WordIndex> role(std::string_view id) const;  // aliases included
  std::optional<WordIndex> category(std::string_view id) const;
  std::optional<WordIndex> goal(std::string_view id) const;

  std::map<std::string, WordIndex, std::less<>> role_index, category_index, goal_index;
};

Vocabulary read_vocabulary(const Texts& texts, Problems& problems);

}  // namespace koppelpoort
