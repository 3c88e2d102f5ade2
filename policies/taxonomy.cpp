#include "policies/taxonomy.hpp"

#include <algorithm>
#include <filesystem>

#include "legal_bases/digest.hpp"

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

Taxonomy load_taxonomy(const std::string& folder, const Vocabulary& words, Problems& problems) {
  Taxonomy taxonomy;
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder, error))
    if (item.path().extension() == ".toml") files.push_back(item.path().string());
  if (files.empty()) problems.push_back({folder, 0, "no files with data elements found"});
  std::ranges::sort(files);
  Digest digest;
  for (const auto& file : files) {
    digest.add_file(file);
    const auto document = TomlDocument::load(file, problems);
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
  taxonomy.digest = digest.hex();
  return taxonomy;
}

}  // namespace koppelpoort
