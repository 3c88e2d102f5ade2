#include "gateway/workflow/workflow.hpp"

#include <algorithm>
#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <cstdio>

#include "gateway/exchange/published.hpp"
#include "policies/explain.hpp"

namespace koppelpoort {
namespace {

using Kind = Refused::Kind;

Refused content_fault(const Problems& problems) {
  Refused refused{
      Kind::content, "De inhoud van het voorstel klopt niet.", "The content of the proposal is not right.", {}};
  for (const auto& problem : problems) refused.reasons.push_back(problem.text());
  return refused;
}

Refused not_allowed() { return {Kind::not_allowed, "Uw rol mag dit niet.", "Your role may not do this.", {}}; }

Refused not_found() { return {Kind::not_found, "Dit voorstel is er niet.", "There is no such proposal.", {}}; }

Refused changed_meanwhile() {
  return {Kind::changed_meanwhile,
          "Dit voorstel is intussen veranderd. Bekijk het opnieuw.",
          "This proposal changed meanwhile. Look at it again.",
          {}};
}

std::string id_of(std::size_t number) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "v-%06zu", number);
  return text.data();
}

Preview preview_of(const Snapshot& snapshot, const PossibleFlow& flow) {
  Preview preview{flow.purpose, flow.service, flow.decision.verdict, flow.decision.kind, {}, {}};
  const Taxonomy& taxonomy = snapshot.knowledge().taxonomy;
  for (std::size_t i = flow.decision.allowed._Find_first(); i < flow.decision.allowed.size();
       i = flow.decision.allowed._Find_next(i))
    preview.passes.push_back(taxonomy.elements[i].id);
  for (const auto& finding : flow.decision.findings) {
    ExplainedReason reason = in_words(snapshot, finding);
    preview.reasons.push_back({to_text(finding.code), std::move(reason.nl), std::move(reason.en),
                               std::move(reason.next_nl), std::move(reason.next_en), finding.effect,
                               std::move(reason.elements)});
  }
  return preview;
}

}  // namespace

Workflow::Workflow(const Config& config, std::shared_ptr<const Knowledge> knowledge, std::function<void()> changed)
    : config_(config),
      knowledge_(std::move(knowledge)),
      changed_(std::move(changed)),
      store_(config.registers_file(), Database::Mode::write) {}

void Workflow::catch_up() {
  const std::int64_t known = events_.empty() ? 0 : events_.back().version;
  if (store_.version() != known) {
    Problems problems;
    const auto later = store_.after(known);
    Registers next = fold_onto(registers_, later, problems);
    if (!problems.empty()) throw StoreError("the registers cannot be read:\n" + to_text(problems));
    registers_ = std::move(next);
    events_.insert(events_.end(), later.begin(), later.end());
  }
  for (const auto& event : store_.proposals_after(proposal_version_)) {
    apply_event(proposals_, event);
    proposal_version_ = event.version;
  }
}

const std::map<std::string, Proposal>& Workflow::proposals() {
  catch_up();
  return proposals_;
}

const Registers& Workflow::registers() {
  catch_up();
  return registers_;
}

const std::vector<RegisterEvent>& Workflow::events() {
  catch_up();
  return events_;
}

std::int64_t Workflow::register_version() {
  catch_up();
  return events_.empty() ? 0 : events_.back().version;
}

std::string Workflow::entry_in_force(std::string_view kind, std::string_view id) {
  catch_up();
  const auto last = std::ranges::find_if(events_.rbegin(), events_.rend(),
                                         [&](const auto& each) { return each.kind == kind && each.id == id; });
  return last == events_.rend() ? std::string() : last->body;
}

Outcome<Proposal> Workflow::create(const Actor& actor, const std::string& content, const std::string& project,
                                   Instant now) {
  catch_up();
  if (!any_may(actor.roles, Right::write_proposal, true)) return not_allowed();
  Problems problems;
  const auto drafts = read_content(content, problems);
  if (!problems.empty()) return content_fault(problems);
  if (const auto fault = fault_of_owner(drafts, actor.organisation, registers_); !fault.empty())
    return Refused{
        Kind::not_allowed, "Dit voorstel raakt een doel van een andere organisatie.", std::string(fault), {}};
  ProposalEvent event;
  event.at = now;
  event.step = Step::create;
  event.account = actor.account;
  event.identity = actor.identity;
  event.organisation = actor.organisation;
  event.content = content;
  event.project = boost::algorithm::to_lower_copy(project);
  if (!project.empty() && !is_one_word(project))
    return Refused{
        Kind::content, "Een project is één woord, zonder spaties.", "A project is one word, without spaces.", {}};
  event.registers = register_version();
  do {  // again with the next number, when somebody was faster
    catch_up();
    event.proposal = id_of(proposals_.size() + 1);
  } while (!store_.append(event, proposal_version_));
  catch_up();
  return proposals_.at(event.proposal);
}

Outcome<Proposal> Workflow::take(const Actor& actor, const std::string& id, Step step, const std::string& text,
                                 const std::string& content, std::int64_t seen, Instant now) {
  catch_up();
  const std::int64_t steps_seen = proposal_version_, registers_seen = register_version();
  const auto found = proposals_.find(id);
  // What another organisation proposes is not there, for whoever may not see it.
  if (found == proposals_.end() || found->second.organisation != actor.organisation) return not_found();
  const Proposal& proposal = found->second;
  if (!any_may(actor.roles, right_of(step), true)) return not_allowed();
  if (seen != proposal.version) return changed_meanwhile();
  if (const auto fault = fault_of_step(&proposal, step, text, true); !fault.empty())
    return Refused{Kind::state, std::string(fault), std::string(fault_of_step(&proposal, step, text, false)), {}};
  Problems problems;
  const auto drafts = read_content(step == Step::edit ? content : proposal.content, problems);
  if (!problems.empty()) return content_fault(problems);
  if (const auto fault = fault_of_owner(drafts, actor.organisation, registers_); !fault.empty())
    return Refused{
        Kind::not_allowed, "Dit voorstel raakt een doel van een andere organisatie.", std::string(fault), {}};
  const Conflict conflict = conflict_of(actor, right_of(step), matter_of(proposal, drafts, registers_));
  if (conflict != Conflict::none)
    return Refused{
        Kind::conflict_of_interest, std::string(text_of(conflict, true)), std::string(text_of(conflict, false)), {}};
  if (step == Step::submit)
    if (auto fault = fault_of_submission(proposal.content, now)) return *fault;

  ProposalEvent event;
  event.at = now;
  event.proposal = id;
  event.step = step;
  event.account = actor.account;
  event.identity = actor.identity;
  event.organisation = actor.organisation;
  event.registers = registers_seen;
  event.text = text;
  if (step == Step::edit) {
    event.content = content;
    event.project = proposal.project;
  }
  if (step == Step::sign) return sign(actor, proposal, event, steps_seen);
  if (!store_.append(event, steps_seen)) return changed_meanwhile();
  catch_up();
  return proposals_.at(id);
}

Outcome<Proposal> Workflow::sign(const Actor& actor, const Proposal& proposal, const ProposalEvent& event,
                                 std::int64_t steps_seen) {
  Problems problems;
  if (changed_since_advice(proposal))
    return Refused{Kind::state,
                   "Wat in werking is veranderde na het advies: dit doel of deze noodzaak is gewijzigd, geschorst of "
                   "ingetrokken. Laat de FG het voorstel terugsturen en er opnieuw over adviseren.",
                   "What is in force changed after the advice: this purpose or necessity was changed, suspended or "
                   "withdrawn. Have the FG send the proposal back and advise on it again.",
                   {}};
  const std::string id = proposal.id;
  const Approval approval{proposal.adviser_account, proposal.advised_at, actor.account, event.at};
  auto entries = in_force(read_content(proposal.content, problems), proposal.submitter_account, approval);
  for (auto& entry : entries) {
    entry.at = event.at;
    entry.author = actor.account;
    entry.author_role = name_of(AccountRole::board);
    entry.reason = id + ": " + event.text;
  }
  if (auto fault = fault_of_registers(entries)) return *fault;
  if (!store_.append(event, steps_seen, entries, events_.empty() ? 0 : events_.back().version))
    return changed_meanwhile();
  catch_up();
  changed_();
  return proposals_.at(id);
}

// Of every entry that the proposal would write, and of its purposes.
bool Workflow::changed_since_advice(const Proposal& proposal) const {
  Problems ignored;
  const auto drafts = read_content(proposal.content, ignored);
  const auto purposes = purposes_in(drafts);
  return std::ranges::any_of(events_, [&](const RegisterEvent& event) {
    if (event.version <= proposal.advised_on) return false;
    const auto writes = [&](const RegisterEvent& draft) { return draft.kind == event.kind && draft.id == event.id; };
    return (event.kind == "purpose" && purposes.contains(event.id)) || std::ranges::any_of(drafts, writes);
  });
}

std::optional<Refused> Workflow::fault_of_registers(const std::vector<RegisterEvent>& events) const {
  Problems problems;
  const std::int64_t version = events_.empty() ? 0 : events_.back().version;
  Registers next = fold_onto(registers_, events, problems);
  auto snapshot = problems.empty()
                      ? Snapshot::compile(knowledge_, std::move(next), version + 1, config_.settings, problems)
                      : nullptr;
  if (snapshot != nullptr && problems.empty()) publish(std::move(snapshot), config_.mappings, problems);
  if (problems.empty()) return std::nullopt;
  return content_fault(problems);
}

Outcome<std::shared_ptr<const Snapshot>> Workflow::drafted(const std::string& content, Instant now) {
  catch_up();
  Problems problems;
  const auto drafts = read_content(content, problems);
  if (!problems.empty()) return content_fault(problems);
  const auto entries = in_force(drafts, "author", {"fg", now, "board", now});
  Registers next = fold_onto(registers_, entries, problems);
  auto snapshot = problems.empty() ? Snapshot::compile(knowledge_, std::move(next), register_version() + 1,
                                                       config_.settings, problems)
                                   : nullptr;
  if (snapshot == nullptr || !problems.empty()) return content_fault(problems);
  return snapshot;
}

Outcome<std::vector<Preview>> Workflow::preview(const std::string& content, Instant now) {
  const auto made = drafted(content, now);
  if (const auto* refused = std::get_if<Refused>(&made)) return *refused;
  const auto& snapshot = std::get<std::shared_ptr<const Snapshot>>(made);
  Problems problems;
  const auto purposes = purposes_in(read_content(content, problems));
  std::vector<Preview> previews;
  for (const auto& flow : possible_flows(*snapshot, now))
    if (purposes.contains(flow.purpose)) previews.push_back(preview_of(*snapshot, flow));
  return previews;
}

// What can never be approved is not laid before the FG; what is only incomplete may be.
std::optional<Refused> Workflow::fault_of_submission(const std::string& content, Instant now) {
  Problems problems;
  const auto drafts = read_content(content, problems);
  for (const auto& problem : lint_content(drafts)) problems.push_back(problem);
  if (!problems.empty()) return content_fault(problems);
  const auto previewed = preview(content, now);
  if (const auto* refused = std::get_if<Refused>(&previewed)) return *refused;
  Refused forbidden{Kind::content,
                    "De wet staat dit niet toe; zo kan het niet worden ingediend.",
                    "The law does not allow this; it cannot be submitted like this.",
                    {}};
  for (const auto& each : std::get<std::vector<Preview>>(previewed))
    if (each.verdict == Verdict::block && each.kind == BlockKind::forbidden)
      for (const auto& reason : each.reasons)
        if (reason.effect == Effect::blocks)
          forbidden.reasons.push_back(each.service + ": " + reason.code + " " + reason.nl + " " + reason.next_nl);
  if (forbidden.reasons.empty()) return std::nullopt;
  return forbidden;
}

std::vector<Remark> Workflow::remarks(const std::string& organisation, Instant now) {
  constexpr std::chrono::days soon{60};
  catch_up();
  Problems problems;
  const auto snapshot = Snapshot::compile(knowledge_, own_entries(registers_, organisation), register_version(),
                                          config_.settings, problems);
  if (snapshot == nullptr) throw StoreError("the registers cannot be used:\n" + to_text(problems));
  return lint_registers(*snapshot, now, dutch_date(now) + soon, nullptr);
}

Outcome<std::int64_t> Workflow::stop(const Actor& actor, const std::string& purpose, PurposeState state,
                                     const std::string& reasons, Instant now) {
  constexpr std::size_t reasons_least = 10;
  catch_up();
  const auto found = registers_.purposes.find(purpose);
  if (found == registers_.purposes.end() || found->second.controller != actor.organisation)
    return Refused{Kind::not_found, "Dit doel is er niet.", "There is no such purpose.", {}};
  const Right right = state == PurposeState::suspended ? Right::suspend : Right::withdraw;
  if (!any_may(actor.roles, right, true)) return not_allowed();
  const PurposeState before = found->second.state;
  if (before != PurposeState::active && !(before == PurposeState::suspended && state == PurposeState::withdrawn))
    return Refused{Kind::state, "Dit doel is niet in gebruik.", "This purpose is not in force.", {}};
  if (reasons.size() < reasons_least)
    return Refused{Kind::state,
                   "Geef een toelichting van ten minste tien tekens.",
                   "Give reasons of at least ten characters.",
                   {}};
  const auto last = std::ranges::find_if(events_.rbegin(), events_.rend(), [&](const RegisterEvent& event) {
    return event.kind == "purpose" && event.id == purpose;
  });
  RegisterEvent event = *last;
  event.at = now;
  event.author = actor.account;
  event.author_role =
      name_of(*std::ranges::find_if(actor.roles, [&](AccountRole role) { return may(role, right, true); }));
  event.reason = reasons;
  event.body = with_state(event.body, state);
  if (auto fault = fault_of_registers({event})) return *fault;
  const std::int64_t version = store_.append({event}, events_.back().version);
  changed_();
  return version;
}

}  // namespace koppelpoort
