// The ledger on disk: append-only files of frames, zero-filled beforehand so that a sync need not change the file's
// size. A record's frame: length (4 bytes, big-endian) · entry · leaf hash (32 bytes). Behind each group that was made
// durable together stands a checkpoint: length with its highest bit set · signed note. Behind a record that has one
// stands its private part: length with its next bit set · sealed bytes, whose SHA-256 the record names. After the last
// frame only zeros. Names: `ledger-<first index, 12 digits>.seg`. Never rewritten.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "gateway/ledger/note.hpp"
#include "gateway/ledger/tree.hpp"
#include "gateway/ledger/tree_hashes.hpp"

namespace koppelpoort {

inline constexpr std::size_t segment_bytes = std::size_t{16} << 20u;

struct LogHead {
  std::int64_t size = 0;  // number of records that a signed checkpoint covers
  Hash root{};            // of the tree of them

  bool operator==(const LogHead&) const = default;
};

// What went wrong with the log's files; the committer seals on it.
struct LogError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Called with each entry in order, once the checkpoint behind it fits; false stops the reading.
using EntryVisitor = std::function<bool(std::int64_t index, std::string_view entry)>;

// Called with each record that has a private part, before the visitor of entries sees it.
using PartVisitor = std::function<void(std::int64_t index, std::string_view entry, std::string_view sealed)>;

struct LogReading {
  std::optional<LogHead> known;       // remembered when the reading began
  LogHead head;                       // of the last checkpoint
  Edge edge;                          // of the records under it
  std::string checkpoint;             // that checkpoint, a signed note
  std::string file;                   // the last segment
  std::size_t end = 0;                // offset behind its last checkpoint; 0 when it has none
  std::int64_t unsigned_records = 0;  // whole records behind it: of a group that nobody was told of
  std::string damage;                 // empty when all is well; otherwise what and where
  std::size_t group_at = 0;           // offset of the last group that was shown, and its first record
  std::int64_t group_first = 0;
  bool skipped = false;        // earlier segments were not read, so roots are not checked
  bool at_tail = false;        // the damage lies in the last segment
  std::int64_t bad_index = 0;  // the first record that cannot be trusted, when there is damage
};

// Whose signatures count: every checkpoint's, or the newest one's alone, whose root covers all before it.
enum class Signatures { every, newest };

// Reads every frame and checks it: each record's hash, each checkpoint's size and root, and with a verifier their
// signatures. At the remembered head's size the root must be the remembered one: another branch is damage. A gate may
// write meanwhile: what it is writing is waited for. `hashes` gets the leaves under the last checkpoint. Never writes.
// Throws LogError when the folder cannot be read.
LogReading read_log(const std::string& folder, const EntryVisitor& visit, const NoteVerifier* verifier = nullptr,
                    Signatures signatures = Signatures::every, const PartVisitor& parts = {},
                    TreeHashes* hashes = nullptr);

// As read_log, from record `first` on, skipping earlier segments without checking them.
LogReading read_log_from(const std::string& folder, std::int64_t first, const EntryVisitor& visit,
                         const PartVisitor& parts = {});

// Where a reader that follows the log stands.
struct LogPlace {
  std::string file;        // empty: at the beginning
  std::size_t offset = 0;  // of the group that holds the next record, or behind the last group
  std::int64_t first = 0;  // index of the first record there
  std::int64_t next = 0;   // the next record to show
};

// Where the newest segment but one begins.
LogPlace log_place_near_end(const std::string& folder);

// Goes on from there; a visitor that says false is shown the record after it next time. Without checking roots: for
// whoever tells others what a gate wrote, not for whoever verifies it.
LogReading read_log_on(const std::string& folder, LogPlace& place, const EntryVisitor& visit,
                       const PartVisitor& parts = {});

// How many checkpoints of this origin stand behind the last one that was read, wherever frames broke off and whether
// signed or not. A group that power loss cut off leaves at most its own.
std::size_t checkpoints_behind(const std::string& folder, const LogReading& reading, const std::string& origin);

// Zeroes what stands behind the last checkpoint and syncs; returns how many bytes that were.
std::size_t drop_tail(const std::string& folder, const LogReading& reading);

// Writes the last segment anew, syncs it and puts it in its place. After a sync that failed the kernel may hold pages
// that the disk does not: what was read may be nowhere else.
void copy_forward(const std::string& folder, const LogReading& reading);

class SegmentWriter {
 public:
  // Goes on behind `reading`. Throws LogError when the folder cannot be written.
  SegmentWriter(std::string folder, const LogReading& reading, const NoteSigner& signer);
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  // A group of records of this many bytes, private parts included, begins: it and its checkpoint stand in one segment.
  void begin_group(std::size_t bytes, std::size_t records);
  void append(std::string_view entry, const Hash& hash, std::string_view sealed = {});  // into the buffer
  // Signs a checkpoint over all records, writes the buffer and waits for the disk; throws LogError, after which nothing
  // may be written.
  void sync();
  std::int64_t size() const { return edge_.size(); }  // with what waits in the buffer
  const LogHead& head() const { return head_; }
  const std::string& checkpoint() const { return checkpoint_; }

 private:
  void put_length(std::size_t length);
  void roll();
  void prepare_next();
  void remember();
  void sync_head();

  const NoteSigner& signer_;
  std::string folder_;
  LogHead head_;
  Edge edge_;
  std::string checkpoint_;
  int file_ = -1, folder_handle_ = -1;
  char* head_text_ = nullptr;  // the head file, mapped: survives the end of the process without a call
  std::size_t head_slot_ = 0;
  std::size_t offset_ = 0;
  std::string buffer_;
  std::future<std::string> prepared_;  // path of the next zero-filled segment
};

// The newest head that this node acknowledged, kept beside the log; nothing when there is none.
std::optional<LogHead> remembered_head(const std::string& folder);
// Puts it there, durably: for a ledger that was restored on purpose, after it was verified.
void remember_head(const std::string& folder, const LogHead& head);

}  // namespace koppelpoort
