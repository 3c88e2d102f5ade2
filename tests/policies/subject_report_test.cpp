#include "policies/subject_report.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort;

namespace {

SubjectLine given(const char* at) {
  SubjectLine line;
  line.decision = "d-1";
  line.at = *parse_instant(at);
  line.asked_by.name = "Gemeente A";
  line.asked_of.name = "UWV";
  line.purpose_nl = "Recht op bijstand";
  line.purpose_en = "Right to assistance";
  line.bases = {"Participatiewet, art. 64"};
  line.given_nl = {"loon"};
  line.given_en = {"wages"};
  line.why_nl = "NIET VAN TOEPASSING";
  return line;
}

SubjectReport example() {
  SubjectReport report;
  report.controller = "Gemeente <A>";
  report.until = *parse_date("2026-11-25");
  report.written = report.until;
  report.lines = {given("2026-10-01T09:00:00Z"), given("2026-11-02T09:00:00Z"), given("2026-11-25T22:59:00Z")};
  SubjectLine refused = given("2026-11-03T09:00:00Z");
  refused.refused = true;
  refused.given_nl = {"loon"};  // whatever stands here: nothing was given
  refused.why_nl = "De organisatie vroeg te veel.";
  report.lines.push_back(refused);
  return report;
}

}  // namespace

TEST_CASE("a report says who, when, for what and on which ground, once for what is the same") {
  SubjectReport report = example();
  const auto groups = groups_of(report);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].at.size() == 3);
  const std::string text = to_text(report, Language::nl);
  CHECK(text.find("1 oktober 2026 tot en met 25 november 2026, 3 keer") != std::string::npos);
  CHECK(text.find("Gemeente A vroeg gegevens over u op bij UWV. Waarvoor: Recht op bijstand.") != std::string::npos);
  CHECK(text.find("Op grond van: Participatiewet, art. 64.") != std::string::npos);
  CHECK(text.find("Verstrekt: loon.") != std::string::npos);
  CHECK(text.find("Dit is geweigerd; er is niets verstrekt. De organisatie vroeg te veel.") != std::string::npos);
  CHECK(text.find("NIET VAN TOEPASSING") == std::string::npos);
  CHECK(text.find("artikel 41") != std::string::npos);
  report.lines.front().asked_of = {"opvang", true};
  CHECK(to_text(report, Language::nl).find("op bij een organisatie (opvang)") != std::string::npos);
  CHECK(to_text(report, Language::en).find("Given: wages.") != std::string::npos);
}

TEST_CASE("a report about nobody says so, in the same words about what is not shown") {
  SubjectReport report = example();
  report.from = *parse_date("2026-01-01");
  report.lines.clear();
  const std::string text = to_text(report, Language::nl);
  CHECK(
      text.find("Van 1 januari 2026 tot en met 25 november 2026 staat in het logboek van Gemeente <A> niets over u") !=
      std::string::npos);
  CHECK(text.find("artikel 41") != std::string::npos);
}

TEST_CASE("the page holds the same sentences, escaped, and asks nothing of anybody") {
  const std::string page = to_page(example(), Language::nl);
  CHECK(page.find("Gemeente &lt;A&gt;") != std::string::npos);
  CHECK(page.find("Verstrekt: loon.") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("http") == std::string::npos);
}
