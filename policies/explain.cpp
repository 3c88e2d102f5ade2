#include "policies/explain.hpp"

#include <algorithm>
#include <set>

#include "policies/decide.hpp"

namespace koppelpoort {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::string filled(std::string sentence, const std::string& subject, const std::string& detail,
                   const std::string& elements) {
  replace_all(sentence, "{subject}", subject);
  replace_all(sentence, "{detail}", detail);
  replace_all(sentence, "{elements}", elements);
  // What stayed empty leaves no trace.
  replace_all(sentence, "(, ", "(");
  replace_all(sentence, ", )", ")");
  replace_all(sentence, "( ", "(");
  replace_all(sentence, " )", ")");
  replace_all(sentence, " ()", "");
  replace_all(sentence, "  ", " ");
  replace_all(sentence, ": .", ".");
  replace_all(sentence, ":  (", " (");
  replace_all(sentence, ": (", " (");
  return sentence;
}

std::string joined(const Taxonomy& taxonomy, const std::vector<ElementIndex>& elements, Language language) {
  std::string all;
  for (const auto index : elements) {
    const Element& element = taxonomy.elements[index];
    all += (all.empty() ? "" : ", ") + (language == Language::nl ? element.nl : element.en);
  }
  return all;
}

void explain_elements(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision, Explanation& out) {
  const Taxonomy& taxonomy = snapshot.knowledge().taxonomy;
  for (const auto& asked : exchange.elements) {
    if (!asked.element) {
      out.elements.push_back({asked.wire, "onbekend veld", "unknown field", {}, {}, false, {Code::data_excess}});
      continue;
    }
    const Element& element = taxonomy.elements[*asked.element];
    const Category& category = snapshot.knowledge().catalogue.words.categories[element.category];
    ExplainedElement explained{element.id, element.nl, element.en, category.nl, category.en, false, {}};
    explained.passes =
        asked.use == Use::deliver ? decision.allowed.test(*asked.element) : decision.verdict != Verdict::block;
    for (const auto& finding : decision.findings)
      if (finding.effect != Effect::note &&
          std::ranges::find(finding.elements, *asked.element) != finding.elements.end())
        explained.because.push_back(finding.code);
    out.elements.push_back(std::move(explained));
  }
}

std::string dutch_state(LawState state) {
  switch (state) {
    case LawState::in_force: return "geldt op die dag";
    case LawState::pending: return "wetsvoorstel";
    case LawState::repealed: return "vervallen";
    case LawState::disapplied: return "buiten werking gesteld";
    case LawState::unknown: break;
  }
  return "onbekend op die dag";
}

void count_kept_back(Explanation& out, std::ptrdiff_t kept) {
  const std::string of = std::to_string(out.elements.size());
  out.summary_nl = "Toegestaan met minder gegevens";
  out.summary_en = "Permitted with fewer data";
  if (kept > 0) {
    out.summary_nl += ": " + std::to_string(kept) + " van de " + of + " gevraagde gegevens blijven achter";
    out.summary_en += ": " + std::to_string(kept) + " of the " + of + " elements asked are kept back";
  }
  if (out.cut_from) {
    out.summary_nl += "; de periode is gekort en begint op " + to_text(*out.cut_from);
    out.summary_en += "; the period was cut and begins on " + to_text(*out.cut_from);
  }
  out.summary_nl += ".";
  out.summary_en += ".";
}

// Each family once, in order.
void say_plainly(const Snapshot& snapshot, const Decision& decision, Explanation& out) {
  const Reasons& reasons = snapshot.knowledge().reasons;
  std::set<std::string_view> said;
  for (const auto& finding : decision.findings) {
    const std::string& family = reasons.at(finding.code).family;
    const auto words = reasons.plain.find(family);
    if (finding.effect == Effect::note || words == reasons.plain.end() || !said.insert(family).second) continue;
    out.plain_nl += (out.plain_nl.empty() ? "" : " ") + words->second.nl;
    out.plain_en += (out.plain_en.empty() ? "" : " ") + words->second.en;
  }
}

void summarise(Explanation& out) {
  const auto kept = std::ranges::count_if(out.elements, [](const auto& each) { return !each.passes; });
  switch (out.verdict) {
    case Verdict::permit:
      out.summary_nl = "Toegestaan: alles wat gevraagd is mag.";
      out.summary_en = "Permitted: all that was asked may pass.";
      return;
    case Verdict::minimise: count_kept_back(out, kept); return;
    case Verdict::block: break;
  }
  switch (out.kind) {
    case BlockKind::forbidden:
      out.summary_nl = "Geweigerd: de wet geeft zo geen weg.";
      out.summary_en = "Refused: the law gives no way as asked.";
      break;
    case BlockKind::missing:
      out.summary_nl = "Geweigerd: er ontbreekt iets dat aangevuld kan worden.";
      out.summary_en = "Refused: something is missing that can be supplied.";
      break;
    default:
      out.summary_nl = "Niet besloten: de poort kon niet veilig besluiten, dus er gaat niets door.";
      out.summary_en = "Not decided: the gate could not decide safely, so nothing passes.";
  }
}

bool lacks_law(Code code) {
  return code == Code::no_legal_basis || code == Code::basis_not_in_force || code == Code::basis_expired ||
         code == Code::basis_disapplied;
}

}  // namespace

ExplainedReason in_words(const Snapshot& snapshot, const Finding& finding) {
  const Knowledge& knowledge = snapshot.knowledge();
  const Reason& reason = knowledge.reasons.at(finding.code);
  const Wording& wording = knowledge.reasons.wording(finding.code, finding.detail);
  ExplainedReason words;
  words.code = finding.code;
  words.name = reason.name;
  words.effect = finding.effect;
  words.kind = reason.kind == BlockKind::none ? BlockKind::none : kind_of(finding.code, snapshot.settings());
  words.subject = finding.subject;
  const Entry* entry = knowledge.catalogue.find(finding.subject);
  const std::string article = entry == nullptr ? "" : entry->law->short_name + " art. " + entry->article;
  for (const auto index : finding.elements) words.elements.push_back(knowledge.taxonomy.elements[index].id);
  words.nl =
      filled(wording.nl, entry == nullptr ? knowledge.reasons.dutch(finding.subject) : article,
             knowledge.reasons.dutch(finding.detail), joined(knowledge.taxonomy, finding.elements, Language::nl));
  words.en = filled(wording.en, entry == nullptr ? finding.subject : article, finding.detail,
                    joined(knowledge.taxonomy, finding.elements, Language::en));
  words.next_nl = wording.next_nl;
  words.next_en = wording.next_en;
  words.law = reason.law;
  // The very article, where the finding is about one.
  if (entry != nullptr)
    for (const auto* general : {"het artikel van de grondslag", "het geheimhoudingsartikel"})
      replace_all(words.law, general, article);
  words.mends = wording.mends;
  words.mends_nl = knowledge.reasons.dutch(wording.mends);
  return words;
}

Explanation explain(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision) {
  Explanation out;
  out.verdict = decision.verdict;
  out.kind = decision.kind;
  out.purpose = exchange.purpose;
  out.at = exchange.at;
  if (const auto* organisation = snapshot.organisation(exchange.consumer))
    out.asked_by = organisation->organisation->name;
  if (const auto* service = snapshot.service(exchange.service)) out.asked_of = service->provider->organisation->name;
  const Date day = dutch_date(exchange.at);
  if (const auto* purpose = snapshot.purpose(exchange.purpose)) {
    out.purpose_nl = purpose->purpose->title;
    out.purpose_en = purpose->purpose->title_en;
    for (const Entry* entry : purpose->bases)
      out.bases.push_back({entry->id, entry->law->name, entry->article, entry->link, dutch_state(entry->state_on(day)),
                           std::string(name_of(entry->state_on(day)))});
  }
  explain_elements(snapshot, exchange, decision, out);
  for (const auto& finding : decision.findings) {
    out.reasons.push_back(in_words(snapshot, finding));
    out.structural_gap = out.structural_gap || finding.code == Code::structural_gap;
    out.law_lacking = out.law_lacking || (finding.effect != Effect::note && lacks_law(finding.code));
    if (finding.code == Code::retention_exceeded && decision.period && decision.period->from)
      out.cut_from = decision.period->from;
  }
  say_plainly(snapshot, decision, out);
  out.remedies = remedies_for(snapshot, exchange, decision);
  out.together = remedies_together(snapshot, exchange, decision);
  summarise(out);
  return out;
}

}  // namespace koppelpoort
