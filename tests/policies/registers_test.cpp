#include "policies/registers/events.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

std::vector<RegisterEvent> read(const std::string& text, Problems& problems) {
  const auto document = TomlDocument::parse(text, "r.toml", problems);
  return document ? read_register_file(*document, problems) : std::vector<RegisterEvent>{};
}

std::string problem_of(const std::string& text) {
  Problems problems;
  read(text, problems);
  return to_text(problems);
}

std::vector<RegisterEvent> numbered(std::vector<RegisterEvent> events, std::int64_t first = 1) {
  for (auto& event : events) event.version = first++;
  return events;
}

const std::string purpose =
    "[[purpose]]\nid = \"p\"\ncontroller = \"00000099000000001000\"\nrole = \"uwv\"\ngoal = \"uwv-taken\"\ntitle = "
    "\"P\"\nstate = \"active\"\nsubmitted_by = \"s\"\n";

}  // namespace

TEST_CASE("what is exported reads back as the same registers") {
  Problems problems;
  const auto events = numbered(read(test::brp_registers(1, {"persoon.naam.voornamen"}), problems));
  REQUIRE(problems.empty());
  const auto again = read(export_registers(events), problems);
  REQUIRE(problems.empty());
  CHECK(difference(events, again, true).empty());
}

TEST_CASE("the state at a version is the fold of the events up to it") {
  Problems problems;
  auto events = numbered(read(test::brp_registers(1, {"persoon.naam.voornamen"}), problems));
  const auto last = events.back().version;
  RegisterEvent removal{last + 1, {}, "a", "b", "c", "purpose", "doel", true, ""};
  events.push_back(removal);
  CHECK(fold(events, last, problems).purposes.contains("doel"));
  CHECK_FALSE(fold(events, last + 1, problems).purposes.contains("doel"));
  CHECK(fold(events, 0, problems).organisations.empty());
}

TEST_CASE("later events on a state give what all events give from the beginning") {
  Problems problems;
  auto events = numbered(read(test::brp_registers(1, {"persoon.naam.voornamen"}), problems));
  const auto before = static_cast<std::int64_t>(events.size());
  auto changed = numbered(read(test::brp_registers(7, {"persoon.naam.voornamen"}), problems), before + 1);
  changed.push_back({changed.back().version + 1, {}, "a", "b", "c", "necessity", "n1", true, ""});
  std::vector<RegisterEvent> all = events;
  all.insert(all.end(), changed.begin(), changed.end());
  const Registers whole = fold(all, all.back().version, problems);
  const Registers onto = fold_onto(fold(events, before, problems), changed, problems);
  REQUIRE(problems.empty());
  CHECK(onto.services.at("brp").endpoint == "https://localhost:7/haalcentraal/api/brp");
  CHECK(onto.services.at("brp").endpoint == whole.services.at("brp").endpoint);
  CHECK(onto.necessities.size() == 1);
  CHECK(onto.necessities.size() == whole.necessities.size());
  CHECK(onto.purposes.size() == whole.purposes.size());
  for (const auto kind : register_kinds) {
    Registers less = onto;
    for (const auto& event : all) remove_register_entry(less, kind, event.id);
    CHECK((kind != "organisation" || less.organisations.empty()));
    CHECK((kind != "service" || less.services.empty()));
    CHECK((kind != "purpose" || less.purposes.empty()));
  }
}

TEST_CASE("nobody approves alone: submitter, adviser and signer are three people") {
  const auto approved = [](const std::string& fg, const std::string& signer) {
    return purpose + "approval = { advised_by = \"" + fg + "\", advised_at = \"2026-01-01\", signed_by = \"" + signer +
           "\", signed_at = \"2026-01-02\" }\n";
  };
  CHECK(problem_of(approved("fg", "d")).empty());
  CHECK(problem_of(purpose).find("active only with an `approval`") != std::string::npos);
  CHECK(problem_of(approved("fg", "fg")).find("two people") != std::string::npos);
  CHECK(problem_of(approved("s", "d")).find("who submits") != std::string::npos);
  CHECK(problem_of(approved("fg", "s")).find("who submits") != std::string::npos);
}

TEST_CASE("a register file is refused with its line: twice the same id, an inverted period, a bad OIN") {
  CHECK(problem_of("[[organisation]]\noin = \"123\"\nname = \"x\"\nkind = \"y\"\n")
            .find("r.toml:2: `oin` must be an OIN") != std::string::npos);
  const std::string one = "[[organisation]]\noin = \"00000099000000001000\"\nname = \"x\"\nkind = \"y\"\n";
  CHECK(problem_of(one + one).find("twice") != std::string::npos);
  CHECK(problem_of(one + "from = \"2026-01-02\"\nuntil = \"2026-01-01\"\n").find("inverted") != std::string::npos);
}
