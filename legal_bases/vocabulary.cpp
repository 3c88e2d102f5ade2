#include "legal_bases/vocabulary.hpp"

namespace koppelpoort {
namespace {

using Index = std::map<std::string, WordIndex, std::less<>>;

std::optional<WordIndex> find(const Index& index, std::string_view id) {
  const auto at = index.find(id);
  if (at == index.end()) return std::nullopt;
  return at->second;
}

void number(Index& index, const std::string& id, std::size_t position, std::size_t most, TomlTable& table) {
  if (position >= most) {
    table.problem("id", "too many words of this kind; the limit is " + std::to_string(most));
    return;
  }
  if (!index.emplace(id, static_cast<WordIndex>(position)).second)
    table.problem("id", "`" + id + "` is declared twice; ids are unique");
}

constexpr std::pair<std::string_view, CategoryKind> category_kinds[] = {{"ordinary", CategoryKind::ordinary},
                                                                        {"special", CategoryKind::special},
                                                                        {"criminal", CategoryKind::criminal},
                                                                        {"national-id", CategoryKind::national_id}};

}  // namespace

std::optional<WordIndex> Vocabulary::role(std::string_view id) const { return find(role_index, id); }
std::optional<WordIndex> Vocabulary::category(std::string_view id) const { return find(category_index, id); }
std::optional<WordIndex> Vocabulary::goal(std::string_view id) const { return find(goal_index, id); }

Vocabulary read_vocabulary(const Texts& texts, Problems& problems) {
  Vocabulary words;
  const auto document = TomlDocument::of(texts, "legal_bases/vocabulary.toml", problems);
  if (!document) return words;
  TomlTable root = document->root(problems);
  for (auto& table : root.tables("role")) {
    Role role{table.text("id"), table.text("nl"), table.text("en"), table.text("kind")};
    number(words.role_index, role.id, words.roles.size(), roles_max, table);
    for (const auto& alias : table.texts("also")) number(words.role_index, alias, words.roles.size(), roles_max, table);
    words.roles.push_back(std::move(role));
    table.done();
  }
  for (auto& table : root.tables("category")) {
    Category category{table.text("id"), table.text("nl"), table.text("en"), {}, {}, {}};
    category.kind = table.one_of<CategoryKind>("kind", category_kinds);
    category.special = table.text_if("special").value_or("");
    category.tags = table.texts("tags");
    if ((category.kind == CategoryKind::special) != !category.special.empty())
      table.problem("special", "`special` names the kind of art. 9 data, for kind `special` and no other");
    number(words.category_index, category.id, words.categories.size(), categories_max, table);
    words.categories.push_back(std::move(category));
    table.done();
  }
  for (auto& table : root.tables("goal")) {
    Goal goal{table.text("id"), table.text("nl"), table.text("en"), table.flag("public_task", false),
              table.flag("structural_gap", false)};
    number(words.goal_index, goal.id, words.goals.size(), goals_max, table);
    words.goals.push_back(std::move(goal));
    table.done();
  }
  root.done();
  return words;
}

}  // namespace koppelpoort
