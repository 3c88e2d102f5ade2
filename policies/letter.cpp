#include "policies/letter.hpp"

#include <array>

namespace koppelpoort {
namespace {

constexpr std::string_view style = R"css(
@page { size: A4; margin: 24mm 22mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; color: #555 } }
body { font: 11pt/1.5 "Source Sans 3", "Open Sans", "DejaVu Sans", sans-serif; color: #111; max-width: 42em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 16pt; line-height: 1.25; margin: 1.5em 0 .5em }
h2 { font-size: 12pt; margin: 1.4em 0 .3em }
p, ul, ol { margin: .4em 0 }
.law { color: #444; font-size: 9.5pt }
.facts { border-collapse: collapse; margin: 1em 0 }
.facts th, .facts td { text-align: left; vertical-align: top; padding: .15em 1.2em .15em 0; font-weight: normal }
.facts th { color: #444 }
.code { white-space: nowrap; color: #444; font-size: 9.5pt }
li, section { break-inside: avoid }
@media print { body { margin: 0; max-width: none; padding: 0 } }
)css";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string day_in_words(Date day, bool dutch) {
  constexpr std::array<std::string_view, 12> nl{"januari", "februari", "maart",     "april",   "mei",      "juni",
                                                "juli",    "augustus", "september", "oktober", "november", "december"};
  constexpr std::array<std::string_view, 12> en{"January", "February", "March",     "April",   "May",      "June",
                                                "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day date{day};
  const unsigned month = static_cast<unsigned>(date.month()) - 1;
  return std::to_string(static_cast<unsigned>(date.day())) + " " + std::string(dutch ? nl.at(month) : en.at(month)) +
         " " + std::to_string(static_cast<int>(date.year()));
}

class LetterWriter {
 public:
  LetterWriter(const Explanation& explanation, const LetterFacts& facts, Language language)
      : of_(explanation), facts_(facts), dutch_(language == Language::nl) {}

  std::string write(Reader reader) {
    const std::string title = title_of(reader);
    html_ = "<!DOCTYPE html>\n<html lang=\"" + say("nl", "en") + "\">\n<head><meta charset=\"utf-8\"><title>" +
            escaped(title) + "</title><style>" + std::string(style) + "</style></head>\n<body>\n";
    facts();
    html_ += "<h1>" + escaped(title) + "</h1>\n";
    if (reader == Reader::person) {
      // The same words as on a terminal, its questions as headings.
      for (const auto& part : paragraphs_of(to_text(of_, dutch_ ? Language::nl : Language::en, reader))) html_ += part;
    } else {
      body();
    }
    html_ += "</body>\n</html>\n";
    return std::move(html_);
  }

 private:
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
    row(say("Datum", "Date"), day_in_words(facts_.written, dutch_));
    row(say("Besluit", "Decision"), facts_.decision);
    row(say("Gevraagd op", "Asked on"), day_in_words(dutch_date(of_.at), dutch_));
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
