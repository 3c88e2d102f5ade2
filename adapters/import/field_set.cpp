#include "adapters/import/field_set.hpp"

namespace koppelpoort {
namespace {

// The node that a dotted path leads to; null when the mapping does not know it.
const AnswerNode* node_at(const AnswerNode& fields, std::string_view path) {
  const AnswerNode* node = &fields;
  while (node != nullptr && !path.empty()) {
    if (node->element) return node;  // everything below is this element
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    node = node->find(name);
  }
  return node;
}

}  // namespace

ImportedPurpose import_field_set(std::string_view text, std::string_view name, const std::string& service,
                                 const Mapping& mapping, const Taxonomy& taxonomy) {
  ImportedPurpose draft;
  draft.id = id_from(name);
  draft.title = name;
  ImportedPurpose::Need need;
  need.service = service;
  ElementSet elements;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    const AnswerNode* node = node_at(mapping.operations.front().fields, line);
    if (node == nullptr || node->below.none())
      need.unnamed.emplace_back(line);
    else
      elements |= node->below;
  }
  for (std::size_t i = elements._Find_first(); i < elements.size(); i = elements._Find_next(i))
    need.elements.push_back(taxonomy.elements[i].id);
  draft.needs.push_back(std::move(need));
  return draft;
}

}  // namespace koppelpoort
