#include "gateway/api/explained.hpp"

#include "gateway/api/message.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

std::string_view name_of_protection(CategoryKind kind) {
  switch (kind) {
    case CategoryKind::special: return "bijzonder";
    case CategoryKind::criminal: return "strafrechtelijk";
    case CategoryKind::national_id: return "persoonsnummer";
    case CategoryKind::ordinary: break;
  }
  return "";
}

json::array codes_of(const std::vector<Code>& codes) {
  json::array all;
  for (const Code code : codes) all.emplace_back(to_text(code));
  return all;
}

json::object reason_of(const Snapshot& snapshot, const ExplainedReason& each, Language language) {
  const Reason& reason = snapshot.knowledge().reasons.at(each.code);
  json::array elements;
  for (const auto& id : each.elements) elements.emplace_back(id);
  return {{"code", to_text(each.code)},
          {"kort", in(language, reason.short_nl, reason.short_en)},
          {"gevolg", dutch_name(each.effect)},
          {"soort", api::dutch_name(each.kind)},
          {"over", each.subject},
          {"elementen", std::move(elements)},
          {"uitleg", in(language, each.nl, each.en)},
          {"nodig", in(language, each.next_nl, each.next_en)},
          {"wet", each.law},
          {"wieKanDit", in(language, each.mends_nl, each.mends)}};
}

}  // namespace

std::string_view dutch_name(Verdict verdict) {
  return verdict == Verdict::permit ? "toegestaan" : verdict == Verdict::minimise ? "geminimaliseerd" : "geblokkeerd";
}

std::string_view dutch_name(Effect effect) {
  return effect == Effect::blocks ? "blokkeert" : effect == Effect::removes ? "weggelaten" : "opmerking";
}

std::string_view dutch_name(BlockKind kind) { return dutch_kind(name_of(kind)); }

std::string_view dutch_verdict(std::string_view verdict) {
  return verdict == "block" ? "geblokkeerd" : verdict == "minimise" ? "geminimaliseerd" : "toegestaan";
}

std::string_view dutch_kind(std::string_view kind) {
  return kind == "forbidden" ? "verboden" : kind == "missing" ? "ontbreekt" : kind == "undecided" ? "onbeslist" : "";
}

json::object explained(const Snapshot& snapshot, const Explanation& explanation, Language language) {
  json::array bases, elements, reasons, next;
  for (const auto& each : explanation.bases)
    bases.push_back({{"id", each.id},
                     {"wet", each.law},
                     {"artikel", each.article},
                     {"verwijzing", each.link},
                     {"stand", in(language, each.state_nl, each.state_en)}});
  std::set<std::pair<std::string_view, bool>> told;  // searched with and asked for: said once
  for (const auto& each : explanation.elements)
    if (told.emplace(each.id, each.passes).second)
      elements.push_back({{"id", each.id},
                          {"naam", in(language, each.nl, each.en)},
                          {"categorie", in(language, each.category_nl, each.category_en)},
                          {"gaatDoor", each.passes},
                          {"waarom", codes_of(each.because)}});
  for (const auto& each : explanation.reasons) reasons.push_back(reason_of(snapshot, each, language));
  // What lifts the refusal as a whole; else what each finding would need.
  for (const auto& each : explanation.together.empty() ? explanation.remedies : explanation.together)
    next.push_back({{"code", to_text(each.code)},
                    {"wat", in(language, each.nl, each.en)},
                    {"wie", in(language, each.who_nl, each.who)}});
  return {{"oordeel", dutch_name(explanation.verdict)},
          {"soort", dutch_name(explanation.kind)},
          {"samenvatting", in(language, explanation.summary_nl, explanation.summary_en)},
          {"eenvoudig", in(language, explanation.plain_nl, explanation.plain_en)},
          {"redenen", std::move(reasons)},
          {"gegevens", std::move(elements)},
          {"grondslagen", std::move(bases)},
          {"watNu", std::move(next)},
          {"samenGenoeg", !explanation.together.empty()},
          {"structureleLeemte", explanation.structural_gap},
          {"wetOntbreekt", explanation.law_lacking}};
}

json::object element_of(const Knowledge& knowledge, std::string_view id, Language language) {
  const auto index = knowledge.taxonomy.find(id);
  if (!index) return {{"id", id}, {"naam", id}, {"categorie", ""}, {"bescherming", ""}};
  const Element& element = knowledge.taxonomy.elements[*index];
  const Category& category = knowledge.catalogue.words.categories[element.category];
  return {{"id", id},
          {"naam", in(language, element.nl, element.en)},
          {"categorie", in(language, category.nl, category.en)},
          {"bescherming", name_of_protection(category.kind)}};
}

json::array elements_of(const Knowledge& knowledge, const std::set<std::string>& ids, Language language) {
  json::array all;
  for (const auto& id : ids) all.push_back(element_of(knowledge, id, language));
  return all;
}

}  // namespace koppelpoort::api
