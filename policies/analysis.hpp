// What the registers allow as a whole, and what in them says nothing: for the linkage map and for `register lint`.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "policies/decision.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

// One purpose at one source, asked for everything that is motivated, with everything shown that a request can show.
struct PossibleFlow {
  std::string purpose, service;
  std::string consumer, provider;  // OINs
  ElementSet motivated;
  Decision decision;
};

std::vector<PossibleFlow> possible_flows(const Snapshot& snapshot, Instant at);

// What was really asked, from the ledger; leave it out when there is none to look at.
struct Usage {
  std::set<std::string> purposes;
  std::map<std::pair<std::string, std::string>, ElementSet> delivered;  // by purpose and service
};

struct Remark {
  std::string where, where_nl;  // `purpose pw-aanvraag`, `doel pw-aanvraag`
  std::string nl, en;
  std::string purpose;  // id, where it is about one
  bool operator==(const Remark&) const = default;
};

// What is this organisation's own; of the others only what its entries need to be understood.
Registers own_entries(Registers own, const std::string& organisation);

// In order of the registers. `soon`: bases and entries that end before this day are named.
std::vector<Remark> lint_registers(const Snapshot& snapshot, Instant at, Date soon, const Usage* usage);

}  // namespace koppelpoort
