// How a ledger is made verifiable by others: witnesses, timestamps, heartbeats.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gateway/ledger/note.hpp"

namespace koppelpoort {

struct WitnessSettings {
  std::string url, oin;  // `add-checkpoint` stands below it; the OIN that must answer
  std::string vkey;      // its public key
};

struct AuditSettings {
  std::vector<WitnessSettings> witnesses;  // of this ledger
  int quorum = 0;                          // so many of them must have signed; 0: all
  std::vector<std::string> witnessed;      // public keys of the logs that this gate is a witness of
  std::chrono::seconds heartbeat{60};      // 0: none. So that idle time does not show, and dead differs from quiet
  std::string timestamp_url;               // of an RFC 3161 authority, `http://`; empty: none
  std::string timestamp_authorities;       // PEM: the roots that its stamps must lead to
  std::chrono::minutes timestamp_every{60};

  std::size_t needed() const { return quorum > 0 ? static_cast<std::size_t>(quorum) : witnesses.size(); }
};

}  // namespace koppelpoort
