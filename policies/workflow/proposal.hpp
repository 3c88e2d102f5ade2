// A proposal: a purpose with its necessity, or a linkage, on its way from a draft to the registers. Its state is the
// fold of immutable events; what is in force stays in force until a newer proposal is signed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "legal_bases/date.hpp"
#include "policies/workflow/conflicts.hpp"

namespace koppelpoort {

enum class ProposalState : std::uint8_t { draft, submitted, advised, refused, active, withdrawn };
std::string_view name_of(ProposalState state);

enum class Step : std::uint8_t {
  create,
  edit,
  submit,
  ask,     // a question to the author, or of them
  answer,  // and the answer
  advise,  // positive
  advise_with_conditions,
  advise_against,
  send_back,  // to the author, with notes
  sign,
  withdraw
};
std::string_view name_of(Step step);
std::optional<Step> step_named(std::string_view name);
// In which right each step is taken.
Right right_of(Step step);

struct ProposalEvent {
  std::int64_t version = 0;  // 1, 2, 3… without gaps over all proposals; given by the store
  Instant at{};
  std::string proposal;
  Step step = Step::create;
  std::string account, identity, organisation;
  std::string text;     // reasons, question, conditions
  std::string content;  // of create and edit: the register entries as one file
  std::string project;
  std::int64_t registers = 0;  // their version then
};

struct Proposal {
  std::string id, organisation, project;
  ProposalState state = ProposalState::draft;
  std::int64_t version = 0;  // of its last event
  std::string content;
  std::int64_t content_version = 0;  // of the event that wrote it
  Instant created_at{}, submitted_at{}, advised_at{}, signed_at{};
  std::string submitter, submitter_account, adviser, adviser_account, signer_account;
  std::string conditions;
  std::int64_t advised_on = 0;  // version of the registers that the adviser could see
  std::set<std::string> contributors;
  std::vector<ProposalEvent> events;  // without content
};

// Why the step cannot be taken now, in one sentence; empty when it can. `proposal` is null for a new one.
std::string_view fault_of_step(const Proposal* proposal, Step step, std::string_view text, bool dutch);

// The event must be one that fault_of_step allows; a store that holds another is damaged, and this throws
// std::runtime_error.
void apply_event(std::map<std::string, Proposal>& proposals, const ProposalEvent& event);

}  // namespace koppelpoort
