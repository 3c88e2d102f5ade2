#include "gateway/ledger/ledger.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <fstream>
#include <future>
#include <utility>

#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/verify.hpp"
#include "legal_bases/date.hpp"

namespace koppelpoort {
namespace {

constexpr std::uint64_t space_least = std::uint64_t{512} << 20u;  // bytes; below, new work is refused
constexpr std::size_t busy_group = 8;                             // records: from here on the gate is busy
constexpr std::chrono::microseconds busy_pause{1000};
constexpr std::size_t placed_max = 1'000'000;       // decisions that wait for the index
constexpr std::int64_t space_interval = 1'000'000;  // microseconds

int take_lock(const std::string& folder) {
  const std::string path = folder + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    throw LogError(path + ": " + std::strerror(errno) + "; run `koppelpoort init` first, or check its owner");
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    throw LogError(folder + ": another gate is using this ledger; stop it first");
  }
  return file;
}

// What was acknowledged must be there, and be this branch. Returns how many bytes of a torn tail were dropped: a group
// that power loss cut off before anyone was told of it.
std::size_t refuse_damage(const std::string& folder, const LogReading& reading, const NoteVerifier& verifier) {
  const bool lost = reading.known && reading.known->size > reading.head.size;
  if (!reading.damage.empty() && (!reading.at_tail || lost || checkpoints_behind(folder, reading, verifier.name()) > 1))
    throw LogError(folder + ": the ledger is damaged from record " + std::to_string(reading.bad_index) + " on (" +
                   reading.damage + "); run `koppelpoort ledger verify`, keep the files, and restore from the export");
  if (lost)
    throw LogError(folder + ": the ledger holds " + std::to_string(reading.head.size) + " records, but " +
                   std::to_string(reading.known->size) +
                   " were acknowledged: an older copy was put back; restore the newest one");
  const bool torn = !reading.damage.empty() || reading.unsigned_records > 0;
  return torn ? drop_tail(folder, reading) : 0;
}

// Without it a ledger that lost its newest records looks whole.
void refuse_without_head(const std::string& folder) {
  if (remembered_head(folder) || !ledger_vkey(folder)) return;
  throw LogError(folder +
                 "/head is missing, so nobody can say whether the newest records are here. Restore it; after " +
                 "restoring a whole ledger on purpose, run `koppelpoort ledger adopt`");
}

int year_now() {
  const Date today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<int>(std::chrono::year_month_day{today}.year());
}

// The log's origin: as its public key names it; of a log that begins now, of this node and year.
std::string origin_of(const std::string& folder, const std::string& node) {
  if (const auto known = ledger_vkey(folder)) return known->name();
  return node + "/audit/" + std::to_string(year_now());
}

void refuse_other_key(const std::string& folder, const NoteVerifier& verifier, const LogReading& reading) {
  const auto known = ledger_vkey(folder);
  if (!known && reading.head.size > 0)
    throw LogError(folder + "/" + ledger_vkey_name + " is missing: it says whose ledger this is; restore it");
  if (known && known->text() != verifier.text())
    throw LogError(folder + ": the ledger was signed by another key (" + known->text() +
                   "); put that key back, or begin a new ledger folder");
}

// Written once, and durable before the first record.
void keep_vkey(const std::string& folder, const NoteVerifier& verifier) {
  if (!ledger_vkey(folder)) write_durably(folder + "/" + ledger_vkey_name, verifier.text() + "\n");
}

}  // namespace

std::optional<NoteVerifier> ledger_vkey(const std::string& folder) {
  std::ifstream in(folder + "/" + ledger_vkey_name);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  auto verifier = NoteVerifier::parse(line);
  if (!verifier) throw LogError(folder + "/" + ledger_vkey_name + ": holds no public key of a log; restore it");
  return verifier;
}

std::int64_t Ledger::system_micros() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

Ledger::Ledger(std::string folder, std::string node, const std::string& key_file, const EntryVisitor& visit,
               Clock clock, const PartVisitor& parts)
    : folder_(std::move(folder)),
      node_(std::move(node)),
      signer_(origin_of(folder_, node_), key_file),
      clock_(std::move(clock)),
      lock_(take_lock(folder_)) {
  std::size_t torn = 0;
  try {
    refuse_without_head(folder_);
    const EntryVisitor look = [&](std::int64_t index, std::string_view entry) {
      last_micros_ = std::max(last_micros_, micros_of(member_of(entry, "ts")));  // time goes on from here
      return !visit || visit(index, entry);
    };
    const LogReading reading = read_log(folder_, look, &signer_.verifier(), Signatures::newest, parts, &hashes_);
    refuse_other_key(folder_, signer_.verifier(), reading);
    torn = refuse_damage(folder_, reading, signer_.verifier());
    ahead_micros_ = last_micros_ - clock_();
    writer_ = std::make_unique<SegmentWriter>(folder_, reading, signer_);
    keep_vkey(folder_, signer_.verifier());
    checkpoint_ = reading.checkpoint;
  } catch (...) {
    ::close(lock_);
    throw;
  }
  size_ = writer_->head().size;
  committer_ = std::thread([this] { run(); });
  RecordWriter start("start");
  start.add("node", node_).add("torn", static_cast<std::int64_t>(torn)).add("v", std::int64_t{1});
  if (write(start.finish()).durable != Durable::yes) {
    {
      const std::lock_guard guard(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    committer_.join();
    ::close(lock_);
    throw LogError(folder_ + ": the first record could not be made durable; check the disk");
  }
}

Ledger::~Ledger() {
  if (!sealed()) {
    RecordWriter stop("stop");
    stop.add("node", node_);
    append(stop.finish(), {});
  }
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  committer_.join();
  ::close(lock_);
}

void Ledger::append(PendingRecord record, Done done) {
  const auto refusal = [&] {
    if (sealed()) return Durable::sealed;
    const bool room = queue_.size() < ledger_queue_max && !(full_.load() && done);
    return room && record.text.size() <= record_bytes_max && record.sealed.size() <= sealed_bytes_max ? Durable::yes
                                                                                                      : Durable::shed;
  };
  std::unique_lock lock(mutex_);
  if (const Durable refused = refusal(); refused != Durable::yes) {
    lock.unlock();
    ++counts_.shed;
    if (done) done({refused, -1, {}});
    return;
  }
  queue_.push_back({std::move(record), std::move(done), {}});
  const bool wake = std::exchange(asleep_, false);
  lock.unlock();
  if (wake) wake_.notify_one();
}

Receipt Ledger::write(PendingRecord record) {
  std::promise<Receipt> done;
  append(std::move(record), [&](const Receipt& receipt) { done.set_value(receipt); });
  return done.get_future().get();
}

void Ledger::run() {
  std::vector<Waiting> group;
  std::size_t last_group = 0;
  for (;;) {
    bool full_group = false;
    {
      std::unique_lock lock(mutex_);
      while (!stopping_ && queue_.empty()) {
        asleep_ = true;
        wake_.wait(lock);
      }
      asleep_ = false;
      if (queue_.empty()) return;
      full_group = queue_.size() >= ledger_group_max;
    }
    // Under load a small group right behind a large one would cost a whole sync: give it a moment to grow. Nobody who
    // asks alone ever waits here.
    if (last_group >= busy_group && !full_group) std::this_thread::sleep_for(busy_pause);
    {
      const std::lock_guard guard(mutex_);
      committing_ = true;
      if (queue_.size() <= ledger_group_max) {
        group.swap(queue_);
      } else {
        const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(ledger_group_max);
        group.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
      }
    }
    last_group = group.size();
    commit(group);
    group.clear();
    {
      const std::lock_guard guard(mutex_);
      committing_ = false;
    }
    settled_.notify_all();
  }
}

void Ledger::settle() {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&] { return queue_.empty() && !committing_; });
}

std::vector<Ledger::Placed> Ledger::take_placed() {
  const std::lock_guard guard(mutex_);
  return std::exchange(placed_, {});
}

void Ledger::commit(std::vector<Waiting>& group) {
  Durable result = Durable::sealed;
  if (!sealed()) {
    try {
      if (broken_.load()) throw LogError("broken on purpose");
      std::size_t bytes = 0;
      for (const auto& each : group) bytes += each.record.text.size() + each.record.sealed.size();
      writer_->begin_group(bytes, group.size());
      for (auto& each : group) place(each);
      writer_->sync();
      result = Durable::yes;
    } catch (const std::exception&) {
      // A failed sync is never retried: the kernel may have dropped the pages, so a second sync would lie.
      sealed_.store(true, std::memory_order_release);
    }
  }
  if (result == Durable::yes) {
    size_.store(writer_->head().size, std::memory_order_relaxed);
    counts_.records += group.size();
    ++counts_.groups;
    const auto bucket = std::bit_width(group.size() - 1);
    ++counts_.group_sizes[std::min(bucket, counts_.group_sizes.size() - 1)];
    watch_space();
    {
      const std::lock_guard guard(hashes_mutex_);
      for (const auto& each : group) hashes_.append(each.receipt.leaf);
    }
    const std::lock_guard guard(mutex_);
    checkpoint_ = writer_->checkpoint();
    for (auto& each : group)
      if (!each.record.decision.empty() && placed_.size() < placed_max)
        placed_.push_back({std::move(each.record.decision), each.receipt.index});
  }
  for (auto& each : group) {
    each.receipt.durable = result;
    if (each.done) each.done(each.receipt);
  }
}

TreeHashes Ledger::durable_hashes() const {
  const std::lock_guard guard(hashes_mutex_);
  return hashes_;
}

TreeHashes::Leaves Ledger::leaves() const {
  return [this](std::int64_t tile) {
    const std::int64_t first = tile * TreeHashes::width;
    std::vector<Hash> hashes;
    read_log_from(folder_, first, [&](std::int64_t, std::string_view entry) {
      hashes.push_back(leaf_hash(entry));
      return static_cast<std::int64_t>(hashes.size()) < TreeHashes::width;
    });
    return hashes;
  };
}

Proof Ledger::inclusion(std::int64_t size, std::int64_t index) const {
  return durable_hashes().inclusion(size, index, leaves());
}

Proof Ledger::consistency(std::int64_t size, std::int64_t before) const {
  return durable_hashes().consistency(size, before, leaves());
}

Hash Ledger::root(std::int64_t size) const { return durable_hashes().root(size, leaves()); }

std::string Ledger::checkpoint() const {
  const std::lock_guard guard(mutex_);
  return checkpoint_;
}

void Ledger::place(Waiting& each) {
  last_micros_ = std::max(last_micros_, clock_());  // a clock that steps back never makes time run back
  std::string& text = each.record.text;
  text.replace(each.record.time_at, time_text_size, time_text(last_micros_));
  each.receipt.index = writer_->size();
  each.receipt.leaf = leaf_hash(text);
  writer_->append(text, each.receipt.leaf, each.record.sealed);
}

void Ledger::watch_space() {
  if (last_micros_ - space_seen_ < space_interval) return;
  space_seen_ = last_micros_;
  struct statvfs info {};
  if (::statvfs(folder_.c_str(), &info) != 0) return;
  full_ = std::uint64_t{info.f_bavail} * info.f_frsize < space_least;
}

}  // namespace koppelpoort
