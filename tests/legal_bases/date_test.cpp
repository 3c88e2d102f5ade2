#include "legal_bases/date.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort;

TEST_CASE("only real civil dates in one form are dates") {
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-01-01 ", "2026/01/01", ""})
    CHECK_FALSE(parse_date(text));
  CHECK(to_text(*parse_date("2024-02-29")) == "2024-02-29");
}

TEST_CASE("an instant has a zone; a bare date is midnight in the Netherlands") {
  CHECK(to_text(*parse_instant("2026-03-31T23:59:59+02:00")) == "2026-03-31T21:59:59Z");
  CHECK(to_text(*parse_instant("2026-01-01")) == "2025-12-31T23:00:00Z");
  CHECK(to_text(*parse_instant("2026-07-01")) == "2026-06-30T22:00:00Z");
  CHECK(to_text(*parse_instant("2026-07-01T10:00:00.123Z")) == "2026-07-01T10:00:00Z");
  for (const char* text : {"2026-07-01T10:00:00", "2026-07-01T24:00:00Z", "2026-07-01T10:00Z", "2026-07-01T10:00:00.Z",
                           "2026-07-01T10:00:00+2:00"})
    CHECK_FALSE(parse_instant(text));
}

TEST_CASE("the Dutch day turns at midnight in summer and winter and on the days the clock changes") {
  const auto day = [](const char* text) { return to_text(dutch_date(*parse_instant(text))); };
  CHECK(day("2026-03-31T21:59:59Z") == "2026-03-31");
  CHECK(day("2026-03-31T22:00:00Z") == "2026-04-01");
  CHECK(day("2026-12-31T22:59:59Z") == "2026-12-31");
  CHECK(day("2026-12-31T23:00:00Z") == "2027-01-01");
  CHECK(day("2026-03-29T00:59:59Z") == "2026-03-29");
  CHECK(day("2026-10-25T22:59:59Z") == "2026-10-25");
  CHECK(day("2026-10-25T23:00:00Z") == "2026-10-26");
}
