// Offline verification of a ledger folder: reads the bytes themselves and shares no write path with the gate.
#pragma once

#include <functional>
#include <string>

#include "gateway/ledger/segments.hpp"

namespace koppelpoort {

struct LedgerReport {
  std::int64_t records = 0, decisions = 0, releases = 0, outcomes = 0;
  std::string last_hash;  // base64
  std::string fault;      // empty when the ledger verifies
  std::int64_t bad_index = -1;
};

// Checks: every byte of every frame, the chain, time never running back, exactly one decision for an id, no release
// without an earlier decision that lets something pass, no outcome without its decision.
// `progress` is called now and then with the number of records read.
LedgerReport verify_ledger(const std::string& folder, const std::function<void(std::int64_t)>& progress);

// The text of one member of a record, without reading it as a whole; empty when it is not there.
std::string_view member_of(std::string_view entry, std::string_view key);

}  // namespace koppelpoort
