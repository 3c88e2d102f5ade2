// Offline verification of a ledger folder: reads the bytes themselves and shares no write path with the gate.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <string>

#include "gateway/ledger/segments.hpp"

namespace koppelpoort {

struct LedgerReport {
  std::int64_t records = 0, decisions = 0, releases = 0, outcomes = 0;
  std::int64_t unsigned_records = 0;  // behind the newest checkpoint: written, but nobody was told of them
  std::string checkpoint;             // the newest one that fits, a signed note
  std::string fault;                  // empty when the ledger verifies
  std::int64_t sound = 0;             // so many records stand under a signature that fits, whatever comes behind
  bool head_known = true;             // else nobody can say whether the newest records are here
};

// What records may follow each other.
class Semantics {
 public:
  explicit Semantics(LedgerReport& report) : report_(report) {}
  // What is wrong with this record among those before it; empty when nothing is.
  std::string check(std::string_view entry);

 private:
  std::string decision(const std::string& tx, bool passes);
  std::string release(const std::string& tx);
  std::string outcome(const std::string& tx);

  LedgerReport& report_;
  std::string last_time_;
  // Ten million exchanges fit in half a gigabyte: 16 bytes of each id, and what is known of it.
  using Id = std::array<std::uint64_t, 2>;
  struct IdHash {
    std::size_t operator()(const Id& id) const { return id[0] ^ id[1]; }
  };
  static Id id_of(const std::string& tx);
  boost::unordered_flat_map<Id, std::uint8_t, IdHash> exchanges_;
};

// What somebody else holds of this log: an earlier checkpoint, and where it comes from.
struct Held {
  Checkpoint checkpoint;
  std::string from;
};

// Whether the records begin with those of earlier checkpoints.
class SinceCheck {
 public:
  explicit SinceCheck(std::vector<Held> held);
  void add(std::string_view entry);
  std::string fault() const;  // empty when they do

 private:
  std::vector<Held> held_;  // by size
  std::size_t next_ = 0;
  std::string fault_;
  Edge edge_;
};

// Checks: every byte of every frame, every checkpoint's signature and root, time never running back, exactly one
// decision for an id, no release without an earlier decision that lets something pass, no outcome without its decision.
// `progress` is called now and then with the number of records read.
// Also that the ledger begins with what was signed by each checkpoint that is held elsewhere.
LedgerReport verify_ledger(const std::string& folder, const NoteVerifier& key, const std::vector<Held>& held = {},
                           const std::function<void(std::int64_t)>& progress = {});

}  // namespace koppelpoort
