#include "policies/explain.hpp"

#include <algorithm>

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
      out.elements.push_back({asked.wire, "onbekend veld", "unknown field", false, {Code::data_excess}});
      continue;
    }
    const Element& element = taxonomy.elements[*asked.element];
    ExplainedElement explained{element.id, element.nl, element.en, false, {}};
    explained.passes =
        asked.use == Use::deliver ? decision.allowed.test(*asked.element) : decision.verdict != Verdict::block;
    for (const auto& finding : decision.findings)
      if (finding.effect != Effect::note &&
          std::ranges::find(finding.elements, *asked.element) != finding.elements.end())
        explained.because.push_back(finding.code);
    out.elements.push_back(std::move(explained));
  }
}

void summarise(Explanation& out) {
  const auto kept = std::ranges::count_if(out.elements, [](const auto& each) { return !each.passes; });
  switch (out.verdict) {
    case Verdict::permit:
      out.summary_nl = "Toegestaan: alles wat gevraagd is mag.";
      out.summary_en = "Permitted: all that was asked may pass.";
      return;
    case Verdict::minimise:
      out.summary_nl = "Toegestaan met minder gegevens: " + std::to_string(kept) + " van de " +
                       std::to_string(out.elements.size()) + " gevraagde gegevens blijven achter.";
      out.summary_en = "Permitted with fewer data: " + std::to_string(kept) + " of the " +
                       std::to_string(out.elements.size()) + " elements asked are kept back.";
      return;
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

}  // namespace

ExplainedReason in_words(const Snapshot& snapshot, const Finding& finding) {
  const Knowledge& knowledge = snapshot.knowledge();
  const Reason& reason = knowledge.reasons.at(finding.code);
  ExplainedReason words;
  words.code = finding.code;
  words.name = reason.name;
  words.effect = finding.effect;
  words.kind = reason.kind == BlockKind::none ? BlockKind::none : kind_of(finding.code, snapshot.settings());
  for (const auto index : finding.elements) words.elements.push_back(knowledge.taxonomy.elements[index].id);
  words.nl = filled(reason.nl, knowledge.reasons.dutch(finding.subject), knowledge.reasons.dutch(finding.detail),
                    joined(knowledge.taxonomy, finding.elements, Language::nl));
  words.en =
      filled(reason.en, finding.subject, finding.detail, joined(knowledge.taxonomy, finding.elements, Language::en));
  words.next_nl = reason.next_nl;
  words.next_en = reason.next_en;
  words.law = reason.law;
  words.mends = reason.mends;
  return words;
}

Explanation explain(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision) {
  Explanation out;
  out.verdict = decision.verdict;
  out.kind = decision.kind;
  out.purpose = exchange.purpose;
  const Date day = dutch_date(exchange.at);
  if (const auto* purpose = snapshot.purpose(exchange.purpose)) {
    out.purpose_nl = purpose->purpose->title;
    out.purpose_en = purpose->purpose->title_en;
    for (const Entry* entry : purpose->bases)
      out.bases.push_back(
          {entry->id, entry->law->name, entry->article, entry->link, std::string(name_of(entry->state_on(day)))});
  }
  explain_elements(snapshot, exchange, decision, out);
  for (const auto& finding : decision.findings) {
    out.reasons.push_back(in_words(snapshot, finding));
    out.structural_gap = out.structural_gap || finding.code == Code::structural_gap;
  }
  out.remedies = remedies_for(snapshot, exchange, decision);
  summarise(out);
  return out;
}

std::string to_text(const Explanation& explanation, Language language) {
  const bool dutch = language == Language::nl;
  const auto pick = [&](const std::string& nl, const std::string& en) -> const std::string& { return dutch ? nl : en; };
  std::string text = pick(explanation.summary_nl, explanation.summary_en) + "\n";
  if (!explanation.purpose.empty())
    text += (dutch ? "Doel: " : "Purpose: ") + explanation.purpose +
            (explanation.purpose_nl.empty() ? "" : " (" + pick(explanation.purpose_nl, explanation.purpose_en) + ")") +
            "\n";
  for (const auto& basis : explanation.bases)
    text += (dutch ? "Grondslag: " : "Legal basis: ") + basis.law + ", art. " + basis.article + " [" + basis.id + ", " +
            basis.state + "]\n  " + basis.link + "\n";
  for (const auto& reason : explanation.reasons) {
    text += "\n" + to_text(reason.code) + " " + reason.name;
    if (reason.effect != Effect::note && reason.kind != BlockKind::none)
      text += " (" + std::string(name_of(reason.kind)) + ")";
    text += "\n  " + pick(reason.nl, reason.en) + "\n  " + (dutch ? "Recht: " : "Law: ") + reason.law + "\n";
    if (reason.effect != Effect::note)
      text += std::string("  ") + (dutch ? "Wat nu? " : "What now? ") + pick(reason.next_nl, reason.next_en) + "\n";
  }
  if (!explanation.elements.empty()) text += dutch ? "\nGegevens:\n" : "\nData elements:\n";
  for (const auto& element : explanation.elements) {
    text += std::string("  ") + (element.passes ? "+ " : "- ") + element.id + " (" + pick(element.nl, element.en) + ")";
    for (const auto code : element.because) text += " " + to_text(code);
    text += "\n";
  }
  if (!explanation.remedies.empty())
    text += dutch ? "\nWat dit zou opheffen (getest):\n" : "\nWhat would lift this (tried):\n";
  for (const auto& remedy : explanation.remedies)
    text += "  " + to_text(remedy.code) + ": " + pick(remedy.nl, remedy.en) + " [" + remedy.who + "]\n";
  if (explanation.verdict == Verdict::block && explanation.kind == BlockKind::forbidden && explanation.remedies.empty())
    text += dutch ? "\nBinnen de registers kan niets dit veranderen: de wet geeft er geen grondslag voor.\n"
                  : "\nNothing within the registers can change this: the law gives no basis for it.\n";
  return text;
}

}  // namespace koppelpoort
