#include "policies/board_report.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

Tally refused_of(std::uint64_t refused, std::uint64_t asked) {
  Tally tally;
  tally.forbidden = refused / 2;
  tally.missing = refused - refused / 2;
  tally.permitted = asked - refused;
  return tally;
}

BoardReport report() {
  BoardReport made;
  made.organisation = "Gemeente <Voorbeeldstad> & co (fictief)";
  made.from = *parse_date("2026-11-01");
  made.until = *parse_date("2026-12-01");
  made.purposes = {{"p", "=SOM(A1)", "Sum", {5, 2, 2, 1, 1}}, {"", "", "", {0, 0, 3, 0, 0}}};
  made.reasons = {{Code::no_legal_basis, 5}, {Code::condition_not_met, 1}};
  made.refused_by_peers = 0.25;
  made.peers = 7;
  made.advice = {3, 2, 9, 41};
  made.attention = {{"purpose p", "doel p", "loopt af", "ends", "p"}};
  return made;
}

}  // namespace

TEST_CASE("a comparison never singles an organisation out") {
  std::vector<Tally> peers(peers_least - 1, refused_of(1, 10));
  CHECK_FALSE(median_share(peers));
  peers.push_back(Tally{});  // asked nothing, so it does not count
  CHECK_FALSE(median_share(peers));
  peers.push_back(refused_of(9, 10));
  REQUIRE(median_share(peers));
  CHECK(*median_share(peers) == Approx(0.1));
  CHECK_FALSE(median_of({}));
  CHECK(*median_of({40, 1, 2}) == 2);
  CHECK(*median_of({4, 1, 2, 3}) == 2);
}

TEST_CASE("the report says what was asked, refused and why, in both languages and forms") {
  const Reasons& reasons = test::knowledge()->reasons;
  const BoardReport of = report();
  CHECK(of.total().asked() == 14);
  const std::string nl = to_text(of, reasons, Language::nl), en = to_text(of, reasons, Language::en);
  for (const char* said :
       {"14 gevraagd, 6 geweigerd (42,9 %)", "25,0 % (7 organisaties)", "KP-301: 5 keer\n    Geen wet laat",
        "doel p: loopt af", "3 keer gegeven, in het midden na 9 dagen", "2 voorstellen wachten, het oudste 41 dagen",
        "1 november 2026 tot en met 30 november 2026", "Nog niet", "onbekend doel"}) {
    INFO(said);
    CHECK(nl.find(said) != std::string::npos);
  }
  for (const char* said : {"14 asked, 6 refused", "purpose p: ends", "Not yet", "unknown purpose"}) {
    INFO(said);
    CHECK(en.find(said) != std::string::npos);
  }
  for (const char* left : {"()", ": .", " .", "  .", "(,"}) CHECK(nl.find(left) == std::string::npos);
  CHECK(nl.find('{') == std::string::npos);
  CHECK(en.find('{') == std::string::npos);
  const std::string page = to_page(of, reasons, Language::nl);
  CHECK(page.find("Gemeente &lt;Voorbeeldstad&gt; &amp; co") != std::string::npos);
  CHECK(page.find("<Voorbeeldstad>") == std::string::npos);
  CHECK(page.find("http") == std::string::npos);  // asks nobody for anything
  const std::string csv = to_csv(of);
  CHECK(csv.find("\"'=SOM(A1)\"") != std::string::npos);  // no formula
  CHECK(csv.find("reason,\"KP-301\",,,,,,,5\r\n") != std::string::npos);
  CHECK(std::ranges::count(csv, '\n') == 5);
}

TEST_CASE("a month in which nothing happened says so") {
  BoardReport of = report();
  of.purposes.clear();
  of.reasons.clear();
  of.advice = {};
  of.attention.clear();
  of.acknowledged = {{*parse_instant("2026-12-03T10:00:00Z"), "a-1"}};
  const std::string text = to_text(of, test::knowledge()->reasons, Language::nl);
  CHECK(text.find("Er is niets gevraagd.") != std::string::npos);
  CHECK(text.find("Er is geen advies gevraagd") != std::string::npos);
  CHECK(text.find("Kennisgenomen op 3 december 2026 door account a-1.") != std::string::npos);
  CHECK(text.find("Waarom niet") == std::string::npos);
}
