// Offline verification of a ledger folder: reads the bytes themselves and shares no write path with the gate.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <string>

#include "gateway/ledger/logs.hpp"

namespace koppelpoort {

struct LedgerReport {
  std::int64_t records = 0, decisions = 0, releases = 0, outcomes = 0;
  std::int64_t unsigned_records = 0;  // behind the newest checkpoint: written, but nobody was told of them
  std::string checkpoint;             // the newest one that fits, a signed note
  std::string fault;                  // empty when the ledger verifies
  std::int64_t sound = 0;             // so many records stand under a signature that fits, whatever comes behind
  std::vector<std::string> origins;   // of the logs, oldest first
  std::vector<std::string> forks;     // origins of those that left records behind
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

// One log of a row, read and checked by itself: every record shown with its index there. Fills in everything of `ends`
// but its folder and key; `fault` says what is wrong.
struct LogCheck {
  LogEnds ends;
  std::string fault;
  std::int64_t unsigned_records = 0;
};
using LogChecker = std::function<LogCheck(const LogFolder& log, const NoteVerifier& key, const EntryVisitor& visit)>;

// Checks a row of logs: each by `check`, that they follow each other, what records may follow each other, that one of
// them is of the trusted key, and each checkpoint that is held elsewhere against its log.
LedgerReport verify_row(const std::string& folder, const NoteVerifier& trusted, const std::vector<Held>& held,
                        const std::function<void(std::int64_t)>& progress, const LogChecker& check);

// Checks: every byte of every frame, every checkpoint's signature and root, time never running back, exactly one
// decision for an id, no release without an earlier decision that lets something pass, no outcome without its decision.
// `progress` is called now and then with the number of records read.
// Also that each log begins with what was signed by each of its checkpoints that is held elsewhere. `key` is that of
// one of the logs: the others are vouched for by the records that close and open them.
LedgerReport verify_ledger(const std::string& folder, const NoteVerifier& key, const std::vector<Held>& held = {},
                           const std::function<void(std::int64_t)>& progress = {});

}  // namespace koppelpoort
