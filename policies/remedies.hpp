// The smallest change that lifts a finding, and the smallest set that lifts a refusal, tried on a draft before they are
// shown. Never proposes another legal basis.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/decision.hpp"
#include "policies/exchange.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

struct Remedy {
  Code code{};
  std::string nl, en;
  std::string who, who_nl;  // the role that may make the change; empty when nobody in particular
};

// What the registers, the request and the settings would be after a change.
struct Draft {
  Registers registers;
  Exchange exchange;
  Settings settings;
};

// Changes the draft so that it answers the finding; nothing where nothing within the registers, the request or the
// settings could. Whether the finding is gone then, `decide_draft` and `lifted` say.
std::optional<Remedy> change_for(const Snapshot& snapshot, const Finding& finding, Draft& draft);
std::optional<Decision> decide_draft(const Snapshot& snapshot, const Draft& draft);  // nothing: it does not compile
bool lifted(const Decision& decision, const Finding& finding);

// Of each finding by itself, in order; findings that nothing can lift have none.
std::vector<Remedy> remedies_for(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision);

// A set that lifts the refusal as a whole and of which no step can be missed; empty where none does.
std::vector<Remedy> remedies_together(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision);

}  // namespace koppelpoort
