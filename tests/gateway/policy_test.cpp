#include "gateway/audit/policy.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort;

namespace {

NoteSigner key(const std::string& name, char seed, NoteKey type) {
  return NoteSigner::of_seed(name, std::string(32, seed), type);
}

}  // namespace

TEST_CASE("a policy asks for its log and its quorum, groups within groups") {
  const NoteSigner log = key("gw/audit/2026", 'l', NoteKey::log), a = key("a", 'a', NoteKey::witness),
                   b = key("b", 'b', NoteKey::witness), c = key("c", 'c', NoteKey::witness);
  const std::string body = Checkpoint{"gw/audit/2026", 3, {}}.body(), note = log.sign(body);
  const std::string witnesses = "# who must have seen it\nlog " + log.verifier().text() + "\n\nwitness a " +
                                a.verifier().text() + "\nwitness b " + b.verifier().text() + " https://b\nwitness c " +
                                c.verifier().text() + "\n";
  const auto fault = [&](const std::string& rest, const std::string& signatures) {
    return AuditPolicy::parse(witnesses + rest).fault_of(note + signatures);
  };
  const std::string by_a = a.cosign(body, 1), by_b = b.cosign(body, 2), by_c = c.cosign(body, 3);
  CHECK(fault("quorum none\n", "").empty());
  CHECK(fault("quorum a\n", by_a).empty());
  CHECK(fault("quorum a\n", by_b) == "the quorum `a` did not sign it");
  CHECK(fault("group w 2 a b c\nquorum w\n", by_a).find("`w`") != std::string::npos);
  CHECK(fault("group w 2 a b c\nquorum w\n", by_a + by_c).empty());
  CHECK(fault("group w any a b\ngroup all-of all w c\nquorum all-of\n", by_b).find("all-of") != std::string::npos);
  CHECK(fault("group w any a b\ngroup all-of all w c\nquorum all-of\n", by_b + by_c).empty());
  const std::string other = key("gw/audit/2026", 'x', NoteKey::log).sign(body);
  CHECK(AuditPolicy::parse(witnesses + "quorum a\n").fault_of(other + by_a) == "no log of the policy signed it");
  // Signed for another text: no signature at all.
  CHECK_FALSE(fault("quorum a\n", a.cosign(Checkpoint{"gw/audit/2026", 4, {}}.body(), 1)).empty());
}

TEST_CASE("a policy that cannot be read says where") {
  const std::string log = "log " + key("l", 'l', NoteKey::log).verifier().text() + "\n";
  const auto refused = [](const std::string& text, const std::string& what) {
    CHECK_THROWS_WITH(AuditPolicy::parse(text), Catch::Contains(what));
  };
  refused("", "names no log");
  refused(log, "names no quorum");
  refused(log + "quorum a\n", "line 2: `a` is not named before");
  refused(log + "group w 2 a\nquorum w\n", "line 2");
  refused(log + "witness none x\n", "`none` is a name that is taken");
  refused(log + "witness a " + key("l", 'l', NoteKey::log).verifier().text() + "\n", "public key that belongs here");
  refused(log + "quorum none\nquorum none\n", "line 3");
  refused(log + "something\n", "line 2: this is no");
}
