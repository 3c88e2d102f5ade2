// What a proposal holds: purposes, their necessity and linkages as register entries, without the keys that only the
// workflow sets (state, approval, who submitted).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policies/registers/events.hpp"
#include "policies/workflow/proposal.hpp"

namespace koppelpoort {

// The entries of a file with [[purpose]], [[necessity]] and [[linkage]], as drafts. Problems say what is wrong: a key
// of the workflow, an entry of another kind, texts that say nothing.
std::vector<RegisterEvent> read_content(std::string_view file, Problems& problems);

// The same entries in force, by this approval.
std::vector<RegisterEvent> in_force(const std::vector<RegisterEvent>& drafts, const std::string& submitted_by,
                                    const Approval& approval);

// Entries of a register file as the content of a proposal: what the workflow sets is left out.
std::string content_of(const std::vector<RegisterEvent>& entries);

// The entry with another state; for a purpose or linkage that is in the registers.
std::string with_state(std::string_view body, PurposeState state);

// Empty phrases in the reasons of necessity and linkages, one problem each.
Problems lint_content(const std::vector<RegisterEvent>& drafts);

// Who are party to it.
Matter matter_of(const Proposal& proposal, const std::vector<RegisterEvent>& drafts, const Registers& registers);

// Ids of the purposes that it is about.
std::set<std::string> purposes_in(const std::vector<RegisterEvent>& drafts);
// Everything that it changes must be this organisation's own; empty when it is.
std::string_view fault_of_owner(const std::vector<RegisterEvent>& drafts, const std::string& organisation,
                                const Registers& registers);

}  // namespace koppelpoort
