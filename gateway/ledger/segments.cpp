#include "gateway/ledger/segments.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/lock.hpp"
#include "gateway/ledger/members.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t length_bytes = 4;
constexpr std::size_t note_mark = std::size_t{1} << 31u;  // in a length: this frame is a checkpoint
constexpr std::size_t part_mark = std::size_t{1} << 30u;  // in a length: this frame is a private part
constexpr std::size_t note_bytes_max = 4096;
constexpr int waits_max = 20;
constexpr std::chrono::milliseconds wait_time{10};
constexpr std::size_t hash_bytes = 32;
constexpr std::string_view segment_prefix = "ledger-";
constexpr std::string_view spare_name = "next.seg";
constexpr std::string_view head_name = "head";
// Two lines that are written in turn: a process that ends in the middle of one leaves the other.
constexpr std::size_t head_line_bytes = 128, head_lines = 2, head_bytes = head_line_bytes * head_lines;

std::string name_of_segment(std::int64_t first) {
  std::array<char, 40> name{};
  std::snprintf(name.data(), name.size(), "ledger-%012lld.seg", static_cast<long long>(first));
  return name.data();
}

std::vector<std::string> segments_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(folder, error)) {
    const std::string name = item.path().filename().string();
    if (name.starts_with("ledger-") && name.ends_with(".seg")) names.push_back(name);
  }
  if (error) throw LogError(folder + ": " + error.message());
  std::ranges::sort(names);
  return names;
}

[[noreturn]] void fail(const std::string& what) { throw LogError(what + ": " + std::strerror(errno)); }

void write_all(int file, std::string_view bytes, std::size_t offset, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail(what);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::size_t>(written);
  }
}

// A whole file in memory, read-only.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(path);
    struct stat info {};
    if (::fstat(file, &info) != 0) fail(path);
    size_ = static_cast<std::size_t>(info.st_size);
    if (size_ > 0) {
      data_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
      if (data_ == MAP_FAILED) fail(path);
      ::madvise(data_, size_, MADV_SEQUENTIAL);
    }
    ::close(file);
  }
  ~MappedFile() {
    if (size_ > 0) ::munmap(data_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

// `size root check`, padded with zeros.
std::string head_line(const LogHead& head) {
  std::string text = std::to_string(head.size) + " " + text_of(head.root);
  text += " " + text_of(sha256_of(text)) + "\n";
  text.resize(head_line_bytes, '\0');
  return text;
}

// Nothing when the line was not written whole.
std::optional<LogHead> parse_head_line(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 1 + hash_text_size) return std::nullopt;
  LogHead head;
  std::from_chars(line.data(), line.data() + space, head.size);
  const auto root = from_base64(line.substr(space + 1, hash_text_size));
  if (!root || root->size() != head.root.size()) return std::nullopt;
  std::ranges::copy(*root, head.root.begin());
  if (head_line(head) != line) return std::nullopt;
  return head;
}

std::size_t length_at(std::string_view bytes) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) length = length * 256 + static_cast<unsigned char>(bytes[i]);
  return length;
}

// Whose signature a checkpoint must have. The newest one is judged always: power loss may have torn it anywhere.
struct Trust {
  const NoteVerifier* verifier = nullptr;
  bool every = false;
};

// Reads one segment, group by group: records are shown only when the checkpoint behind them fits.
class SegmentReader {
 public:
  SegmentReader(const std::string& folder, std::string name, bool last, LogReading& reading, const Trust& trust,
                const EntryVisitor& visit, const PartVisitor& parts, TreeHashes* hashes)
      : folder_(folder),
        file_(folder + "/" + name),
        bytes_(file_.bytes()),
        name_(std::move(name)),
        last_(last),
        reading_(reading),
        edge_(reading.edge),
        trust_(trust),
        visit_(visit),
        parts_(parts),
        hashes_(hashes) {}

  // False when the reading must stop. `from`: behind so many bytes that were read before.
  bool read(std::size_t from = 0) {
    at_ = from;
    group_at_ = from;
    if (last_ && trust_.verifier != nullptr) newest_ = newest_note();
    reading_.file = name_;
    reading_.end = from;
    while (at_ + length_bytes <= bytes_.size()) {
      const std::size_t length = length_at(bytes_.substr(at_));
      if (length == 0) break;
      const bool note = (length & note_mark) != 0, part = !note && (length & part_mark) != 0;
      if (!part && part_is_missing()) return damaged_record("its private part is missing");
      if (!(note ? read_note(length - note_mark) : part ? read_part(length - part_mark) : read_record(length)))
        return false;
    }
    reading_.unsigned_records = static_cast<std::int64_t>(group_.size());
    if (!ends_here()) return damaged("something stands behind the last record");
    if (!last_ && !group_.empty()) return damaged("a segment ends without a checkpoint");
    return last_ || reading_.end > 0 || damaged("an empty segment lies between others");
  }

 private:
  bool damaged(const std::string& what) {
    reading_.damage = name_ + " at byte " + std::to_string(at_) + ": " + what;
    reading_.bad_index = reading_.head.size + static_cast<std::int64_t>(group_.size());
    reading_.at_tail = last_;
    return false;
  }

  bool read_record(std::size_t length) {
    if (length > record_bytes_max || at_ + length_bytes + length + hash_bytes > bytes_.size())
      return damaged("a record has an impossible length");
    const std::string_view entry = bytes_.substr(at_ + length_bytes, length);
    const char* stored = bytes_.data() + at_ + length_bytes + length;
    Hash hash = leaf_hash(entry);
    while (std::memcmp(hash.data(), stored, hash_bytes) != 0) {
      if (!written_meanwhile()) return damaged("the record's hash does not fit");
      hash = leaf_hash(entry);
    }
    edge_.append(hash);
    group_.push_back({entry, {}, hash});
    at_ += length_bytes + length + hash_bytes;
    return true;
  }

  bool read_part(std::size_t length) {
    if (group_.empty() || length > sealed_bytes_max || at_ + length_bytes + length > bytes_.size())
      return group_.empty() ? damaged("a private part without its record")
                            : damaged_record("its private part has an impossible length");
    const std::string_view sealed = bytes_.substr(at_ + length_bytes, length);
    const std::string_view digest = member_of(group_.back().text, "sealed");
    while (digest != text_of(sha256_of(sealed)))
      if (!written_meanwhile()) return damaged_record("its private part is not the one that it names");
    group_.back().sealed = sealed;
    at_ += length_bytes + length;
    return true;
  }

  bool part_is_missing() const {
    return !group_.empty() && group_.back().sealed.empty() && !member_of(group_.back().text, "sealed").empty();
  }

  bool read_note(std::size_t length) {
    if (length > note_bytes_max || at_ + length_bytes + length > bytes_.size())
      return damaged("a checkpoint has an impossible length");
    const std::string_view note = bytes_.substr(at_ + length_bytes, length);
    auto checkpoint = checkpoint_of(note);
    while (!checkpoint && written_meanwhile()) checkpoint = checkpoint_of(note);
    if (!checkpoint) return damaged_group("a checkpoint is not signed by the ledger's key");
    const std::int64_t size = reading_.head.size + static_cast<std::int64_t>(group_.size());
    if (checkpoint->size != size || (!reading_.skipped && checkpoint->root != edge_.root()))
      return damaged_group("the records do not give the root that their checkpoint signed");
    if (reading_.known && reading_.known->size == size && reading_.known->root != checkpoint->root)
      return damaged_group("this is another branch of the ledger than the one that was acknowledged");
    const std::int64_t first = reading_.head.size;
    at_ += length_bytes + length;
    reading_.head = {size, checkpoint->root};
    reading_.edge = edge_;
    reading_.checkpoint = note;
    reading_.group_at = std::exchange(group_at_, at_);
    reading_.group_first = first;
    reading_.end = at_;
    if (hashes_ != nullptr)
      for (const auto& each : group_) hashes_->append(each.hash);
    bool on = true;
    for (std::size_t i = 0; on && i < group_.size(); ++i) {
      const std::int64_t index = first + static_cast<std::int64_t>(i);
      if (parts_ && !group_[i].sealed.empty()) parts_(index, group_[i].text, group_[i].sealed);
      if (visit_) on = visit_(index, group_[i].text);
    }
    group_.clear();
    return on;
  }

  // Where the last checkpoint begins, by the lengths alone.
  std::size_t newest_note() const {
    std::size_t newest = 0;
    for (std::size_t at = at_; at + length_bytes <= bytes_.size();) {
      const std::size_t length = length_at(bytes_.substr(at));
      if (length == 0) break;
      const bool note = (length & note_mark) != 0, part = !note && (length & part_mark) != 0;
      if (note) newest = at;
      at += length_bytes + (note ? length - note_mark : part ? length - part_mark : length + hash_bytes);
    }
    return newest;
  }

  std::optional<Checkpoint> checkpoint_of(std::string_view note) const {
    const bool judged = trust_.verifier != nullptr && (trust_.every || at_ == newest_);
    return judged ? open_checkpoint(note, *trust_.verifier) : parse_checkpoint(body_of(note));
  }

  // Only zeros follow; or a gate has gone on since, and what it wrote is newer than this reading.
  bool ends_here() {
    while (!std::ranges::all_of(bytes_.substr(at_), [](char c) { return c == '\0'; })) {
      const bool gone_on = at_ + length_bytes <= bytes_.size() && length_at(bytes_.substr(at_)) != 0;
      if (last_ && gone_on && gate_is_writing(folder_)) return true;
      if (!written_meanwhile()) return false;
    }
    return true;
  }

  // At the end of a log that a gate is writing, half a group may be seen. A moment later it is whole.
  bool written_meanwhile() {
    if (!last_ || waits_ == waits_max || !gate_is_writing(folder_)) return false;
    ++waits_;
    std::this_thread::sleep_for(wait_time);
    return true;
  }

  bool damaged_record(const std::string& what) {
    damaged(what);
    --reading_.bad_index;
    return false;
  }

  // Which record of the group was changed, a checkpoint cannot tell.
  bool damaged_group(const std::string& what) {
    damaged(what);
    reading_.bad_index = reading_.head.size;
    return false;
  }

  const std::string& folder_;
  const MappedFile file_;
  std::string_view bytes_;
  std::string name_;
  bool last_;
  LogReading& reading_;
  Edge edge_;
  Trust trust_;
  const EntryVisitor& visit_;
  const PartVisitor& parts_;
  TreeHashes* hashes_;
  std::size_t at_ = 0, group_at_ = 0, newest_ = 0;
  int waits_ = 0;
  struct Entry {
    std::string_view text, sealed;
    Hash hash{};
  };
  std::vector<Entry> group_;
};

bool read_segment(const std::string& folder, const std::string& name, bool last, LogReading& reading,
                  const Trust& trust, const EntryVisitor& visit, const PartVisitor& parts,
                  TreeHashes* hashes = nullptr) {
  if (name != name_of_segment(reading.head.size)) {
    reading.damage = name + ": a segment is missing before this one";
    reading.bad_index = reading.head.size;
    reading.at_tail = false;
    return false;
  }
  return SegmentReader(folder, name, last, reading, trust, visit, parts, hashes).read();
}

}  // namespace

LogReading read_log(const std::string& folder, const EntryVisitor& visit, const NoteVerifier* verifier,
                    Signatures signatures, const PartVisitor& parts, TreeHashes* hashes) {
  LogReading reading;
  const auto names = segments_in(folder);
  reading.known = remembered_head(folder);  // before the log, which may grow meanwhile
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Trust trust{verifier, signatures == Signatures::every};
    if (!read_segment(folder, names[i], i + 1 == names.size(), reading, trust, visit, parts, hashes)) break;
  }
  // Whatever else is wrong: without this nothing that was read can be trusted, and nothing may be dropped behind it.
  if (verifier != nullptr && reading.head.size > 0 && !open_checkpoint(reading.checkpoint, *verifier)) {
    reading.damage = "the newest checkpoint is not signed by the ledger's key";
    reading.bad_index = 0;
    reading.at_tail = false;
  }
  return reading;
}

LogReading read_log_from(const std::string& folder, std::int64_t first, const EntryVisitor& visit,
                         const PartVisitor& parts) {
  const auto names = segments_in(folder);
  std::size_t begin = 0;
  while (begin + 1 < names.size() && names[begin + 1] <= name_of_segment(first)) ++begin;
  LogReading reading;
  reading.skipped = begin > 0;
  if (begin < names.size()) reading.head.size = std::strtoll(names[begin].c_str() + segment_prefix.size(), nullptr, 10);
  for (std::size_t i = begin; i < names.size(); ++i) {
    const auto wanted = [&](std::int64_t index, std::string_view entry) {
      return index < first || visit(index, entry);
    };
    const auto wanted_parts = [&](std::int64_t index, std::string_view entry, std::string_view sealed) {
      if (index >= first && parts) parts(index, entry, sealed);
    };
    if (!read_segment(folder, names[i], i + 1 == names.size(), reading, Trust{}, wanted, wanted_parts)) break;
  }
  return reading;
}

LogPlace log_place_near_end(const std::string& folder) {
  const auto names = segments_in(folder);
  LogPlace place;
  if (names.size() < 2) return place;
  place.file = names[names.size() - 2];
  place.first = place.next = std::strtoll(place.file.c_str() + segment_prefix.size(), nullptr, 10);
  return place;
}

LogReading read_log_on(const std::string& folder, LogPlace& place, const EntryVisitor& visit,
                       const PartVisitor& parts) {
  const auto names = segments_in(folder);
  LogReading reading;
  reading.skipped = true;
  reading.head.size = place.first;
  bool stopped = false;
  const auto wanted = [&](std::int64_t index, std::string_view entry) {
    if (index < place.next) return true;
    place.next = index + 1;
    stopped = !visit(index, entry);
    return !stopped;
  };
  const auto wanted_parts = [&](std::int64_t index, std::string_view entry, std::string_view sealed) {
    if (index >= place.next && parts) parts(index, entry, sealed);
  };
  const PartVisitor part_visitor = wanted_parts;
  const EntryVisitor visitor = wanted;
  for (auto name = place.file.empty() ? names.begin() : std::ranges::find(names, place.file); name != names.end();
       ++name) {
    SegmentReader reader(folder, *name, name + 1 == names.end(), reading, Trust{}, visitor, part_visitor, nullptr);
    const bool on = reader.read(*name == place.file ? place.offset : 0);
    place.file = reading.file;
    place.offset = stopped ? reading.group_at : reading.end;
    place.first = stopped ? reading.group_first : reading.head.size;
    if (!on) break;
  }
  return reading;
}

std::size_t checkpoints_behind(const std::string& folder, const LogReading& reading, const std::string& origin) {
  const MappedFile file(folder + "/" + reading.file);
  const std::string_view tail = file.bytes().substr(std::min(reading.end, file.bytes().size()));
  const std::string first_line = origin + "\n";  // records hold no bare newline
  std::size_t found = 0;
  for (std::size_t at = tail.find(first_line); at != std::string_view::npos; at = tail.find(first_line, at + 1))
    ++found;
  return found;
}

std::size_t drop_tail(const std::string& folder, const LogReading& reading) {
  const std::string path = folder + "/" + reading.file;
  std::size_t size = 0;
  {
    const MappedFile mapped(path);
    const std::string_view bytes = mapped.bytes();
    size = bytes.size();
    while (size > reading.end && bytes[size - 1] == '\0') --size;
  }
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) fail(path);
  write_all(file, std::string(size - reading.end, '\0'), reading.end, path);
  const int synced = ::fsync(file);
  ::close(file);
  if (synced != 0) fail(path);
  return size - reading.end;
}

void copy_forward(const std::string& folder, const LogReading& reading) {
  const std::string path = folder + "/" + reading.file, fresh = folder + "/" + std::string(spare_name);
  {
    const MappedFile segment(path);
    const int file = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) fail(fresh);
    write_all(file, segment.bytes(), 0, fresh);
    const int synced = ::fsync(file);
    ::close(file);
    if (synced != 0) fail(fresh);
  }
  rename_durably(fresh, path);
}

SegmentWriter::SegmentWriter(std::string folder, const LogReading& reading, const NoteSigner& signer)
    : signer_(signer),
      folder_(std::move(folder)),
      head_(reading.head),
      edge_(reading.edge),
      checkpoint_(reading.checkpoint),
      offset_(reading.end) {
  folder_handle_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_handle_ < 0) fail(folder_);
  const std::string head_path = folder_ + "/" + std::string(head_name);
  const int head_file = ::open(head_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (head_file < 0 || ::ftruncate(head_file, head_bytes) != 0) fail(head_path);
  void* mapped = ::mmap(nullptr, head_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, head_file, 0);
  ::close(head_file);
  if (mapped == MAP_FAILED) fail(head_path);
  head_text_ = static_cast<char*>(mapped);
  if (reading.file.empty()) {
    roll();
  } else {
    file_ = ::open((folder_ + "/" + reading.file).c_str(), O_RDWR | O_CLOEXEC);
    if (file_ < 0) fail(reading.file);
  }
  for (std::size_t i = 0; i < head_lines; ++i) remember();
  sync_head();
  if (::fsync(folder_handle_) != 0) fail(folder_);
}

SegmentWriter::~SegmentWriter() {
  if (prepared_.valid()) prepared_.wait();
  for (const int file : {file_, folder_handle_})
    if (file >= 0) ::close(file);
  if (head_text_ != nullptr) {
    ::msync(head_text_, head_bytes, MS_SYNC);
    ::munmap(head_text_, head_bytes);
  }
}

void SegmentWriter::begin_group(std::size_t bytes, std::size_t records) {
  const std::size_t frames = bytes + records * (2 * length_bytes + hash_bytes) + length_bytes + note_bytes_max;
  if (offset_ + frames > segment_bytes) roll();
}

void SegmentWriter::put_length(std::size_t length) {
  for (const unsigned shift : {24u, 16u, 8u, 0u}) buffer_ += static_cast<char>((length >> shift) & 255u);
}

void SegmentWriter::append(std::string_view entry, const Hash& hash, std::string_view sealed) {
  put_length(entry.size());
  buffer_ += entry;
  buffer_.append(reinterpret_cast<const char*>(hash.data()), hash.size());
  if (!sealed.empty()) {
    put_length(part_mark | sealed.size());
    buffer_ += sealed;
  }
  edge_.append(hash);
}

void SegmentWriter::sync() {
  if (buffer_.empty()) return;
  head_ = {edge_.size(), edge_.root()};
  checkpoint_ = signer_.sign(Checkpoint{signer_.verifier().name(), head_.size, head_.root}.body());
  if (checkpoint_.size() > note_bytes_max) throw LogError("the node's name is too long for a checkpoint");
  put_length(note_mark | checkpoint_.size());
  buffer_ += checkpoint_;
  write_all(file_, buffer_, offset_, "the ledger cannot be written");
  offset_ += buffer_.size();
  buffer_.clear();
  if (::fdatasync(file_) != 0) fail("the ledger cannot be made durable");
  remember();
  if (offset_ > segment_bytes / 2 && !prepared_.valid()) prepare_next();
}

// Written after each sync and not waited for: a lower bound of what was acknowledged, against rollback at start.
void SegmentWriter::remember() {
  const std::string line = head_line(head_);
  std::memcpy(head_text_ + head_slot_ * head_line_bytes, line.data(), line.size());
  head_slot_ = (head_slot_ + 1) % head_lines;
}

void SegmentWriter::sync_head() {
  if (::msync(head_text_, head_bytes, MS_SYNC) != 0) fail("the ledger's head cannot be made durable");
}

void remember_head(const std::string& folder, const LogHead& head) {
  const std::string path = folder + "/" + std::string(head_name);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) fail(path);
  write_all(file, head_line(head) + head_line(head), 0, path);
  const int synced = ::fsync(file);
  ::close(file);
  if (synced != 0) fail(path);
}

void SegmentWriter::prepare_next() {
  prepared_ = std::async(std::launch::async, [path = folder_ + "/" + std::string(spare_name)] {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) fail(path);
    const std::string zeros(std::size_t{1} << 20u, '\0');
    for (std::size_t at = 0; at < segment_bytes; at += zeros.size()) write_all(file, zeros, at, path);
    const int synced = ::fsync(file);
    ::close(file);
    if (synced != 0) fail(path);
    return path;
  });
}

void SegmentWriter::roll() {
  if (!prepared_.valid()) prepare_next();
  const std::string spare = prepared_.get();
  const std::string path = folder_ + "/" + name_of_segment(head_.size);
  if (::rename(spare.c_str(), path.c_str()) != 0 || ::fsync(folder_handle_) != 0) fail(path);
  const int next = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (next < 0) fail(path);
  if (file_ >= 0) ::close(file_);
  file_ = next;
  offset_ = 0;
  sync_head();
}

std::optional<LogHead> remembered_head(const std::string& folder) {
  const int file = ::open((folder + "/" + std::string(head_name)).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::array<char, head_bytes> text{};
  const ssize_t size = ::read(file, text.data(), text.size());
  ::close(file);
  if (size != static_cast<ssize_t>(head_bytes)) return std::nullopt;
  std::optional<LogHead> newest;
  for (std::size_t i = 0; i < head_lines; ++i)
    if (const auto head = parse_head_line({text.data() + i * head_line_bytes, head_line_bytes}))
      if (!newest || head->size > newest->size) newest = head;
  return newest;
}

}  // namespace koppelpoort
