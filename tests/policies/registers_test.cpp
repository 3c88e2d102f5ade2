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
