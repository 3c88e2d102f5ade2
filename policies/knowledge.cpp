#include "policies/knowledge.hpp"

#include "legal_bases/digest.hpp"

namespace koppelpoort {
namespace {

// Closed field lists in the catalogue must name elements that exist.
void check_fields(const Knowledge& knowledge, Problems& problems) {
  for (const auto& [id, entry] : knowledge.catalogue.entries)
    for (const auto& flow : entry.flows)
      for (const auto& field : flow.fields)
        if (!knowledge.taxonomy.find(field))
          problems.push_back(
              {entry.file, entry.line,
               "`" + id + "` names the element `" + field + "`, which stands in no file of policies/taxonomy"});
}

FlowCover cover_of(const Knowledge& knowledge, const Flow& flow) {
  const Taxonomy& taxonomy = knowledge.taxonomy;
  const auto& categories = knowledge.catalogue.words.categories;
  FlowCover cover;
  cover.named = elements_of(taxonomy, flow.categories);
  for (const auto& field : flow.fields)
    if (const auto index = taxonomy.find(field)) cover.named.set(*index);
  for (std::size_t i = 0; i < categories.size(); ++i) {
    const ElementSet of_category = cover.named & taxonomy.of_category[i];
    const Category& category = categories[i];
    if (category.kind == CategoryKind::national_id) cover.numbers |= of_category;
    if (category.kind == CategoryKind::criminal && !flow.criminal) cover.criminal |= of_category;
    if (category.kind == CategoryKind::special && !flow.special.contains("any") &&
        !flow.special.contains(category.special))
      cover.special |= of_category;
  }
  cover.exempted = cover.named & ~cover.special & ~cover.criminal;
  return cover;
}

std::string digest_of(const Texts& texts) {
  Digest digest;
  for (const auto& [name, text] : texts) {
    digest.add(name);
    digest.add(text);
  }
  return digest.hex();
}

}  // namespace

std::shared_ptr<const Knowledge> read_knowledge(Texts texts, Problems& problems) {
  const std::size_t before = problems.size();
  auto knowledge = std::make_shared<Knowledge>();
  knowledge->digest = digest_of(texts);
  knowledge->texts = std::move(texts);
  knowledge->catalogue = read_catalogue(knowledge->texts, problems);
  knowledge->taxonomy = read_taxonomy(knowledge->texts, knowledge->catalogue.words, problems);
  knowledge->proxies = ProxyWords::read(knowledge->texts, problems);
  knowledge->reasons = read_reasons(knowledge->texts, problems);
  check_fields(*knowledge, problems);
  knowledge->covers.resize(knowledge->catalogue.flow_count);
  for (const auto& [id, entry] : knowledge->catalogue.entries)
    for (const auto& flow : entry.flows) knowledge->covers[flow.index] = cover_of(*knowledge, flow);
  if (problems.size() != before) return nullptr;
  return knowledge;
}

}  // namespace koppelpoort
