// Explanations as text for a terminal or a mail, one writer a kind of reader.
#include <algorithm>
#include <set>
#include <utility>

#include "policies/explain.hpp"

namespace koppelpoort {
namespace {

class TextWriter {
 public:
  TextWriter(const Explanation& explanation, Language language) : of_(explanation), dutch_(language == Language::nl) {}

  std::string integrator() {
    line(pick(of_.summary_nl, of_.summary_en));
    for (const auto& reason : of_.reasons) {
      if (reason.effect == Effect::note) continue;
      line("");
      line(heading(reason) + ": " + pick(reason.nl, reason.en));
      line("  -> " + pick(reason.next_nl, reason.next_en));
    }
    elements();
    what_would_lift();
    return std::move(text_);
  }

  std::string fg() {
    line(pick(of_.summary_nl, of_.summary_en));
    purpose_and_bases();
    for (const auto& reason : of_.reasons) {
      if (reason.effect == Effect::note) continue;
      line("");
      line(heading(reason));
      line("  " + pick(reason.nl, reason.en));
      line("  " + say("Recht: ", "Law: ") + reason.law);
      line("  " + say("Wat nu? ", "What now? ") + pick(reason.next_nl, reason.next_en));
    }
    elements();
    what_would_lift();
    notes();
    return std::move(text_);
  }

  std::string ops() {
    line(pick(of_.summary_nl, of_.summary_en));
    for (const auto& reason : of_.reasons) {
      if (reason.effect == Effect::note) continue;
      line(heading(reason) + say("; aan zet: ", "; next to act: ") +
           (reason.mends.empty() ? say("niemand", "nobody") : pick(reason.mends_nl, reason.mends)));
    }
    return std::move(text_);
  }

  std::string person() {
    const std::string who = of_.asked_by.empty() ? say("Een organisatie", "An organisation") : of_.asked_by;
    const std::string from = of_.asked_of.empty() ? "" : say(" aan ", " from ") + of_.asked_of;
    line(say("Wat is er gebeurd?", "What happened?"));
    line(who + say(" vroeg op ", " asked on ") + to_text(dutch_date(of_.at)) + from +
         say(" om gegevens.", " for data."));
    if (!of_.purpose_nl.empty()) line(say("Waarvoor: ", "What for: ") + pick(of_.purpose_nl, of_.purpose_en) + ".");
    line("");
    line(say("Wat is er besloten?", "What was decided?"));
    kinds(true, say("Dit mocht: ", "This was allowed: "));
    kinds(false, say("Dit mocht niet: ", "This was not allowed: "));
    if (!of_.plain_nl.empty()) {
      line("");
      line(say("Waarom?", "Why?"));
      line(pick(of_.plain_nl, of_.plain_en));
      line(say("De regels staan in: ", "The rules are in: ") + laws() + ".");
    }
    line("");
    line(say("Wat kunt u doen?", "What can you do?"));
    line(
        say("U mag de organisatie vragen welke gegevens zij over u heeft. Bent u het niet eens met wat zij doet? "
            "Vraag het dan eerst aan haar functionaris gegevensbescherming. U kunt ook een klacht indienen bij de "
            "Autoriteit Persoonsgegevens.",
            "You may ask the organisation which data it has about you. Do you disagree with what it does? Then first "
            "ask its data protection officer. You can also complain to the Dutch data protection authority (Autoriteit "
            "Persoonsgegevens)."));
    return std::move(text_);
  }

 private:
  std::string say(std::string_view nl, std::string_view en) const { return std::string(dutch_ ? nl : en); }
  const std::string& pick(const std::string& nl, const std::string& en) const { return dutch_ ? nl : en; }
  void line(const std::string& text) { text_ += text + "\n"; }

  std::string kind_in_words(BlockKind kind) const {
    switch (kind) {
      case BlockKind::forbidden: return say("verboden", "forbidden");
      case BlockKind::missing: return say("ontbreekt", "missing");
      case BlockKind::undecided: return say("niet besloten", "undecided");
      case BlockKind::none: break;
    }
    return {};
  }

  std::string heading(const ExplainedReason& reason) const {
    const std::string kind = kind_in_words(reason.kind);
    return to_text(reason.code) + " " + reason.name + (kind.empty() ? "" : " (" + kind + ")");
  }

  void purpose_and_bases() {
    if (!of_.purpose.empty())
      line(say("Doel: ", "Purpose: ") + of_.purpose +
           (of_.purpose_nl.empty() ? "" : " (" + pick(of_.purpose_nl, of_.purpose_en) + ")"));
    for (const auto& basis : of_.bases) {
      line(say("Grondslag: ", "Legal basis: ") + basis.law + ", art. " + basis.article + " [" + basis.id + ", " +
           pick(basis.state_nl, basis.state_en) + "]");
      if (!basis.link.empty()) line("  " + basis.link);
    }
  }

  void elements() {
    if (of_.elements.empty()) return;
    line("");
    line(say("Gegevens:", "Data elements:"));
    for (const auto& element : of_.elements) {
      std::string codes;
      for (const auto code : element.because) codes += " " + to_text(code);
      line(std::string(element.passes ? "  + " : "  - ") + element.id + " (" + pick(element.nl, element.en) + ")" +
           codes);
    }
  }

  void steps(const std::vector<Remedy>& remedies) {
    for (const auto& remedy : remedies)
      line("  " + to_text(remedy.code) + ": " + pick(remedy.nl, remedy.en) +
           (remedy.who.empty() ? "" : " [" + pick(remedy.who_nl, remedy.who) + "]"));
  }

  void what_would_lift() {
    if (of_.verdict == Verdict::permit) return;
    if (!of_.together.empty()) {
      line("");
      line(of_.together.size() == 1 ? say("Dit heft de weigering op (getest):", "This lifts the refusal (tried):")
                                    : say("Samen heffen deze stappen de weigering op (getest; geen kan worden gemist):",
                                          "Together these steps lift the refusal (tried; none can be missed):"));
      steps(of_.together);
      return;
    }
    if (!of_.remedies.empty()) {
      line("");
      line(of_.verdict == Verdict::block
               ? say("Dit heft één reden op, maar niet de weigering (getest):",
                     "This lifts one reason, but not the refusal (tried):")
               : say("Wat zou opheffen dat er minder komt (getest):", "What would lift that less comes (tried):"));
      steps(of_.remedies);
    }
    if (of_.verdict != Verdict::block || of_.kind == BlockKind::undecided) return;
    line("");
    line(of_.law_lacking
             ? say("De weigering zelf kan niemand binnen de registers opheffen: de wet geeft hier geen grondslag voor.",
                   "Nobody can lift the refusal itself within the registers: the law gives no basis for this.")
             : say("Zoals het gevraagd is, heft niets binnen de registers de weigering op; de redenen hierboven zeggen "
                   "wat er anders zou moeten.",
                   "As asked, nothing within the registers lifts the refusal; the reasons above say what would have to "
                   "be different."));
  }

  void notes() {
    bool first = true;
    for (const auto& reason : of_.reasons) {
      if (reason.effect != Effect::note) continue;
      if (std::exchange(first, false)) line("");
      line(say("Opmerking ", "Note ") + to_text(reason.code) + ": " + pick(reason.nl, reason.en));
    }
  }

  void kinds(bool passing, const std::string& label) {
    std::set<std::string> names;
    for (const auto& element : of_.elements)
      if (element.passes == passing)
        names.insert(element.category_nl.empty() ? say("onbekend", "unknown")
                                                 : pick(element.category_nl, element.category_en));
    if (names.empty()) return;
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
    line(label + all + ".");
  }

  std::string laws() const {
    std::vector<std::string> all;
    for (const auto& reason : of_.reasons)
      if (reason.effect != Effect::note && std::ranges::find(all, reason.law) == all.end()) all.push_back(reason.law);
    std::string text;
    for (const auto& law : all) text += (text.empty() ? "" : "; ") + law;
    return text;
  }

  const Explanation& of_;
  bool dutch_;
  std::string text_;
};

}  // namespace

std::string to_text(const Explanation& explanation, Language language, Reader reader) {
  TextWriter writer(explanation, language);
  switch (reader) {
    case Reader::integrator: return writer.integrator();
    case Reader::ops: return writer.ops();
    case Reader::person: return writer.person();
    case Reader::fg: break;
  }
  return writer.fg();
}

}  // namespace koppelpoort
