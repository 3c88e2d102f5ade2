// The decision: one pure function from a snapshot and an exchange to a verdict with its grounds.
#pragma once

#include "policies/decision.hpp"
#include "policies/exchange.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

// All checks run (decision model, section 2). The same snapshot and exchange give the same decision, byte for byte.
Decision decide(const Snapshot& snapshot, const Exchange& exchange);

// Why a block with this code is one, under these settings.
BlockKind kind_of(Code code, const Settings& settings);

}  // namespace koppelpoort
