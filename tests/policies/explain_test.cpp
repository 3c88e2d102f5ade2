#include "policies/explain.hpp"

#include <catch2/catch.hpp>

#include "policies/decide.hpp"
#include "policies/letter.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

struct Case {
  std::shared_ptr<const Snapshot> snapshot;
  Exchange exchange;
};

Case make(const auto& change) {
  Registers registers =
      test::registers_of(test::brp_registers(1, {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
  Exchange exchange;
  exchange.at = *parse_instant("2026-11-25T10:00:00Z");
  exchange.consumer = test::caller_oin;
  exchange.service = "brp";
  exchange.purpose = "doel";
  exchange.elements.push_back({test::knowledge()->taxonomy.find("persoon.naam.voornamen"), Use::deliver, {}});
  change(registers, exchange);
  Problems problems;
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
    CHECK(reason.law.size() > 5);
    for (const auto* text : {&reason.short_nl, &reason.short_en}) {
      CHECK((text->size() > 5 && text->size() < 45));
      CHECK(*text != reason.name);
    }
    std::vector<Wording> wordings = reason.when;
    wordings.push_back(reason.wording);
    for (const auto& wording : wordings) {
      for (const auto* text : {&wording.nl, &wording.en, &wording.next_nl, &wording.next_en}) CHECK(text->size() > 5);
      CHECK(wording.nl != wording.en);
      if (kind_of(code) == BlockKind::missing) CHECK_FALSE(wording.mends.empty());
    }
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
  CHECK(to_text(gap, Language::nl, Reader::fg).find("kan niemand binnen de registers opheffen") != std::string::npos);
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
  const std::string dutch = to_text(cut, Language::nl, Reader::fg), english = to_text(cut, Language::en, Reader::fg);
  CHECK(dutch.find("Toegestaan met minder gegevens") != std::string::npos);
  CHECK(dutch.find("geen noodzaak vastgelegd") != std::string::npos);
  CHECK(english.find("Permitted with fewer data") != std::string::npos);
  CHECK(dutch.find('{') == std::string::npos);  // no placeholder is left
}

TEST_CASE("each reader gets its own text, and nobody but the person whose data it is reads plain words") {
  const auto refused =
      explained(make([](Registers& registers, Exchange&) { registers.purposes.at("doel").bases.clear(); }));
  const auto text = [&](Reader reader) { return to_text(refused, Language::nl, reader); };
  const auto says = [](const std::string& whole, const std::string& part) {
    return whole.find(part) != std::string::npos;
  };
  CHECK(says(text(Reader::fg), "Recht: AVG art. 6"));
  CHECK(says(text(Reader::integrator), "  -> De poort zoekt geen andere grondslag."));
  CHECK_FALSE(says(text(Reader::integrator), "Recht: "));
  CHECK(says(text(Reader::ops), "KP-301 NO_LEGAL_BASIS (verboden); aan zet: wetgever"));
  CHECK(says(text(Reader::person), "De wet staat deze organisatie niet toe om deze gegevens zo te krijgen"));
  const Taxonomy& taxonomy = test::knowledge()->taxonomy;
  const Element& asked = taxonomy.elements[*taxonomy.find("persoon.naam.voornamen")];
  CHECK(says(text(Reader::person), test::knowledge()->catalogue.words.categories[asked.category].nl));
  CHECK_FALSE(says(text(Reader::person), asked.nl));
  CHECK_FALSE(says(text(Reader::person), "KP-301"));
  CHECK(says(to_text(refused, Language::en, Reader::person), "What can you do?"));
}

TEST_CASE("plain words are short: no sentence of more than 25 words") {
  for (const auto& [family, words] : test::knowledge()->reasons.plain)
    for (const auto* text : {&words.nl, &words.en}) {
      std::size_t count = 0;
      for (std::size_t at = 0; at < text->size(); ++at) {
        const char c = (*text)[at];
        count += c == ' ' ? 1u : 0u;
        if (c == '.') count = 0;
        INFO(family << ": " << *text);
        CHECK(count <= 25);
      }
    }
}

TEST_CASE("a letter stands alone, says the same, and holds nothing that a page could run") {
  const auto cut = explained(make([](Registers& registers, Exchange& exchange) {
    registers.purposes.at("doel").title = "Hulp <script>alert(1)</script> & meer";
    exchange.elements.push_back({std::nullopt, Use::deliver, "veld\" onmouseover=x"});
  }));
  for (const Language language : {Language::nl, Language::en})
    for (const Reader reader : {Reader::fg, Reader::person}) {
      const std::string html = to_letter(cut, {"besluit-1", "Gemeente <Voorbeeld>", Date{}}, language, reader);
      CHECK(html.find("<script") == std::string::npos);
      CHECK(html.find("onmouseover=x\"") == std::string::npos);
      CHECK(html.find("src=") == std::string::npos);
      CHECK(html.find("besluit-1") != std::string::npos);
      CHECK(html.find("Gemeente &lt;Voorbeeld&gt;") != std::string::npos);
      CHECK(html.find(language == Language::nl ? "<html lang=\"nl\">" : "<html lang=\"en\">") != std::string::npos);
    }
}

TEST_CASE("a remedy changes what it names and nothing beside it") {
  const auto case_of_two = make([](Registers&, Exchange& exchange) {
    exchange.transport = Transport::tls;
    exchange.training_valid_until = parse_date("2020-01-01");
  });
  const auto two = explained(case_of_two);
  CHECK(two.together.size() == 2);  // neither the training nor the connection alone is enough

  // Two bases that no lawyer released: naming one as released leaves the other as it is.
  auto unreleased = make([](Registers&, Exchange&) {});
  Problems problems;
  unreleased.snapshot = Snapshot::compile(test::knowledge(), unreleased.snapshot->registers(), 1, {}, problems);
  const Decision decision = decide(*unreleased.snapshot, unreleased.exchange);
  const auto finding = std::ranges::find_if(decision.findings, [](const Finding& each) {
    return each.code == Code::basis_not_released && each.effect != Effect::note;
  });
  REQUIRE(finding != decision.findings.end());
  Draft draft{unreleased.snapshot->registers(), unreleased.exchange, unreleased.snapshot->settings()};
  REQUIRE(change_for(*unreleased.snapshot, *finding, draft));
  CHECK(draft.settings.accepted.empty());
  CHECK(draft.settings.released.size() == 1);
  CHECK(draft.settings.released.contains(finding->subject));
}
