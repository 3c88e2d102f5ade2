// What lies beside a ledger or an export and speaks about it: the note that witnesses signed, and timestamps.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/audit/policy.hpp"
#include "gateway/ledger/verify.hpp"

namespace koppelpoort {

struct TimeEvidence {
  std::string file;  // the stamp's
  Checkpoint checkpoint;
  std::string fault;      // empty when the stamp holds
  std::int64_t time = 0;  // seconds since 1970
};

struct LedgerEvidence {
  std::string cosigned;  // the note; empty when there is none
  std::vector<Held> held;
  std::vector<TimeEvidence> stamps;
  std::string fault;  // of the evidence itself, by policy and authorities; empty when none
};

// `policy` and `authorities` (a PEM file of timestamp roots) may be absent; then signatures of others are not judged.
LedgerEvidence read_evidence(const std::string& folder, const NoteVerifier& key, const AuditPolicy* policy,
                             const std::string& authorities);

// Puts it beside an export.
void copy_evidence(const std::string& from, const std::string& to);

}  // namespace koppelpoort
