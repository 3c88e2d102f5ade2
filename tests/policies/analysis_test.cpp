#include "policies/analysis.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

const Instant now = *parse_instant("2026-11-25T10:00:00Z");
const Date soon = *parse_date("2027-02-23");

Registers usual() {
  return test::registers_of(test::brp_registers(1, {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
}

std::shared_ptr<const Snapshot> compiled(Registers registers) {
  Problems problems;
  const Settings settings{{Confidence::verified, Confidence::verified_2017}};
  auto snapshot = Snapshot::compile(test::knowledge(), std::move(registers), 1, settings, problems);
  INFO(to_text(problems));
  REQUIRE(snapshot != nullptr);
  return snapshot;
}

bool says(const std::vector<Remark>& remarks, const std::string& where, const std::string& text) {
  return std::ranges::any_of(
      remarks, [&](const Remark& each) { return each.where == where && each.en.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("the map holds every purpose at every source, with what can pass") {
  const auto flows = possible_flows(*compiled(usual()), now);
  REQUIRE(flows.size() == 2);
  for (const auto& flow : flows) {
    CHECK(flow.purpose == "doel");
    CHECK(flow.consumer == test::caller_oin);
    CHECK(flow.provider == test::provider_oin);
    CHECK(flow.decision.verdict == Verdict::permit);
    CHECK(flow.decision.allowed == flow.motivated);
  }
}

TEST_CASE("registers that say nothing wrong are left alone") {
  CHECK(lint_registers(*compiled(usual()), now, soon, nullptr).empty());
}

TEST_CASE("what says nothing, never happened or ends soon is named") {
  Registers registers = usual();
  Purpose& purpose = registers.purposes.at("doel");
  purpose.review_by = *parse_date("2027-01-01");
  registers.purposes["leeg"] = purpose;
  registers.purposes["leeg"].id = "leeg";
  registers.necessities.at("n").elements.push_back("gezondheid.diagnose");
  registers.services.at("brp").elements.push_back("gezondheid.diagnose");
  purpose.excess = Excess::minimise;
  registers.algorithms["a"].id = "a";
  registers.algorithms["a"].owner = test::caller_oin;
  const auto snapshot = compiled(registers);
  Usage usage;
  usage.purposes = {"doel"};
  usage.delivered[{"doel", "brp"}].set(*test::knowledge()->taxonomy.find("persoon.naam.voornamen"));
  const auto remarks = lint_registers(*snapshot, now, soon, &usage);
  CHECK(says(remarks, "purpose leeg", "nothing can be asked"));
  CHECK(says(remarks, "purpose leeg", "never used"));
  CHECK_FALSE(says(remarks, "purpose doel", "never used"));
  CHECK(says(remarks, "purpose doel", "review due by 1 January 2027"));
  CHECK(says(remarks, "purpose doel at service brp", "can never pass: gezondheid.diagnose"));
  CHECK(says(remarks, "purpose doel at service brp", "never asked: persoon.burgerservicenummer"));
  CHECK(says(remarks, "purpose doel at service brp-1", "never asked"));
  CHECK(says(remarks, "algorithm a", "no purpose uses this"));
  registers.purposes.at("doel").bases.push_back("pw-35-4-energietoeslag");
  CHECK(says(lint_registers(*compiled(registers), now, soon, nullptr), "purpose doel",
             "pw-35-4-energietoeslag is not in force"));
}
