#include "policies/subject_report.hpp"

#include <algorithm>

#include "policies/page.hpp"

namespace koppelpoort {
namespace {

bool same_for_the_reader(const SubjectLine& a, const SubjectLine& b) {
  return a.asked_by == b.asked_by && a.asked_of == b.asked_of && a.purpose_nl == b.purpose_nl && a.bases == b.bases &&
         a.given_nl == b.given_nl && a.kept_nl == b.kept_nl && a.refused == b.refused && a.why_nl == b.why_nl;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : std::string(between)) + part;
  return all;
}

class ReportWriter {
 public:
  ReportWriter(const SubjectReport& report, Language language)
      : of_(report), language_(language), dutch_(language == Language::nl) {}

  std::string text() {
    std::string out = title() + "\n\n" + introduction() + "\n";
    for (const auto& group : groups_of(of_)) {
      out += "\n" + when(group) + "\n";
      for (const auto& sentence : sentences(*group.line)) out += "  " + sentence + "\n";
    }
    out += "\n";
    for (const auto& sentence : closing()) out += sentence + "\n";
    return out;
  }

  std::string page() {
    std::string out = page_begin(title(), language_);
    out += "<table class=\"facts\">\n<tr><th scope=\"row\">" + say("Van", "From") + "</th><td>" +
           escaped(of_.controller) + "</td></tr>\n<tr><th scope=\"row\">" + say("Datum", "Date") + "</th><td>" +
           day_in_words(of_.written, language_) + "</td></tr>\n</table>\n<h1>" + escaped(title()) + "</h1>\n<p>" +
           escaped(introduction()) + "</p>\n";
    for (const auto& group : groups_of(of_)) {
      out += "<section><h2>" + escaped(when(group)) + "</h2>\n";
      for (const auto& sentence : sentences(*group.line)) out += "<p>" + escaped(sentence) + "</p>\n";
      out += "<p class=\"code\">" + say("Besluit ", "Decision ") + escaped(group.line->decision) + "</p></section>\n";
    }
    out += "<h2>" + say("Wat u kunt doen", "What you can do") + "</h2>\n";
    for (const auto& sentence : closing()) out += "<p>" + escaped(sentence) + "</p>\n";
    out += page_end;
    return out;
  }

 private:
  std::string say(std::string_view nl, std::string_view en) const { return std::string(dutch_ ? nl : en); }
  const auto& pick(const auto& nl, const auto& en) const { return dutch_ ? nl : en; }
  std::string called(const Party& party) const {
    return party.discreet ? say("een organisatie (", "an organisation (") + party.name + ")" : party.name;
  }
  std::string day(Instant at) const { return day_in_words(dutch_date(at), language_); }

  std::string title() const { return say("Wie vroeg uw gegevens op, en waarom", "Who asked for your data, and why"); }

  std::string introduction() const {
    const std::string begin =
        (of_.from ? say("Van ", "From ") + day_in_words(*of_.from, language_) + say(" tot en met ", " to ")
                  : say("Tot en met ", "Up to ")) +
        day_in_words(of_.until, language_);
    if (of_.lines.empty())
      return begin + say(" staat in het logboek van ", " the record of ") + of_.controller +
             say(" niets over u: geen vraag om uw gegevens, en geen verstrekking.",
                 " holds nothing about you: no question for your data, and nothing given.");
    const std::string count = std::to_string(of_.lines.size());
    return begin + say(" zijn door of voor ", " data about you were asked for by ") + of_.controller +
           say(" ", " or on its behalf ") + count +
           (of_.lines.size() == 1 ? say(" keer gegevens over u opgevraagd.", " time.")
                                  : say(" keer gegevens over u opgevraagd.", " times.")) +
           say(" Hieronder staat wie dat deed, waarom, en wat er is verstrekt.",
               " Below is who did so, why, and what was given.");
  }

  std::string when(const SubjectGroup& group) const {
    if (group.at.size() == 1) return day(group.at.front());
    return day(group.at.front()) + say(" tot en met ", " to ") + day(group.at.back()) + ", " +
           std::to_string(group.at.size()) + say(" keer", " times");
  }

  std::vector<std::string> sentences(const SubjectLine& line) const {
    const std::string& purpose = pick(line.purpose_nl, line.purpose_en);
    std::vector<std::string> all;
    all.push_back(called(line.asked_by) + say(" vroeg gegevens over u op bij ", " asked for data about you at ") +
                  (line.asked_of.name.empty()
                       ? say("een bron die hier niet is geregistreerd", "a source not registered here")
                       : called(line.asked_of)) +
                  (purpose.empty() ? say(", zonder een geregistreerd doel.", ", without a registered purpose.")
                                   : say(". Waarvoor: ", ". For: ") + purpose + "."));
    if (all.back()[0] >= 'a' && all.back()[0] <= 'z') all.back()[0] = static_cast<char>(all.back()[0] - 'a' + 'A');
    if (!line.bases.empty())
      all.push_back(say("Op grond van: ", "On the ground of: ") + joined(line.bases, "; ") + ".");
    const auto& given = pick(line.given_nl, line.given_en);
    const auto& kept = pick(line.kept_nl, line.kept_en);
    if (line.refused) {
      all.push_back(say("Dit is geweigerd; er is niets verstrekt. ", "This was refused; nothing was given. ") +
                    pick(line.why_nl, line.why_en));
    } else if (given.empty()) {
      all.push_back(say("Er is niets verstrekt.", "Nothing was given."));
    } else {
      all.push_back(say("Verstrekt: ", "Given: ") + joined(given, ", ") + ".");
      if (!kept.empty())
        all.push_back(say("Gevraagd en niet verstrekt: ", "Asked for and not given: ") + joined(kept, ", ") + ".");
    }
    return all;
  }

  // The second sentence stands in every report, so that it tells nobody whether something was held back.
  std::vector<std::string> closing() const {
    return {
        say("Klopt iets niet, of wilt u dat gegevens worden verbeterd of verwijderd? Neem contact op met ",
            "Is something wrong, or do you want data corrected or erased? Contact ") +
            of_.controller +
            say(" of met de functionaris gegevensbescherming daar. U kunt ook een klacht indienen bij de Autoriteit "
                "Persoonsgegevens.",
                " or its data protection officer. You can also complain to the Autoriteit Persoonsgegevens."),
        say("Wat wij op grond van artikel 41 van de Uitvoeringswet AVG (nog) niet mogen tonen, staat niet in een "
            "overzicht als dit.",
            "What article 41 of the Uitvoeringswet AVG does not let us show (yet) stands in no overview like this.")};
  }

  const SubjectReport& of_;
  Language language_;
  bool dutch_;
};

}  // namespace

std::vector<SubjectGroup> groups_of(const SubjectReport& report) {
  std::vector<SubjectGroup> groups;
  for (const auto& line : report.lines) {
    const auto same =
        std::ranges::find_if(groups, [&](const SubjectGroup& group) { return same_for_the_reader(*group.line, line); });
    if (same == groups.end())
      groups.push_back({&line, {line.at}});
    else
      same->at.push_back(line.at);
  }
  return groups;
}

std::string to_text(const SubjectReport& report, Language language) { return ReportWriter(report, language).text(); }
std::string to_page(const SubjectReport& report, Language language) { return ReportWriter(report, language).page(); }

}  // namespace koppelpoort
