// The ledger on disk: append-only files of frames, zero-filled beforehand so that a sync need not change the file's
// size. Frame: length (4 bytes, big-endian) · entry · leaf hash (32 bytes). After the last frame only zeros.
// Names: `ledger-<first index, 12 digits>.seg`. Never rewritten.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "gateway/ledger/record.hpp"

namespace koppelpoort {

inline constexpr std::size_t segment_bytes = std::size_t{16} << 20u;

struct LogHead {
  std::int64_t size = 0;  // number of records
  Hash last{};            // leaf hash of the last one; zeros when there is none

  bool operator==(const LogHead&) const = default;
};

// What went wrong with the log's files; the committer seals on it.
struct LogError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Called with each entry in order; false stops the reading.
using EntryVisitor = std::function<bool(std::int64_t index, std::string_view entry)>;

struct LogReading {
  LogHead head;
  std::string file;            // of the last record
  std::size_t end = 0;         // offset behind the last whole frame in that file
  std::string damage;          // empty when all is well; otherwise what and where
  bool skipped = false;        // the first record read follows one that was not read
  bool at_tail = false;        // the damage lies in the last segment
  std::int64_t bad_index = 0;  // the first record that cannot be trusted, when there is damage
};

// Reads and checks every frame, the chain included. Never writes.
LogReading read_log(const std::string& folder, const EntryVisitor& visit);

// As read_log, from record `first` on, skipping earlier segments without checking them.
LogReading read_log_from(const std::string& folder, std::int64_t first, const EntryVisitor& visit);

// Zeroes what stands behind the last whole record and syncs; returns how many bytes that were.
std::size_t drop_tail(const std::string& folder, const LogReading& reading);

class SegmentWriter {
 public:
  // Goes on behind `reading`. Throws LogError when the folder cannot be written.
  SegmentWriter(std::string folder, const LogReading& reading);
  ~SegmentWriter();
  SegmentWriter(const SegmentWriter&) = delete;
  SegmentWriter& operator=(const SegmentWriter&) = delete;

  void append(std::string_view entry, const Hash& hash);  // into the buffer
  void sync();  // writes the buffer and waits for the disk; throws LogError, after which nothing may be written
  const LogHead& head() const { return head_; }

 private:
  void roll();
  void prepare_next();
  void remember_head();

  std::string folder_;
  LogHead head_;
  int file_ = -1, folder_handle_ = -1;
  char* head_text_ = nullptr;  // the head file, mapped: survives the end of the process without a call
  std::size_t offset_ = 0;
  std::string buffer_;
  std::future<std::string> prepared_;  // path of the next zero-filled segment
};

// The newest head that this node acknowledged, kept beside the log; nothing when there is none.
std::optional<LogHead> remembered_head(const std::string& folder);

}  // namespace koppelpoort
