// The real registers that nobody here wrote, as drafts: every entry is read, what denies its own basis is refused, and
// what a draft is said to lack is exactly what keeps it from being offered.
#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>

#include "adapters/import/field_set.hpp"
#include "adapters/import/json_sources.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "policies/workflow/content.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;
namespace fs = std::filesystem;

namespace {

constexpr const char* role = "gemeente-college-pw";

// The draft as somebody would complete it who does all that it says, and nothing else.
std::string completed(std::string file) {
  const std::pair<const char*, const char*> answers[] = {
      {"# goal =", "goal = \"pw-uitvoering\""},
      {"# service =", "service = \"brp\""},
      {"# elements = []", "elements = [\"persoon.naam.voornamen\"]"},
      {"# proportionality =", "proportionality = \"Zonder dit gegeven is het recht niet vast te stellen.\""},
      {"# subsidiarity =", "subsidiarity = \"Er is geen andere bron die de wet aanwijst.\""}};
  for (const auto& [blank, answer] : answers)
    for (std::size_t at = 0; (at = file.find(blank, at)) != std::string::npos;) {
      file.replace(at, std::string_view(blank).size(), answer);
      at += std::string_view(answer).size();
    }
  return file;
}

struct Count {
  std::size_t drafts = 0, refused = 0, with_basis = 0;
};

Count check_all(const std::vector<ImportedPurpose>& drafts) {
  Count count;
  std::set<std::string> ids;
  for (const auto& draft : drafts) {
    INFO(draft.id << " " << draft.title);
    CHECK(ids.insert(draft.id).second);
    CHECK_FALSE(draft.title.empty());
    if (is_refused(draft)) {
      ++count.refused;
      continue;
    }
    ++count.drafts;
    const auto lacks = lacks_of(draft, role);
    for (const auto& lack : lacks) CHECK(lack.nl != lack.en);
    if (std::ranges::any_of(lacks, [](const Lack& each) { return each.key == "bases" && each.nl.starts_with("kies"); }))
      ++count.with_basis;
    const std::string file = file_of(draft, test::caller_oin, role);
    Problems as_it_is, complete;
    read_content(file, as_it_is);
    // Each blank of the form is a problem of the reader, and each problem a blank that was named.
    std::set<std::string> named;
    for (const auto& lack : lacks) named.insert(lack.key);
    for (const auto& problem : as_it_is) {
      const std::string text = problem.text();
      const bool known = std::ranges::any_of(named, [&](const std::string& key) {
        return !key.empty() && text.find("`" + key + "`") != std::string::npos;
      });
      INFO(text);
      CHECK((known || text.find("name at least one element") != std::string::npos));
    }
    CHECK_FALSE(as_it_is.empty());
    read_content(completed(file), complete);
    INFO(to_text(complete) << file);
    CHECK(complete.empty());
  }
  return count;
}

}  // namespace

TEST_CASE("real registers of others become drafts that say what they lack", "[acceptance][cases]") {
  const std::string cases = test::cases_folder();
  if (cases.empty()) {
    std::cout << "SKIPPED 5 sources: KOPPELPOORT_CASES is not there\n";
    return;
  }
  const auto knowledge = test::knowledge();
  const auto told = [](const char* what, const Count& count) {
    std::cout << what << ": " << count.drafts << " drafts, " << count.refused << " refused, " << count.with_basis
              << " with a law of the catalogue\n";
  };

  Problems problems;
  const auto mapping = load_mapping(test::source_folder() + "/adapters/wire/brp/brp-personen-2.toml",
                                    knowledge->taxonomy, knowledge->catalogue.words, problems);
  REQUIRE(mapping);
  std::vector<ImportedPurpose> sets;
  std::size_t unnamed = 0, lines = 0;
  for (const auto& item : fs::directory_iterator(cases + "/amsterdam-brp-fieldsets/fieldsets")) {
    const std::string text = read_file(item.path().string());
    sets.push_back(import_field_set(text, item.path().stem().string(), "brp", *mapping, knowledge->taxonomy));
    lines += static_cast<std::size_t>(std::ranges::count(text, '\n'));
    unnamed += sets.back().needs.front().unnamed.size();
    CHECK_FALSE(sets.back().needs.front().elements.empty());
  }
  const Count of_sets = check_all(sets);
  CHECK(of_sets.drafts == sets.size());
  CHECK(sets.size() >= 18);
  told("field sets", of_sets);
  std::cout << "  " << unnamed << " of " << lines << " paths have no element\n";
  CHECK(unnamed * 20 < lines);

  const auto types = import_case_types(read_file(cases + "/municipal-purposes/sudwest-fryslan-zaaktypen.json"));
  CHECK(types.size() >= 77);
  told("case types", check_all(types));
  CHECK(std::ranges::count_if(types, [](const ImportedPurpose& each) { return each.retention_months.has_value(); }) >
        60);
  CHECK(std::ranges::any_of(types, [](const ImportedPurpose& each) { return !each.same_as.empty(); }));

  const auto algorithms =
      import_algorithms(read_file(cases + "/municipal-purposes/algorithm-register-entries.json"), knowledge->catalogue);
  CHECK(algorithms.size() >= 56);
  const Count of_algorithms = check_all(algorithms);
  told("algorithms", of_algorithms);
  CHECK(of_algorithms.refused >= 3);
  for (const auto& each : algorithms) {
    const std::string& said = each.bases.front().text;
    const bool denies = said.starts_with("n.v.t.") || said.starts_with("N.v.t.") ||
                        said.find("geen wettelijke grondslag") != std::string::npos;
    INFO(said);
    CHECK(is_refused(each) == denies);
  }

  const auto flows = import_flows(read_file(cases + "/gegevens-bij-besluiten/flows.json"), knowledge->catalogue);
  CHECK(flows.size() >= 29);
  const Count of_flows = check_all(flows);
  told("flows", of_flows);
  CHECK(of_flows.with_basis > 5);

  const auto laws = import_law_fields(read_file(cases + "/machine-law/needed-fields.jsonl"), knowledge->catalogue);
  std::size_t fields = 0;
  for (const auto& each : laws)
    for (const auto& need : each.needs) fields += need.unnamed.size();
  CHECK(fields >= 337);
  told("fields of laws", check_all(laws));
}

TEST_CASE("what a text says of its legal basis is read as it stands") {
  const auto knowledge = test::knowledge();
  const auto said = [&](std::string_view text, std::string_view link = {}, std::string_view article = {}) {
    return said_basis(knowledge->catalogue, text, link, article);
  };
  for (const char* none : {"n.v.t.", "N.v.t. De basis ligt in de wet.", "Geen", "Er is geen wettelijke grondslag voor",
                           "niet van toepassing"}) {
    CHECK(said(none).denied);
    CHECK(said(none).entries.empty());
  }
  CHECK_FALSE(said("Input is noodzakelijk voor gemeentelijk beleid.").denied);
  CHECK(said("Input is noodzakelijk voor gemeentelijk beleid.").entries.empty());
  CHECK_FALSE(said("").denied);
  // By name the whole law; by link its article.
  const auto by_name = said("de uitvoering van de wettelijke taak Participatiewet").entries;
  const auto by_link =
      said("Participatiewet", "https://wetten.overheid.nl/jci1.3:c:BWBR0015703&hoofdstuk=6&artikel=64&z=2021-01-01")
          .entries;
  CHECK(by_name.size() > by_link.size());
  CHECK_FALSE(by_link.empty());
  for (const auto& id : by_link) CHECK(knowledge->catalogue.find(id)->article.starts_with("64"));
  CHECK(said("Pw", "https://wetten.overheid.nl/BWBR0015703/2025-01-01#Hoofdstuk2_Artikel17").entries.size() <
        by_name.size());
  CHECK(said("Iets", "BWBR0099999").unknown == std::set<std::string>{"BWBR0099999"});
}
