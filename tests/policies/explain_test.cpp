#include "policies/explain.hpp"

#include <catch2/catch.hpp>

#include "policies/decide.hpp"
#include "policies/registers/events.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

struct Case {
  std::shared_ptr<const Snapshot> snapshot;
  Exchange exchange;
};

Case make(const auto& change) {
  Problems problems;
  const auto document = TomlDocument::parse(
      test::brp_registers(1, {"persoon.burgerservicenummer", "persoon.naam.voornamen"}), "r.toml", problems);
  auto events = read_register_file(*document, problems);
  std::int64_t version = 0;
  for (auto& event : events) event.version = ++version;
  Registers registers = fold(events, version, problems);
  Exchange exchange;
  exchange.at = *parse_instant("2026-11-25T10:00:00Z");
  exchange.consumer = test::caller_oin;
  exchange.service = "brp";
  exchange.purpose = "doel";
  exchange.elements.push_back({test::knowledge()->taxonomy.find("persoon.naam.voornamen"), Use::deliver, {}});
  change(registers, exchange);
  auto snapshot = Snapshot::compile(test::knowledge(), std::move(registers), 1,
                                    {{Confidence::verified, Confidence::verified_2017}}, problems);
  REQUIRE(snapshot != nullptr);
  return {std::move(snapshot), std::move(exchange)};
}

Explanation explained(const Case& each) {
  return explain(*each.snapshot, each.exchange, decide(*each.snapshot, each.exchange));
}

}  // namespace

TEST_CASE("every code has its sentences in Dutch and English, and what now") {
  for (const auto& [code, reason] : test::knowledge()->reasons.of) {
    INFO(to_text(code));
    for (const auto* text : {&reason.nl, &reason.en, &reason.next_nl, &reason.next_en, &reason.law})
      CHECK(text->size() > 5);
    CHECK(reason.nl != reason.en);
    if (kind_of(code) == BlockKind::missing) CHECK_FALSE(reason.mends.empty());
  }
}

TEST_CASE("a remedy is shown only when it lifts the finding") {
  const auto approved = explained(
      make([](Registers& registers, Exchange&) { registers.purposes.at("doel").state = PurposeState::submitted; }));
  REQUIRE(approved.remedies.size() == 1);
  CHECK(approved.remedies.front().code == Code::purpose_not_approved);
  CHECK(approved.remedies.front().who == "fg");

  const auto necessary = explained(make([](Registers& registers, Exchange&) { registers.necessities.clear(); }));
  REQUIRE_FALSE(necessary.remedies.empty());
  CHECK(necessary.remedies.front().code == Code::data_excess);
}

TEST_CASE("where the law gives no basis, no other basis is suggested and the gap is counted") {
  const auto gap = explained(make([](Registers& registers, Exchange&) {
    registers.purposes.at("doel").bases.clear();
    registers.purposes.at("doel").goal = "proactieve-dienstverlening";
  }));
  CHECK(gap.kind == BlockKind::forbidden);
  CHECK(gap.structural_gap);
  CHECK(gap.remedies.empty());
  CHECK(to_text(gap, Language::nl).find("Binnen de registers kan niets dit veranderen") != std::string::npos);
}

TEST_CASE("an explanation agrees with its verdict and names each element's fate") {
  const auto cut = explained(make([](Registers&, Exchange& exchange) {
    exchange.elements.push_back({test::knowledge()->taxonomy.find("persoon.geboorte.datum"), Use::deliver, {}});
  }));
  CHECK(cut.verdict == Verdict::minimise);
  REQUIRE(cut.elements.size() == 2);
  CHECK(cut.elements[0].passes);
  CHECK_FALSE(cut.elements[1].passes);
  CHECK(cut.elements[1].because == std::vector<Code>{Code::data_excess});
  const std::string dutch = to_text(cut, Language::nl), english = to_text(cut, Language::en);
  CHECK(dutch.find("Toegestaan met minder gegevens") != std::string::npos);
  CHECK(dutch.find("geen noodzaak vastgelegd") != std::string::npos);
  CHECK(english.find("Permitted with fewer data") != std::string::npos);
  CHECK(dutch.find('{') == std::string::npos);  // no placeholder is left
}
