// A ledger is a row of logs: the last one is written, those before it are closed for good. Each has its own origin, its
// own tree and its own folder: the first the ledger's own, later ones below it, `log-<base, 12 digits>`. Positions run
// on through all of them; a record's index in its log is its position less the log's base. How one log follows another
// is said by records: docs/decisions/0012.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/ledger/segments.hpp"

namespace koppelpoort {

inline constexpr const char* ledger_vkey_name = "vkey";  // in a log's folder: origin and public key, one line

struct LogFolder {
  std::string path;
  std::int64_t base = 0;
};

// Oldest first; the ledger's own folder is always one.
std::vector<LogFolder> logs_in(const std::string& ledger);
std::string log_folder_name(std::int64_t base);

// The public key of the log in this folder; nothing when there is no log yet. Throws LogError.
std::optional<NoteVerifier> ledger_vkey(const std::string& folder);

// The first record of a log that is not the first.
struct Opening {
  std::string why;       // `year`, `key` or `fork`
  std::string previous;  // public key of the log before it
  std::int64_t base = 0;
  LogHead head;  // where that log ends, as this one knows it
};
std::optional<Opening> parse_opening(std::string_view record);

// What one log says about its neighbours.
struct LogEnds {
  LogFolder folder;
  std::optional<NoteVerifier> key;
  std::optional<Opening> opening;  // its first record, when it is one
  std::string closed_for;          // public key of the log that follows, by its last record; empty when it is open
  std::string last_kind;           // of its last record
  LogHead head;                    // how far it goes
  std::optional<LogHead> known;    // how far it is known to have gone
  std::string checkpoint;          // its newest one, a signed note
};

// Sees the records of one log go by.
class EndsReader {
 public:
  void see(std::int64_t index, std::string_view entry);
  void put_into(LogEnds& ends) const;

 private:
  std::string first_, last_;
};

// Whether a fork may leave `before` behind under this key: its own, or the one that it named when it was closed.
bool may_fork(const LogEnds& before, const NoteVerifier& key);

// Empty when `next` goes on where `before` ends, under a key that `before` signed for; else what is wrong. After a fork
// nobody can have signed for it, so it is a key that `before` knows.
std::string fault_between(const LogEnds& before, const LogEnds& next);

struct LedgerReading {
  std::vector<LogEnds> logs;  // those that were read
  LogReading last;            // of the last of them, in its own indices
  std::string damage;         // empty when all is well; otherwise what and where
  std::int64_t bad_position = 0;
};

// Reads every log as read_log does, with each log's key, and checks that they follow each other. Visitors get
// positions. `hashes`, when given, becomes one for each log.
LedgerReading read_ledger(const std::string& ledger, const EntryVisitor& visit, const PartVisitor& parts = {},
                          std::vector<TreeHashes>* hashes = nullptr);

// As read_log_from and read_log_on, in positions and through all logs.
void read_ledger_from(const std::string& ledger, std::int64_t first, const EntryVisitor& visit);

struct LedgerPlace {
  std::string log;  // its folder; empty: at the beginning
  LogPlace at;
  std::int64_t next = 0;  // position of the next record to show
};
// Where the newest segment but one begins: enough of what is newest, without reading what is old.
LedgerPlace place_near_end(const std::string& ledger);
void read_ledger_on(const std::string& ledger, LedgerPlace& place, const EntryVisitor& visit, const PartVisitor& parts);

}  // namespace koppelpoort
