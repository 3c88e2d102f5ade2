#include "gateway/ledger/ledger.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <fstream>
#include <future>
#include <utility>

#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/succession.hpp"

namespace koppelpoort {
namespace {

constexpr std::uint64_t space_least = std::uint64_t{512} << 20u;  // bytes; below, new work is refused
constexpr std::size_t busy_group = 8;                             // records: from here on the gate is busy
constexpr std::chrono::microseconds busy_pause{1000};
constexpr std::size_t placed_max = 1'000'000;       // decisions that wait for the index
constexpr std::int64_t space_interval = 1'000'000;  // microseconds

// What was acknowledged must be there, and be this branch. Returns how many bytes of a torn tail were dropped: a group
// that power loss cut off before anyone was told of it.
std::size_t refuse_damage(const std::string& folder, const LogReading& reading, const NoteVerifier& verifier) {
  const bool lost = reading.known && reading.known->size > reading.head.size;
  if (!reading.damage.empty() && (lost || !is_torn_tail(folder, reading, verifier.name())))
    throw LogError(folder + ": the ledger is damaged from record " + std::to_string(reading.bad_index) + " on (" +
                   reading.damage + "); run `koppelpoort ledger verify`, keep the files, and restore from the export");
  if (lost)
    throw LogError(
        folder + ": the ledger holds " + std::to_string(reading.head.size) + " records, but " +
        std::to_string(reading.known->size) +
        " were acknowledged: an older copy was put back; restore the newest one. Only when it is lost for good, " +
        "`koppelpoort ledger declare-fork` goes on without it");
  const bool torn = !reading.damage.empty() || reading.unsigned_records > 0;
  return torn ? drop_tail(folder, reading) : 0;
}

// Without it a ledger that lost its newest records looks whole.
void refuse_without_head(const std::string& folder) {
  if (remembered_head(folder) || !ledger_vkey(folder)) return;
  throw LogError(folder +
                 "/head is missing, so nobody can say whether the newest records are here. Restore it; after " +
                 "restoring a whole ledger on purpose, run `koppelpoort ledger declare-fork`");
}

void refuse_other_key(const std::string& folder, const NoteVerifier& verifier, const LogReading& reading) {
  const auto known = ledger_vkey(folder);
  if (!known && reading.head.size > 0)
    throw LogError(folder + "/" + ledger_vkey_name + " is missing: it says whose ledger this is; restore it");
  if (known && known->text() != verifier.text())
    throw LogError(folder + ": the ledger was signed by another key (" + known->text() +
                   "); put that key back, or begin a new ledger folder");
}

// What is wrong with the row of logs, or with one that is closed; of the last one refuse_damage speaks.
void refuse_broken_row(const std::string& ledger, const LedgerReading& reading) {
  const bool last = reading.logs.back().folder.path == logs_in(ledger).back().path;
  if (reading.damage.empty() || (last && !reading.last.damage.empty())) return;
  throw LogError(ledger + ": the ledger is damaged from record " + std::to_string(reading.bad_position) + " on (" +
                 reading.damage + "); run `koppelpoort ledger verify`, keep the files, and restore from the export");
}

TreeHashes::Leaves leaves_in(const std::string& log_folder) {
  return [log_folder](std::int64_t tile) {
    const std::int64_t first = tile * TreeHashes::width;
    std::vector<Hash> hashes;
    read_log_from(log_folder, first, [&](std::int64_t, std::string_view entry) {
      hashes.push_back(leaf_hash(entry));
      return static_cast<std::int64_t>(hashes.size()) < TreeHashes::width;
    });
    return hashes;
  };
}

// Written once, and durable before the first record.
void keep_vkey(const std::string& folder, const NoteVerifier& verifier) {
  if (!ledger_vkey(folder)) write_durably(folder + "/" + ledger_vkey_name, verifier.text() + "\n");
}

}  // namespace

std::int64_t Ledger::system_micros() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

Ledger::Ledger(std::string folder, std::string node, const std::string& key_file, const EntryVisitor& visit,
               Clock clock, const PartVisitor& parts)
    : folder_(std::move(folder)), node_(std::move(node)), clock_(std::move(clock)), lock_(folder_) {
  open(key_file, visit, parts);
}

void Ledger::open(const std::string& key_file, const EntryVisitor& visit, const PartVisitor& parts) {
  const EntryVisitor look = [&](std::int64_t position, std::string_view entry) {
    last_micros_ = std::max(last_micros_, micros_of(member_of(entry, "ts")));  // time goes on from here
    return !visit || visit(position, entry);
  };
  std::vector<TreeHashes> hashes;
  LedgerReading reading = read_ledger(folder_, look, parts, &hashes);
  refuse_lost_log(folder_, reading);
  const bool unbegun = drop_unbegun(folder_, reading);
  hashes.resize(reading.logs.size());
  LogEnds newest = reading.logs.back();
  if (!unbegun) refuse_without_head(newest.folder.path);
  refuse_broken_row(folder_, reading);
  std::size_t torn = 0;
  const std::int64_t now = clock_();
  ahead_micros_ = last_micros_ - now;
  for (std::size_t i = 0; i + 1 < reading.logs.size(); ++i)
    closed_.push_back({std::move(reading.logs[i]), std::move(hashes[i])});
  if (newest.closed_for.empty()) {
    if (unbegun)
      throw LogError(folder_ + ": a fork was begun and not declared; run `koppelpoort ledger declare-fork` again");
    const std::string origin = newest.key ? newest.key->name() : next_origin({}, node_, year_of_micros(now));
    signer_ = std::make_unique<NoteSigner>(origin, key_file);
    refuse_other_key(newest.folder.path, signer_->verifier(), reading.last);
    torn = refuse_damage(newest.folder.path, reading.last, signer_->verifier());
    if (newest.head.size > 0 && newest.last_kind != "stop") copy_forward(newest.folder.path, reading.last);
    writer_ = std::make_unique<SegmentWriter>(newest.folder.path, reading.last, *signer_);
    keep_vkey(newest.folder.path, signer_->verifier());
    folder_of_log_ = newest.folder;
    checkpoint_ = reading.last.checkpoint;
    opened_why_ = newest.opening ? newest.opening->why : std::string();
    hashes_ = std::move(hashes.back());
    const int year = year_of_micros(std::max(now, last_micros_));
    if (const int begun = year_of_origin(origin); newest.head.size > 0 && begun > 0 && begun < year) {
      std::vector<LogEnds> logs{newest};
      for (const auto& each : closed_) logs.push_back(each.ends);
      const NoteVerifier next = signer_->verifier().under(next_origin(logs, node_, year));
      last_micros_ = std::max(last_micros_, now);
      hashes_.append(append_alone(*writer_, closing_record(next, node_, "a new year"), last_micros_));
      newest.closed_for = next.text();
      newest.head = writer_->head();
      newest.checkpoint = writer_->checkpoint();
      writer_.reset();
    }
  } else {
    if (!reading.damage.empty() || (newest.known && newest.known->size > newest.head.size))
      throw LogError(newest.folder.path + ": this log is closed, and what stands in it is not what was acknowledged (" +
                     (reading.damage.empty() ? "records are missing" : reading.damage) +
                     "); keep the files, and restore the newest ledger");
    // Closed, and the next log not begun: whether the disk holds what the kernel shows, nobody knows.
    copy_forward(newest.folder.path, read_log(newest.folder.path, {}));
    hashes_ = std::move(hashes.back());
  }
  if (!newest.closed_for.empty()) {
    auto signer = signer_after(newest, key_file);
    go_on_after(std::move(newest), std::move(signer));
  }
  if (folder_of_log_.path != folder_) remember_newest(folder_, folder_of_log_, signer_->verifier());
  if (folder_of_log_.path != folder_) log_lock_ = std::make_unique<LedgerLock>(folder_of_log_.path);
  size_ = writer_->head().size;
  start(torn);
}

void Ledger::go_on_after(LogEnds before, std::unique_ptr<NoteSigner> signer) {
  const bool same_key = before.key->under(signer->verifier().name()).text() == signer->verifier().text();
  last_micros_ = std::max(last_micros_, clock_());
  opened_why_ = same_key ? "year" : "key";
  BegunLog begun = begin_log(folder_, before, std::move(signer), node_, opened_why_, {}, last_micros_);
  closed_.push_back({std::move(before), std::exchange(hashes_, {})});
  hashes_.append(begun.opening);
  signer_ = std::move(begun.signer);
  writer_ = std::move(begun.writer);
  folder_of_log_ = begun.folder;
  checkpoint_ = writer_->checkpoint();
}

void Ledger::start(std::size_t torn) {
  committer_ = std::thread([this] { run(); });
  RecordWriter start("start");
  start.add("node", node_).add("torn", static_cast<std::int64_t>(torn)).add("v", std::int64_t{1});
  if (write(start.finish()).durable == Durable::yes) return;
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  committer_.join();
  throw LogError(folder_ + ": the first record could not be made durable; check the disk");
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
}

void Ledger::close(const std::string& next_key_file, const std::string& reason) {
  std::vector<LogEnds> logs;
  for (const auto& each : closed_) logs.push_back(each.ends);
  logs.push_back({folder_of_log_, verifier(), {}, {}, {}, {}, {}, {}});
  const NoteSigner next(next_origin(logs, node_, year_of_micros(clock_())), next_key_file);
  if (write(closing_record(next.verifier(), node_, reason)).durable != Durable::yes)
    throw LogError(folder_ + ": the log could not be closed; check the disk");
  seal();
}

void Ledger::append(PendingRecord record, Done done) {
  const auto refusal = [&] {
    if (sealed()) return Durable::sealed;
    const bool room = queue_.size() < ledger_queue_max && !((full_.load() || stuck()) && done);
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

bool Ledger::stuck() const {
  const auto began = sync_began_.load(std::memory_order_relaxed);
  if (began == 0) return false;
  return std::chrono::steady_clock::now().time_since_epoch() - std::chrono::steady_clock::duration{began} >
         ledger_sync_patience;
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
      sync_began_.store(std::chrono::steady_clock::now().time_since_epoch().count(), std::memory_order_relaxed);
      writer_->sync();
      sync_began_.store(0, std::memory_order_relaxed);
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
        placed_.push_back({std::move(each.record.decision), folder_of_log_.base + each.receipt.index});
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

Proof Ledger::inclusion(std::int64_t size, std::int64_t index) const {
  return durable_hashes().inclusion(size, index, leaves_in(log_folder()));
}

Proof Ledger::consistency(std::int64_t size, std::int64_t before) const {
  return durable_hashes().consistency(size, before, leaves_in(log_folder()));
}

Hash Ledger::root(std::int64_t size) const { return durable_hashes().root(size, leaves_in(log_folder())); }

Proof Ledger::inclusion_in(const ClosedLog& log, std::int64_t index) const {
  return log.hashes.inclusion(log.ends.head.size, index, leaves_in(log.ends.folder.path));
}

bool Ledger::holds(const ClosedLog& log, const Checkpoint& checkpoint) const {
  return checkpoint.size <= log.ends.head.size &&
         log.hashes.root(checkpoint.size, leaves_in(log.ends.folder.path)) == checkpoint.root;
}

bool Ledger::left_by_fork(std::size_t place) const {
  if (place + 1 == closed_.size()) return opened_why_ == "fork";
  const auto& opening = closed_[place + 1].ends.opening;
  return opening && opening->why == "fork";
}

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
