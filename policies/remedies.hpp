// The smallest change that lifts a finding, tried on a draft before it is shown. Never proposes another legal basis.
#pragma once

#include <string>
#include <vector>

#include "policies/decision.hpp"
#include "policies/exchange.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

struct Remedy {
  Code code{};
  std::string nl, en;
  std::string who;  // the role that may make the change
};

// In the order of the findings; findings that nothing within the registers can lift have none.
std::vector<Remedy> remedies_for(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision);

}  // namespace koppelpoort
