#include <catch2/catch.hpp>
#include <functional>
#include <iostream>

#include "policies/workflow/conflicts.hpp"
#include "policies/workflow/content.hpp"
#include "policies/workflow/proposal.hpp"
#include "policies/workflow/rights.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

constexpr const char* ours = "00000099000000001000";
constexpr const char* source = "00000099000000003000";
constexpr const char* processor = "00000099000000005000";

Actor somebody(AccountRole role) { return {"a-1", "iemand@example.org", ours, {}, {role}, {role}, {}, {}}; }

Matter matter() {
  Matter made;
  made.controller = ours;
  made.providers = {source};
  made.processors = {processor};
  made.project = "project-1";
  made.submitter = "indiener@example.org";
  made.contributors = {"indiener@example.org", "meeschrijver@example.org"};
  made.adviser = "fg@example.org";
  return made;
}

constexpr const char* reasons = "tien tekens of meer";

}  // namespace

TEST_CASE("rights: nobody decides alone, whatever the table says") {
  for (const AccountRole role : account_roles())
    for (const Right right : all_rights()) {
      INFO(name_of(role) << " " << name_of(right));
      // In another organisation only what everybody knows.
      CHECK(may(role, right, false) == (right == Right::see_catalogue));
      if (right == Right::sign) CHECK(may(role, right, true) == (role == AccountRole::board));
      if (right == Right::advise)
        CHECK(may(role, right, true) == (role == AccountRole::fg || role == AccountRole::fg_deputy));
      if (right == Right::confirm_accounts)
        CHECK(may(role, right, true) == (role == AccountRole::board || role == AccountRole::administrator));
      if (right == Right::manage_accounts) CHECK(may(role, right, true) == (role == AccountRole::administrator));
    }
  // No roles that go together let one account do two of asking, advising and signing.
  std::size_t allowed = 0;
  for (unsigned bits = 1; bits < 1u << account_role_count; ++bits) {
    AccountRoles roles;
    for (std::size_t i = 0; i < account_role_count; ++i)
      if ((bits >> i & 1u) != 0) roles.insert(static_cast<AccountRole>(i));
    if (!fault_of_roles(roles).empty()) continue;
    ++allowed;
    const int steps = int{any_may(roles, Right::submit, true)} + int{any_may(roles, Right::advise, true)} +
                      int{any_may(roles, Right::sign, true)};
    CHECK(steps <= 1);
    if (any_may(roles, Right::manage_accounts, true)) CHECK(steps == 0);
  }
  CHECK(allowed > 100);
  for (const AccountRole role : account_roles()) CHECK(role_named(name_of(role)) == role);
}

TEST_CASE("conflicts of interest: every one is refused, under every account of the person") {
  struct Case {
    const char* what;
    Conflict conflict;
    std::function<void(Actor&, Matter&)> change;
    bool advise = true, sign = true;
  };
  const std::vector<Case> cases{
      {"submitted it", Conflict::submitted, [](Actor& a, Matter& m) { m.submitter = a.identity; }},
      {"wrote in it", Conflict::contributed, [](Actor& a, Matter& m) { m.contributors.insert(a.identity); }},
      {"asks for purposes under another account", Conflict::roles,
       [](Actor& a, Matter&) { a.held.insert(AccountRole::requester); }},
      {"owns purposes under another account", Conflict::roles,
       [](Actor& a, Matter&) { a.held.insert(AccountRole::owner); }},
      {"keeps accounts under another account", Conflict::roles,
       [](Actor& a, Matter&) { a.held.insert(AccountRole::administrator); }},
      {"advises and signs under two accounts", Conflict::roles,
       [](Actor& a, Matter&) {
         a.held = {AccountRole::fg, AccountRole::board};
       }},
      {"works on its project", Conflict::project, [](Actor& a, Matter& m) { a.projects.insert(m.project); }},
      {"is paid by the processor", Conflict::processor, [](Actor& a, Matter&) { a.employers = {processor}; }},
      {"is paid by the provider", Conflict::provider, [](Actor& a, Matter&) { a.employers = {source}; }},
      {"is of another organisation", Conflict::other_organisation, [](Actor& a, Matter&) { a.organisation = source; }},
      {"advises the provider too", Conflict::advises_provider,
       [](Actor& a, Matter&) {
         a.advises = {ours, source};
       },
       true, false},
      {"advised on it", Conflict::advised, [](Actor& a, Matter& m) { m.adviser = a.identity; }, false, true}};
  std::size_t tried = 0;
  for (const auto& each : cases)
    for (const Right right : {Right::advise, Right::sign}) {
      if (!(right == Right::advise ? each.advise : each.sign)) continue;
      for (const AccountRole role : {AccountRole::fg, AccountRole::fg_deputy, AccountRole::board})
        for (const char* account : {"a-1", "a-2"}) {  // of one person
          Actor actor = somebody(role);
          actor.account = account;
          Matter judged = matter();
          each.change(actor, judged);
          INFO(each.what << ", " << name_of(right) << ", " << name_of(role) << ", " << account);
          CHECK(conflict_of(actor, right, judged) == each.conflict);
          CHECK_FALSE(text_of(each.conflict, true).empty());
          CHECK(text_of(each.conflict, true) != text_of(each.conflict, false));
          ++tried;
        }
      // Without it, the same person may.
      CHECK(conflict_of(somebody(right == Right::sign ? AccountRole::board : AccountRole::fg), right, matter()) ==
            Conflict::none);
    }
  CHECK(tried >= 40);
  std::cout << "conflicts of interest: " << tried << " cases, all refused\n";
  // Who only writes or asks has none; an outside FG who is paid by nobody here may advise.
  CHECK(conflict_of(somebody(AccountRole::requester), Right::submit, matter()) == Conflict::none);
  Actor outside = somebody(AccountRole::fg);
  outside.employers = {"00000099000000008000"};
  CHECK(conflict_of(outside, Right::advise, matter()) == Conflict::none);
}

TEST_CASE("a proposal is in force only by advice and signature on its last words") {
  // Every sequence of steps up to eight long, by what the state allows.
  constexpr int longest = 8;
  constexpr Step all[] = {
      Step::edit,           Step::submit,    Step::ask,  Step::advise,  Step::advise_with_conditions,
      Step::advise_against, Step::send_back, Step::sign, Step::withdraw};
  std::size_t sequences = 0, in_force_count = 0;
  std::vector<Step> taken;
  std::function<void(const std::map<std::string, Proposal>&)> go = [&](const std::map<std::string, Proposal>& before) {
    ++sequences;
    const Proposal& proposal = before.at("v-1");
    if (proposal.state == ProposalState::active) {
      ++in_force_count;
      // The last steps that changed anything: submit, advice, signature, with no edit behind the submission.
      std::vector<Step> counted;
      for (const Step step : taken)
        if (step != Step::ask) counted.push_back(step);
      REQUIRE(counted.size() >= 3);
      const auto end = counted.end();
      CHECK(end[-1] == Step::sign);
      CHECK((end[-2] == Step::advise || end[-2] == Step::advise_with_conditions));
      CHECK(end[-3] == Step::submit);
    }
    if (taken.size() == longest) return;
    for (const Step step : all) {
      const bool can = fault_of_step(&proposal, step, reasons, true).empty();
      CHECK(can == fault_of_step(&proposal, step, reasons, false).empty());
      // Reasons are always asked for, but for what is written.
      if (can && step != Step::edit) CHECK_FALSE(fault_of_step(&proposal, step, "kort", true).empty());
      auto after = before;
      ProposalEvent event;
      event.version = proposal.version + 1;
      event.proposal = "v-1";
      event.step = step;
      event.text = reasons;
      event.identity = "x";
      if (!can) {
        CHECK_THROWS(apply_event(after, event));
        continue;
      }
      apply_event(after, event);
      if (step == Step::ask && taken.size() + 2 < longest) continue;  // changes nothing; one at the end is enough
      taken.push_back(step);
      go(after);
      taken.pop_back();
    }
  };
  std::map<std::string, Proposal> first;
  ProposalEvent create;
  create.version = 1;
  create.proposal = "v-1";
  create.identity = "schrijver";
  apply_event(first, create);
  CHECK_THROWS(apply_event(first, create));
  go(first);
  CHECK(in_force_count > 10);
  std::cout << "proposals: " << sequences << " sequences of steps, " << in_force_count << " in force\n";
  for (const Step step : all) CHECK(step_named(name_of(step)) == step);
}

TEST_CASE("what a proposal holds: no approval of its own, and nothing of others") {
  const Registers registers = test::registers_of(test::brp_registers(1, {"persoon.naam.voornamen"}));
  const auto read = [](const std::string& text) {
    Problems problems;
    auto drafts = read_content(text, problems);
    std::string said = to_text(problems);
    return std::pair(std::move(drafts), std::move(said));
  };
  const std::string purpose =
      std::string("[[purpose]]\nid = \"nieuw\"\ncontroller = \"") + ours +
      "\"\nrole = \"gemeente-college-pw\"\ngoal = \"pw-uitvoering\"\ntitle = \"Nieuw\"\nbases = [\"brp-3-2-"
      "autorisatiebesluit\"]\nevidence = [{ for = \"dpia\", reference = \"fictief\" }]\n";
  const auto [drafts, fine] = read(purpose);
  CHECK(fine == "");
  REQUIRE(drafts.size() == 1);
  CHECK(fault_of_owner(drafts, ours, registers).empty());
  CHECK_FALSE(fault_of_owner(drafts, source, registers).empty());
  for (const char* more : {"state = \"active\"\n", "submitted_by = \"x\"\n",
                           "approval = { advised_by = \"a\", advised_at = \"2020-01-01\", signed_by = \"b\", signed_at "
                           "= \"2020-01-02\" }\n"})
    CHECK(read(purpose.substr(0, purpose.find("evidence")) + more).second.find("never by who writes") !=
          std::string::npos);
  CHECK(read("[[organisation]]\noin = \"x\"\n").second != "");
  CHECK(read("").second.find("proposes nothing") != std::string::npos);
  CHECK(read(purpose + purpose).second.find("twice") != std::string::npos);
  CHECK(read("not toml").second != "");
  // Another's purpose under the same id, and necessity for one.
  std::string stolen = purpose;
  stolen.replace(stolen.find("nieuw"), 5, "doel");
  CHECK(fault_of_owner(read(stolen).first, ours, registers).empty());
  const auto necessity = read(
      "[[necessity]]\nid = \"n9\"\npurpose = \"doel\"\nservice = \"brp\"\nelements = "
      "[\"persoon.naam.voornamen\"]\nproportionality = \"x\"\nsubsidiarity = \"y\"\n");
  CHECK(necessity.second == "");
  CHECK(fault_of_owner(necessity.first, ours, registers).empty());
  CHECK_FALSE(fault_of_owner(necessity.first, source, registers).empty());
  CHECK(lint_content(necessity.first).size() == 1);
  CHECK(purposes_in(necessity.first) == std::set<std::string>{"doel"});

  // In force: by whom and when, and the rest as it was written.
  Proposal proposal;
  proposal.organisation = ours;
  proposal.submitter = "indiener@example.org";
  const Instant at{std::chrono::seconds{1'800'000'000}};
  const auto entries = in_force(drafts, "a-1", {"a-2", at, "a-3", at});
  Problems problems;
  const Registers after = fold_onto(registers, entries, problems);
  CHECK(to_text(problems) == "");
  const Purpose& made = after.purposes.at("nieuw");
  CHECK(made.state == PurposeState::active);
  CHECK(made.approval->advised_by == "a-2");
  CHECK(made.approval->signed_at == at);
  CHECK(made.evidence.size() == 1);
  const Registers stopped = fold_onto(
      after,
      {{0, {}, "", "", "", "purpose", "nieuw", false, with_state(entries.front().body, PurposeState::suspended)}},
      problems);
  CHECK(to_text(problems) == "");
  CHECK(stopped.purposes.at("nieuw").state == PurposeState::suspended);
  CHECK(stopped.purposes.at("nieuw").approval->advised_by == "a-2");
  const Matter judged = matter_of(proposal, necessity.first, registers);
  CHECK(judged.providers == std::set<std::string>{source});
}
