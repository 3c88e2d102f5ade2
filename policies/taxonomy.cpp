#include "policies/taxonomy.hpp"

#include <algorithm>

namespace koppelpoort {
namespace {

constexpr std::pair<std::string_view, Person> persons[] = {
    {"self", Person::self},   {"partner", Person::partner},       {"kind", Person::kind},
    {"ouder", Person::ouder}, {"huisgenoot", Person::huisgenoot}, {"ander", Person::ander}};

bool well_formed(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  return id.find('.') != std::string_view::npos && std::ranges::all_of(id, allowed);
}

void read_element(Taxonomy& taxonomy, const Vocabulary& words, TomlTable& table) {
  Element element;
  element.id = table.text("id");
  element.nl = table.text("nl");
  element.en = table.text("en");
  const std::string category = table.text("category");
  element.tags = table.texts("tags");
  element.person = table.one_of<Person>("person", persons, Person::self);
  element.source = table.text("source");
  if (const auto index = words.category(category)) {
    element.category = *index;
    for (const auto& tag : words.categories[*index].tags) element.tags.push_back(tag);
  } else {
    table.problem("category", "`" + category + "` is no category of vocabulary.toml");
  }
  if (!well_formed(element.id))
    table.problem("id", "`" + element.id + "` must read group.name, with letters, digits, dots and hyphens");
  if (element.source.empty()) table.problem("source", "say where the element and its category come from");
  if (taxonomy.elements.size() >= elements_max) {
    table.problem("id", "more than " + std::to_string(elements_max) + " elements");
    return;
  }
  if (!taxonomy.index.emplace(element.id, static_cast<ElementIndex>(taxonomy.elements.size())).second)
    table.problem("id", "`" + element.id + "` is declared twice");
  table.done();
  taxonomy.elements.push_back(std::move(element));
}

}  // namespace

bool Element::has_tag(std::string_view tag) const { return std::ranges::find(tags, tag) != tags.end(); }

std::optional<ElementIndex> Taxonomy::find(std::string_view id) const {
  const auto at = index.find(id);
  if (at == index.end()) return std::nullopt;
  return at->second;
}

ElementSet elements_of(const Taxonomy& taxonomy, const CategorySet& categories) {
  ElementSet set;
  for (std::size_t i = 0; i < taxonomy.of_category.size(); ++i)
    if (categories.test(i)) set |= taxonomy.of_category[i];
  return set;
}

Taxonomy read_taxonomy(const Texts& texts, const Vocabulary& words, Problems& problems) {
  Taxonomy taxonomy;
  const auto files = names_in(texts, "policies/taxonomy/");
  if (files.empty()) problems.push_back({"policies/taxonomy", 0, "no files with data elements"});
  for (const auto file : files) {
    const auto document = TomlDocument::of(texts, file, problems);
    if (!document) continue;
    TomlTable root = document->root(problems);
    for (auto& table : root.tables("element")) read_element(taxonomy, words, table);
    root.done();
  }
  taxonomy.of_category.resize(words.categories.size());
  for (std::size_t i = 0; i < taxonomy.elements.size(); ++i) {
    taxonomy.of_category[taxonomy.elements[i].category].set(i);
    taxonomy.of_person[static_cast<std::size_t>(taxonomy.elements[i].person)].set(i);
  }
  return taxonomy;
}

}  // namespace koppelpoort
