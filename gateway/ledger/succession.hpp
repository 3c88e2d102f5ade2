// How one log of a ledger follows another (docs/decisions/0012): closed by the first start in a new year or for a new
// key, it names the key of the next one; after a fork nothing could be closed, and the new log says what it leaves
// behind. An origin never has two branches.
#pragma once

#include <memory>
#include <string>

#include "gateway/ledger/logs.hpp"

namespace koppelpoort {

// What stands before the year in an origin: `<node>/audit/`. All logs of one node and key are one family.
std::string_view family_of(std::string_view origin);
int year_of_origin(std::string_view origin);  // 0 when it has none
int year_of_micros(std::int64_t micros);

// `<node>/audit/<year>`, or with `-2` and so on behind it when the ledger had one of that name: one of these, or one of
// the public keys of logs that are lost.
std::string next_origin(const std::vector<LogEnds>& logs, const std::string& node, int year,
                        const std::vector<std::string>& taken_keys = {});

// The last record of a log: the next one is of this key.
PendingRecord closing_record(const NoteVerifier& next, const std::string& node, const std::string& reason);

// The key that a closed log names: in `key_file`, or in `key_file`.next, which then takes its place. Throws LogError.
std::unique_ptr<NoteSigner> signer_after(const LogEnds& closed, const std::string& key_file);

// A record outside the committer: fills in its time, and waits for the disk. Returns its leaf.
Hash append_alone(SegmentWriter& writer, PendingRecord record, std::int64_t micros);

struct BegunLog {
  LogFolder folder;
  std::unique_ptr<NoteSigner> signer;
  std::unique_ptr<SegmentWriter> writer;
  Hash opening{};  // leaf of its first record
};

// Makes folder, public key and first record of the log after `before`, durably. May be repeated when it was cut off.
BegunLog begin_log(const std::string& ledger, const LogEnds& before, std::unique_ptr<NoteSigner> signer,
                   const std::string& node, const std::string& why, const std::string& reason, std::int64_t micros);

// Writes down which log is the newest, so that it is missed when it is gone.
void remember_newest(const std::string& ledger, const LogFolder& log, const NoteVerifier& key);
// Empty when the newest log that was begun is among these and holds something.
std::string fault_of_newest(const std::string& ledger, const std::vector<LogEnds>& logs);
// Throws LogError when it is not.
void refuse_lost_log(const std::string& ledger, const LedgerReading& reading);
// Forgets a last log that power loss cut off as it began; one that was whole before is damaged, and stays. Says whether
// there was one.
bool drop_unbegun(const std::string& ledger, LedgerReading& reading);
// Whether what stands behind the last checkpoint is no more than a group that power loss cut off.
bool is_torn_tail(const std::string& folder, const LogReading& reading, const std::string& origin);

// After a restore on purpose: what is here is all there will be, and what came behind it is lost. The gate goes on in a
// new log that says so. Throws LogError when the ledger is damaged, or a gate is using it. Returns the new public key.
std::string declare_fork(const std::string& ledger, const std::string& node, const std::string& key_file,
                         const std::string& reason, std::int64_t micros);

// Closes the log and goes on in a new one, with a new key; the old key is gone then. Not while a gate is using it.
std::string rotate_key(const std::string& ledger, const std::string& node, const std::string& key_file,
                       const std::string& reason);

}  // namespace koppelpoort
