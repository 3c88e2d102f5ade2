#include "policies/letter.hpp"

#include "policies/page.hpp"

namespace koppelpoort {
namespace {

class LetterWriter {
 public:
  LetterWriter(const Explanation& explanation, const LetterFacts& facts, Language language)
      : of_(explanation), facts_(facts), dutch_(language == Language::nl) {}

  std::string write(Reader reader) {
    const std::string title = title_of(reader);
    html_ = page_begin(title, dutch_ ? Language::nl : Language::en);
    facts();
    html_ += "<h1>" + escaped(title) + "</h1>\n";
    if (reader == Reader::person) {
      // The same words as on a terminal, its questions as headings.
      for (const auto& part : paragraphs_of(to_text(of_, dutch_ ? Language::nl : Language::en, reader))) html_ += part;
    } else {
      body();
    }
    html_ += page_end;
    return std::move(html_);
  }

 private:
  Language language() const { return dutch_ ? Language::nl : Language::en; }
  std::string say(std::string_view nl, std::string_view en) const { return std::string(dutch_ ? nl : en); }
  const std::string& pick(const std::string& nl, const std::string& en) const { return dutch_ ? nl : en; }

  std::string title_of(Reader reader) const {
    if (reader == Reader::person) return say("Over een vraag om uw gegevens", "About a question for your data");
    if (of_.verdict != Verdict::block) return say("Waarom dit verzoek is toegestaan", "Why this request was permitted");
    return of_.kind == BlockKind::undecided
               ? say("Waarom over dit verzoek niet is besloten", "Why this request was not decided")
               : say("Waarom dit verzoek is geweigerd", "Why this request was refused");
  }

  void row(const std::string& name, const std::string& value) {
    if (!value.empty()) html_ += "<tr><th scope=\"row\">" + name + "</th><td>" + escaped(value) + "</td></tr>\n";
  }

  void facts() {
    html_ += "<table class=\"facts\">\n";
    row(say("Van", "From"), facts_.sender);
    row(say("Datum", "Date"), day_in_words(facts_.written, language()));
    row(say("Besluit", "Decision"), facts_.decision);
    row(say("Gevraagd op", "Asked on"), day_in_words(dutch_date(of_.at), language()));
    row(say("Gevraagd door", "Asked by"), of_.asked_by);
    row(say("Gevraagd aan", "Asked of"), of_.asked_of);
    row(say("Doel", "Purpose"), of_.purpose_nl.empty() ? of_.purpose : pick(of_.purpose_nl, of_.purpose_en));
    html_ += "</table>\n";
  }

  void body() {
    html_ += "<p><strong>" + escaped(pick(of_.summary_nl, of_.summary_en)) + "</strong></p>\n";
    for (const auto& reason : of_.reasons) {
      if (reason.effect == Effect::note) continue;
      html_ += "<section><h2>" + escaped(pick(reason.nl, reason.en)) + "</h2>\n<p>" +
               escaped(pick(reason.next_nl, reason.next_en)) + "</p>\n<p class=\"law\">" + escaped(reason.law) +
               " <span class=\"code\">" + to_text(reason.code) + "</span></p></section>\n";
    }
    steps();
    elements(true, say("Wat mag", "What may pass"));
    elements(false, say("Wat niet mag", "What may not pass"));
    if (!of_.bases.empty()) {
      html_ += "<h2>" + say("Genoemde grondslagen", "Legal bases named") + "</h2>\n<ul>\n";
      for (const auto& basis : of_.bases)
        html_ += "<li>" +
                 escaped(basis.law + ", art. " + basis.article + " (" + pick(basis.state_nl, basis.state_en) + ")") +
                 (basis.link.empty() ? "" : "<br><span class=\"law\">" + escaped(basis.link) + "</span>") + "</li>\n";
      html_ += "</ul>\n";
    }
  }

  void steps() {
    const auto& list = of_.together.empty() ? of_.remedies : of_.together;
    if (of_.verdict == Verdict::block && of_.together.empty() && of_.law_lacking) {
      html_ += "<h2>" +
               say("Niemand kan dit binnen de registers opheffen", "Nobody can lift this within the registers") +
               "</h2>\n<p>" +
               say("De wet geeft hier geen grondslag voor. Alleen een andere wet kan dat veranderen.",
                   "The law gives no basis for this. Only another law could change that.") +
               "</p>\n";
      return;
    }
    if (list.empty()) return;
    html_ += "<h2>" +
             (of_.together.empty() ? say("Wat een reden wegneemt", "What takes a reason away")
                                   : say("Hiermee mag het wel", "With this it may be done")) +
             "</h2>\n<ol>\n";
    for (const auto& remedy : list)
      html_ += "<li>" + escaped(pick(remedy.nl, remedy.en)) + " <span class=\"code\">" + to_text(remedy.code) +
               (remedy.who.empty() ? "" : ", " + escaped(pick(remedy.who_nl, remedy.who))) + "</span></li>\n";
    html_ += "</ol>\n";
  }

  void elements(bool passing, const std::string& title) {
    std::string items;
    for (const auto& element : of_.elements)
      if (element.passes == passing)
        items += "<li>" + escaped(pick(element.nl, element.en)) + " <span class=\"code\">" + escaped(element.id) +
                 "</span></li>\n";
    if (!items.empty()) html_ += "<h2>" + title + "</h2>\n<ul>\n" + items + "</ul>\n";
  }

  // A line that ends in a question mark and stands at the head of its block is a heading.
  static std::vector<std::string> paragraphs_of(const std::string& text) {
    std::vector<std::string> parts;
    bool head = true;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      if (line.empty()) {
        head = true;
        continue;
      }
      const bool heading = head && line.ends_with("?");
      parts.push_back(heading ? "<h2>" + escaped(line) + "</h2>\n" : "<p>" + escaped(line) + "</p>\n");
      head = false;
    }
    return parts;
  }

  const Explanation& of_;
  const LetterFacts& facts_;
  bool dutch_;
  std::string html_;
};

}  // namespace

std::string to_letter(const Explanation& explanation, const LetterFacts& facts, Language language, Reader reader) {
  return LetterWriter(explanation, facts, language).write(reader);
}

}  // namespace koppelpoort
