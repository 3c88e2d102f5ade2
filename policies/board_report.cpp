#include "policies/board_report.hpp"

#include <algorithm>

namespace koppelpoort {
namespace {

std::string percent(double share) {
  const double scaled = share * 1000;
  auto tenths = static_cast<long>(scaled);
  if (scaled - static_cast<double>(tenths) >= 0.5) ++tenths;
  return std::to_string(tenths / 10) + "," + std::to_string(tenths % 10) + " %";
}

double share_of(const Tally& tally) {
  return tally.asked() == 0 ? 0 : static_cast<double>(tally.refused()) / static_cast<double>(tally.asked());
}

// Without what differs from one exchange to the next, and what stood around it alone.
std::string general(std::string text) {
  const auto cut = [&](std::size_t begin, std::size_t end) { text.erase(begin, end - begin); };
  for (std::size_t open = 0; (open = text.find('{')) != std::string::npos;) {
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) break;
    cut(open, close + 1);
  }
  for (std::size_t open = 0; (open = text.find('(', open)) != std::string::npos; ++open) {
    const std::size_t close = text.find_first_not_of(" ,:;", open + 1);
    if (close != std::string::npos && text[close] == ')') cut(open == 0 ? 0 : open - 1, close + 1);
  }
  for (const std::string_view left : {": .", " ."})
    for (std::size_t at = 0; (at = text.find(left, at)) != std::string::npos;) text.replace(at, left.size(), ".");
  for (std::size_t at = 0; (at = text.find("  ", at)) != std::string::npos;) cut(at, at + 1);
  return text;
}

// The report as headings, sentences and tables, for both forms.
class Sheet {
 public:
  virtual ~Sheet() = default;
  virtual void heading(const std::string& text) = 0;
  virtual void sentence(const std::string& text) = 0;
  virtual void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) = 0;
};

class TextSheet : public Sheet {
 public:
  void heading(const std::string& text) override { out += "\n" + text + "\n"; }
  void sentence(const std::string& text) override { out += "  " + text + "\n"; }
  void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) override {
    for (const auto& row : rows) {
      std::string numbers, sentences;
      for (std::size_t i = 1; i < row.size(); ++i) {
        const bool number = row[i].find_first_not_of("0123456789") == std::string::npos;
        if (number)
          numbers += (numbers.empty() ? " " : ", ") + row[i] + " " + head[i];
        else
          sentences += "    " + row[i] + "\n";
      }
      out += "  " + row.front() + ":" + numbers + "\n" + sentences;
    }
  }
  std::string out;
};

class PageSheet : public Sheet {
 public:
  void heading(const std::string& text) override { out += "<h2>" + escaped(text) + "</h2>\n"; }
  void sentence(const std::string& text) override { out += "<p>" + escaped(text) + "</p>\n"; }
  void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) override {
    out += "<table class=\"list\">\n<thead><tr>";
    for (const auto& each : head) out += "<th scope=\"col\">" + escaped(each) + "</th>";
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& row : rows) {
      out += "<tr>";
      for (const auto& cell : row)
        out += (cell.starts_with("KP-") ? "<td class=\"code\">" : "<td>") + escaped(cell) + "</td>";
      out += "</tr>\n";
    }
    out += "</tbody>\n</table>\n";
  }
  std::string out;
};

class Writer {
 public:
  Writer(const BoardReport& report, const Reasons& reasons, Language language, Sheet& sheet)
      : of_(report), reasons_(reasons), language_(language), sheet_(sheet) {}

  std::string title() const {
    return say("Rapportage ", "Report of ") + of_.organisation + say(", ", ", ") + day_in_words(of_.from, language_) +
           say(" tot en met ", " up to and including ") + day_in_words(of_.until - std::chrono::days{1}, language_);
  }

  void write() {
    exchanges();
    why();
    advice();
    if (!of_.attention.empty()) {
      sheet_.heading(say("Wat aandacht vraagt", "What asks attention"));
      for (const auto& remark : of_.attention)
        sheet_.sentence(say(remark.where_nl, remark.where) + ": " + say(remark.nl, remark.en));
    }
    sheet_.heading(say("Kennisneming door het bestuur", "Acknowledgement by the board"));
    sheet_.sentence(of_.acknowledged ? say("Kennisgenomen op ", "Acknowledged on ") +
                                           day_in_words(dutch_date(of_.acknowledged->at), language_) +
                                           say(" door account ", " by account ") + of_.acknowledged->account + "."
                                     : say("Nog niet. Een bestuurder legt dit vast in het beheer.",
                                           "Not yet. A board member records this in the management API."));
  }

 private:
  std::string say(std::string_view nl, std::string_view en) const {
    return std::string(language_ == Language::nl ? nl : en);
  }
  static std::string number(std::uint64_t value) { return std::to_string(value); }

  void exchanges() {
    const Tally all = of_.total();
    sheet_.heading(say("Uitwisselingen", "Exchanges"));
    if (all.asked() == 0) {
      sheet_.sentence(say("Er is niets gevraagd.", "Nothing was asked."));
      return;
    }
    sheet_.sentence(number(all.asked()) + say(" gevraagd, ", " asked, ") + number(all.refused()) +
                    say(" geweigerd (", " refused (") + percent(share_of(all)) + say(").", ")."));
    if (of_.refused_by_peers)
      sheet_.sentence(
          say("Bij vergelijkbare organisaties is dat in het midden ", "With comparable organisations the median is ") +
          percent(*of_.refused_by_peers) + " (" + number(of_.peers) + say(" organisaties).", " organisations)."));
    else
      sheet_.sentence(say("Er zijn te weinig vergelijkbare organisaties om mee te vergelijken.",
                          "There are too few comparable organisations to compare with."));
    std::vector<std::vector<std::string>> rows;
    for (const auto& line : of_.purposes) {
      std::string name = say(line.nl, line.en);
      if (name.empty()) name = say("onbekend doel", "unknown purpose");
      rows.push_back({name, number(line.tally.permitted), number(line.tally.minimised), number(line.tally.forbidden),
                      number(line.tally.missing), number(line.tally.undecided)});
    }
    sheet_.table({say("Doel", "Purpose"), say("toegestaan", "permitted"), say("geminimaliseerd", "minimised"),
                  say("verboden", "forbidden"), say("ontbreekt", "missing"), say("niet besloten", "undecided")},
                 rows);
  }

  void why() {
    if (of_.reasons.empty()) return;
    sheet_.heading(say("Waarom niet", "Why not"));
    std::vector<std::pair<std::uint64_t, Code>> ordered;
    for (const auto& [code, count] : of_.reasons) ordered.emplace_back(count, code);
    std::ranges::sort(ordered, std::ranges::greater());
    std::vector<std::vector<std::string>> rows;
    for (const auto& [count, code] : ordered) {
      const Wording& wording = reasons_.at(code).wording;
      rows.push_back({to_text(code), number(count), general(say(wording.nl, wording.en)),
                      general(say(wording.next_nl, wording.next_en))});
    }
    sheet_.table({say("Code", "Code"), say("keer", "times"), say("wat er aan de hand is", "what is the matter"),
                  say("wat nu", "what now")},
                 rows);
  }

  void advice() {
    sheet_.heading(say("Advies van de FG", "Advice of the FG"));
    if (of_.advice.given == 0 && of_.advice.waiting == 0) {
      sheet_.sentence(say("Er is geen advies gevraagd of gegeven.", "No advice was asked or given."));
      return;
    }
    std::string text = number(of_.advice.given) + say(" keer gegeven", " times given");
    if (of_.advice.median_days)
      text += say(", in het midden na ", ", in the median after ") + std::to_string(*of_.advice.median_days) +
              say(" dagen", " days");
    sheet_.sentence(text + ".");
    if (of_.advice.longest_waiting_days)
      sheet_.sentence(number(of_.advice.waiting) +
                      say(" voorstellen wachten, het oudste ", " proposals wait, the oldest ") +
                      std::to_string(*of_.advice.longest_waiting_days) + say(" dagen.", " days."));
  }

  const BoardReport& of_;
  const Reasons& reasons_;
  Language language_;
  Sheet& sheet_;
};

// RFC 4180; what a spreadsheet would take for a formula is text.
std::string field(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char each : text) {
    if (each == '"') out += '"';
    out += each;
  }
  return out + "\"";
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  permitted += other.permitted;
  minimised += other.minimised;
  forbidden += other.forbidden;
  missing += other.missing;
  undecided += other.undecided;
  return *this;
}

Tally BoardReport::total() const {
  Tally all;
  for (const auto& line : purposes) all += line.tally;
  return all;
}

std::optional<double> median_share(std::vector<Tally> peers) {
  std::erase_if(peers, [](const Tally& each) { return each.asked() == 0; });
  if (peers.size() < peers_least) return std::nullopt;
  const auto middle = peers.begin() + static_cast<std::ptrdiff_t>((peers.size() - 1) / 2);
  std::ranges::nth_element(peers, middle, {}, share_of);
  return share_of(*middle);
}

std::optional<int> median_of(std::vector<int> days) {
  if (days.empty()) return std::nullopt;
  const auto middle = days.begin() + static_cast<std::ptrdiff_t>((days.size() - 1) / 2);
  std::ranges::nth_element(days, middle);
  return *middle;
}

std::string to_text(const BoardReport& report, const Reasons& reasons, Language language) {
  TextSheet sheet;
  Writer writer(report, reasons, language, sheet);
  sheet.out = writer.title() + "\n";
  writer.write();
  return std::move(sheet.out);
}

std::string to_page(const BoardReport& report, const Reasons& reasons, Language language) {
  PageSheet sheet;
  Writer writer(report, reasons, language, sheet);
  const std::string title = writer.title();
  sheet.out = page_begin(title, language) + "<h1>" + escaped(title) + "</h1>\n";
  writer.write();
  sheet.out += page_end;
  return std::move(sheet.out);
}

std::string to_csv(const BoardReport& report) {
  std::string out = "kind,id,title,permitted,minimised,forbidden,missing,undecided,times\r\n";
  for (const auto& line : report.purposes) {
    out += "purpose," + field(line.purpose) + "," + field(line.nl);
    for (const auto value :
         {line.tally.permitted, line.tally.minimised, line.tally.forbidden, line.tally.missing, line.tally.undecided})
      out += "," + std::to_string(value);
    out += ",\r\n";
  }
  for (const auto& [code, count] : report.reasons)
    out += "reason," + field(to_text(code)) + ",,,,,,," + std::to_string(count) + "\r\n";
  return out;
}

}  // namespace koppelpoort
