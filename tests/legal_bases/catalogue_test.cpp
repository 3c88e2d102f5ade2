#include "legal_bases/catalogue.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

Date day(const char* text) { return *parse_date(text); }

// The problems of a catalogue that holds the real vocabulary and one law file.
std::string problems_of(const std::string& entries) {
  const Texts texts{
      {"legal_bases/vocabulary.toml", test::knowledge()->texts.at("legal_bases/vocabulary.toml")},
      {"legal_bases/catalogue/wet.toml", "[law]\nid = \"wet\"\nname = \"Wet\"\nshort = \"W\"\n" + entries}};
  Problems problems;
  read_catalogue(texts, problems);
  return to_text(problems);
}

std::string entry(const std::string& validity, const std::string& rest = "", const std::string& kind = "exchange") {
  return "[[entry]]\nid = \"een\"\nkind = \"" + kind +
         "\"\ntier = 1\narticle = \"1\"\nconfidence = \"verified\"\nsource = \"s\"\npurpose = \"p\"\ndata = "
         "\"d\"\nlimits = \"l\"\ngdpr6 = []\nnature = [\"duty\"]\n" +
         validity + rest;
}

const std::string valid = "[[entry.validity]]\nfrom = \"2020-01-01\"\nstate = \"in-force\"\ncertainty = \"law\"\n";
const std::string flow =
    "[[entry.flow]]\nfrom = [\"uwv\"]\nto = [\"svb\"]\ngoals = [\"svb-taken\"]\ncategories = [\"loon\"]\nnature = "
    "\"duty\"\n";

}  // namespace

TEST_CASE("the catalogue holds all 186 entries and keeps apart what looks alike") {
  const Catalogue& catalogue = test::knowledge()->catalogue;
  CHECK(catalogue.entries.size() == 186);
  REQUIRE(catalogue.laws.contains("wgs-schuldhulpverlening"));
  REQUIRE(catalogue.laws.contains("wgs-samenwerkingsverbanden"));
  CHECK(catalogue.laws.at("wgs-schuldhulpverlening").bwb == "BWBR0031331");
  CHECK(catalogue.laws.at("wgs-samenwerkingsverbanden").bwb == "BWBR0049962");
  CHECK(catalogue.find("wgs-8c-bsn")->law->id == "wgs-schuldhulpverlening");
  for (const auto& [id, entry] : catalogue.entries) {
    INFO(id);
    CHECK((!entry.purpose_nl.empty() && entry.purpose_nl != entry.purpose));
  }
}

TEST_CASE("SyRI is printed but struck down since the judgment; the energy allowance is repealed; a bill is pending") {
  const Catalogue& catalogue = test::knowledge()->catalogue;
  const Entry& syri = *catalogue.find("wet-suwi-65-syri");
  CHECK(syri.state_on(day("2020-02-04")) == LawState::in_force);
  CHECK(syri.state_on(day("2020-02-05")) == LawState::disapplied);
  CHECK(syri.interval_on(day("2026-11-25"))->evidence == "ECLI:NL:RBDHA:2020:865");
  const Entry& allowance = *catalogue.find("pw-35-4-energietoeslag");
  CHECK(allowance.state_on(day("2023-05-01")) == LawState::in_force);
  CHECK(allowance.state_on(day("2026-11-25")) == LawState::repealed);
  CHECK(catalogue.find("wet-proactieve-dienstverlening-szw")->state_on(day("2026-11-25")) == LawState::pending);
}

TEST_CASE("every entry that a bill or a judgment touches still says what it would cover") {
  for (const auto& [id, entry] : test::knowledge()->catalogue.entries)
    if (entry.kind == EntryKind::disapplied || entry.kind == EntryKind::expired) {
      INFO(id);
      CHECK_FALSE(entry.flows.empty());
    }
}

TEST_CASE("the loader refuses what a machine could misread, with file and line") {
  CHECK(problems_of(entry(valid, flow)).empty());
  CHECK(problems_of(entry("", flow)).find("say from when") != std::string::npos);
  CHECK(problems_of(entry(valid)).find("can never cover anything") != std::string::npos);
  CHECK(problems_of(entry(valid + "until = \"2019-01-01\"\n", flow)).find("inverted") != std::string::npos);
  CHECK(
      problems_of(
          entry(valid + "[[entry.validity]]\nfrom = \"2021-01-01\"\nstate = \"repealed\"\ncertainty = \"law\"\n", flow))
          .find("overlaps the previous one") != std::string::npos);
  CHECK(problems_of(
            entry("[[entry.validity]]\nfrom = \"2020-01-01\"\nstate = \"disapplied\"\ncertainty = \"law\"\n", flow))
            .find("needs `evidence`") != std::string::npos);
  CHECK(problems_of(entry(valid, flow + "lifts = [\"nergens\"]\n")).find("lifts `nergens`") != std::string::npos);
  CHECK(problems_of(entry(valid, flow + "kleur = \"rood\"\n")).find("unknown key `kleur`") != std::string::npos);
  CHECK(problems_of(entry(valid,
                          "[[entry.flow]]\nfrom = [\"uwvv\"]\nto = [\"svb\"]\ngoals = [\"svb-taken\"]\ncategories = "
                          "[\"loon\"]\nnature = \"duty\"\n"))
            .find("did you mean `uwv`?") != std::string::npos);
  CHECK(problems_of(entry(valid, flow, "gate")).find("never a basis") != std::string::npos);
  CHECK(problems_of(entry(valid, flow) + entry(valid, flow)).find("already declared") != std::string::npos);
  CHECK(problems_of("[[entry]]\nid = 5\n").find("wet.toml:6: `id` must be a text in quotes") != std::string::npos);
}
