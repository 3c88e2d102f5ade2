// The committer: the one writer of the ledger. Takes whatever waits, writes it, syncs once, then tells the waiters.
// No timer: what comes in during one sync is the next group. On any error it seals itself and never retries a sync.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/ledger/lock.hpp"
#include "gateway/ledger/logs.hpp"

namespace koppelpoort {

inline constexpr std::size_t ledger_queue_max = 4096;
inline constexpr std::size_t ledger_group_max = 256;

inline constexpr std::chrono::seconds ledger_sync_patience{3};  // a sync that takes longer: new work is refused

enum class Durable {
  yes,
  shed,   // the queue was full, the disk nearly so, or a sync hangs: nothing was stored, try again later
  sealed  // storage failed: unknown whether it was stored; nothing passes until a restart
};

// What the caller of an exchange can hold the log to: under the log's next checkpoints this record is a leaf.
struct Receipt {
  Durable durable = Durable::sealed;
  std::int64_t index = -1;  // in the log that is written
  Hash leaf{};
};

struct LedgerCounts {
  std::atomic<std::uint64_t> records{0}, groups{0}, shed{0};
  std::array<std::atomic<std::uint64_t>, 10> group_sizes{};  // up to 1, 2, 4, … 256, more
};

// A log of this ledger that is not written any more.
struct ClosedLog {
  LogEnds ends;
  TreeHashes hashes;
};

class Ledger {
 public:
  using Done = std::function<void(const Receipt&)>;
  using Clock = std::function<std::int64_t()>;  // microseconds since 1970
  static std::int64_t system_micros();

  // Opens, checks every log with its key and takes the lock. Throws LogError when one is damaged, rolled back, signed
  // by another key, or in use; the text says what to do. `visit` sees every record there is, by its position. A log
  // gets its origin, `<node>/audit/<year>`, when it begins, and its public key is written beside it (`vkey`); in a new
  // year the log is closed and the next one begins.
  Ledger(std::string folder, std::string node, const std::string& key_file, const EntryVisitor& visit,
         Clock clock = system_micros, const PartVisitor& parts = {});
  ~Ledger();  // writes `stop`, unless sealed
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // `done` is called from the committer's thread once the record survives power loss, or cannot.
  // With an empty `done` nobody waits: the record goes with the next group.
  void append(PendingRecord record, Done done);

  // Appends and waits. Not for a thread that serves exchanges.
  Receipt write(PendingRecord record);

  // The last record of this log: the next start goes on in another one, with the key in this file. Seals.
  void close(const std::string& next_key_file, const std::string& reason);

  // The decisions placed since the last call, for the index.
  struct Placed {
    std::string decision;
    std::int64_t position = 0;
  };
  std::vector<Placed> take_placed();

  // Waits until everything that was appended before has been answered.
  void settle();

  const std::string& origin() const { return signer_->verifier().name(); }
  const NoteVerifier& verifier() const { return signer_->verifier(); }
  const std::string& log_folder() const { return folder_of_log_.path; }
  const std::vector<ClosedLog>& closed() const { return closed_; }  // oldest first
  std::string checkpoint() const;                                   // the newest one, a signed note
  // Within the first `size` records of the log that is written. They take milliseconds and read the disk.
  Proof inclusion(std::int64_t size, std::int64_t index) const;
  Proof consistency(std::int64_t size, std::int64_t before) const;
  Hash root(std::int64_t size) const;
  Proof inclusion_in(const ClosedLog& log, std::int64_t index) const;
  // Whether the closed log begins with what this checkpoint is about.
  bool holds(const ClosedLog& log, const Checkpoint& checkpoint) const;
  // Whether the log after closed()[place] is a fork that says it left this one behind.
  bool left_by_fork(std::size_t place) const;
  // From here on nothing is recorded, so nothing passes: something outside shows that this is not the whole ledger.
  void seal() { sealed_.store(true, std::memory_order_release); }
  // How far the last record's time lay ahead of the clock at start: above zero, the clock has stepped back since.
  std::int64_t ahead_micros() const { return ahead_micros_; }
  // A sync hangs. Who waits for it goes on waiting: whether their record is durable nobody knows.
  bool stuck() const;
  bool sealed() const { return sealed_.load(std::memory_order_acquire); }
  const LedgerCounts& counts() const { return counts_; }
  // How many records the log that is written has, and where the next record of the ledger stands.
  std::int64_t log_size() const { return size_.load(std::memory_order_relaxed); }
  std::int64_t end() const { return folder_of_log_.base + log_size(); }

  // For tests: fails the next sync as a broken disk would.
  void break_storage() { broken_.store(true); }

 private:
  struct Waiting {
    PendingRecord record;
    Done done;
    Receipt receipt;
  };

  void open(const std::string& key_file, const EntryVisitor& visit, const PartVisitor& parts);
  void go_on_after(LogEnds before, std::unique_ptr<NoteSigner> signer);
  void start(std::size_t torn);
  void run();
  void commit(std::vector<Waiting>& group);
  void place(Waiting& each);
  TreeHashes durable_hashes() const;
  void watch_space();

  std::string folder_, node_;
  Clock clock_;
  LedgerLock lock_;
  std::unique_ptr<LedgerLock> log_lock_;  // of the log's own folder, when that is another
  LogFolder folder_of_log_;
  std::unique_ptr<NoteSigner> signer_;
  std::string opened_why_;  // of the log that is written: `year`, `key`, `fork`; empty: it is the first
  std::vector<ClosedLog> closed_;
  LedgerCounts counts_;
  std::atomic<bool> sealed_{false}, broken_{false}, full_{false};
  std::atomic<std::int64_t> size_{0};
  std::atomic<std::chrono::steady_clock::rep> sync_began_{0};  // 0: none is under way

  mutable std::mutex hashes_mutex_;
  TreeHashes hashes_;  // of what is durable

  // Owned by the mutex.
  mutable std::mutex mutex_;
  std::condition_variable wake_, settled_;
  std::vector<Waiting> queue_;
  std::vector<Placed> placed_;
  std::string checkpoint_;
  bool stopping_ = false, asleep_ = false, committing_ = false;

  // Owned by the committer's thread.
  std::unique_ptr<SegmentWriter> writer_;
  std::int64_t last_micros_ = 0, ahead_micros_ = 0;
  std::int64_t space_seen_ = 0;
  std::thread committer_;
};

}  // namespace koppelpoort
