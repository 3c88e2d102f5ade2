#include "tests/fault/disk.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>

namespace koppelpoort::fault {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sector = 512;

struct Book {
  std::mutex mutex;
  std::string folder;  // empty: nobody looks
  std::vector<Operation> operations;
  std::vector<Event> events;
  std::size_t calls = 0;
  std::optional<std::size_t> failing;
  int error = EIO;
  std::string failed;
  std::function<void()> before_sync;
};

Book& book() {
  static Book shared;
  return shared;
}

std::string path_of(int file) {
  std::error_code gone;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(file), gone).string();
}

bool seen(const std::string& path) { return !book().folder.empty() && path.starts_with(book().folder); }
bool is_segment(const std::string& path) {
  return path.ends_with(".seg") && path.find("next.seg") == std::string::npos;
}

// Whether this call shall fail; counts it.
bool fails(const std::string& call, const std::string& path) {
  Book& shared = book();
  const bool now = shared.failing && shared.calls == *shared.failing;
  ++shared.calls;
  if (!now) return false;
  shared.failed = call + " " + fs::path(path).filename().string();
  errno = shared.error;
  return true;
}

}  // namespace

Disk::Disk(std::string folder) : folder_(std::move(folder)) {
  Book& shared = book();
  const std::lock_guard guard(shared.mutex);
  shared.operations.clear();
  shared.events.clear();
  shared.calls = 0;
  shared.failing.reset();
  shared.failed.clear();
  shared.before_sync = nullptr;
  shared.folder = folder_;
}

Disk::~Disk() {
  const std::lock_guard guard(book().mutex);
  book().folder.clear();
}

void Disk::fail(std::size_t call, int error) {
  const std::lock_guard guard(book().mutex);
  book().failing = call;
  book().error = error;
}

void Disk::before_sync(std::function<void()> act) {
  const std::lock_guard guard(book().mutex);
  book().before_sync = std::move(act);
}

std::size_t Disk::calls() const {
  const std::lock_guard guard(book().mutex);
  return book().calls;
}

std::vector<Operation> Disk::operations() const {
  const std::lock_guard guard(book().mutex);
  return book().operations;
}

std::vector<Event> Disk::events() const {
  const std::lock_guard guard(book().mutex);
  return book().events;
}

std::string Disk::failed_call() const {
  const std::lock_guard guard(book().mutex);
  return book().failed;
}

void Disk::note(const std::string& event, int number) {
  const std::lock_guard guard(book().mutex);
  book().events.push_back({event, number});
}

void Disk::forget_events() {
  const std::lock_guard guard(book().mutex);
  book().events.clear();
}

namespace {

// A file as the disk has it: what is safe, and what was written since the last sync.
struct File {
  std::string safe;
  std::vector<std::pair<std::uint64_t, std::string>> unsafe;
  std::uint64_t size = 0;
};

void put(std::string& file, std::uint64_t offset, const std::string& bytes) {
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size(), '\0');
  file.replace(offset, bytes.size(), bytes);
}

void save(const std::string& path, const std::string& bytes, std::uint64_t size) {
  std::ofstream(path, std::ios::binary) << bytes;
  if (bytes.size() < size) fs::resize_file(path, size);
}

}  // namespace

void lay_out(const std::vector<Operation>& operations, std::size_t count, Unsynced choose, std::mt19937& random,
             const std::string& from, const std::string& to) {
  std::map<std::string, std::string> names;  // path to the file's first name
  std::map<std::string, std::string> safe_names;
  std::map<std::string, File> files;
  std::map<std::string, std::string> heads, seen_heads;
  const auto keeps = [&] { return choose == Unsynced::all || (choose == Unsynced::some && random() % 2 == 0); };
  const auto file_at = [&](const std::string& path) -> File& {
    const auto known = names.find(path);
    if (known != names.end()) return files[known->second];
    names[path] = path;  // until its folder is synced, the name may be gone
    return files[path];
  };
  for (std::size_t i = 0; i < count; ++i) {
    const Operation& each = operations[i];
    switch (each.kind) {
      case Operation::Kind::write: file_at(each.path).unsafe.emplace_back(each.offset, each.bytes); break;
      case Operation::Kind::size: file_at(each.path).size = std::max(file_at(each.path).size, each.offset); break;
      case Operation::Kind::sync: {
        File& file = file_at(each.path);
        for (const auto& [offset, bytes] : file.unsafe) put(file.safe, offset, bytes);
        file.unsafe.clear();
        break;
      }
      case Operation::Kind::rename:
        file_at(each.path);
        names[each.to] = names[each.path];
        names.erase(each.path);
        break;
      case Operation::Kind::folder_sync: safe_names = names; break;
      case Operation::Kind::head: heads[each.path] = each.bytes; break;
      case Operation::Kind::head_seen: seen_heads[each.path] = each.bytes; break;
    }
  }
  fs::remove_all(to);
  fs::create_directories(to);
  // Names that were not synced: as before or as after, for all of them together.
  const auto& standing = keeps() ? names : safe_names;
  for (const auto& [path, first] : standing) {
    File file = files[first];
    for (const auto& [offset, bytes] : file.unsafe)
      for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t piece = std::min(bytes.size() - at, sector - (offset + at) % sector);
        if (keeps()) put(file.safe, offset + at, bytes.substr(at, piece));
        at += piece;
      }
    save(to + path.substr(from.size()), file.safe, file.size);
  }
  // Nobody waits for the head: the disk may have it as it was synced, or as it was later.
  for (const auto& [path, bytes] : heads) {
    const bool later = seen_heads.contains(path) && keeps();
    save(to + path.substr(from.size()), later ? seen_heads[path] : bytes, 0);
  }
}

}  // namespace koppelpoort::fault

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" {

using namespace koppelpoort::fault;

ssize_t __real_pwrite(int file, const void* bytes, size_t size, off_t offset);
ssize_t __real_write(int file, const void* bytes, size_t size);
int __real_fdatasync(int file);
int __real_fsync(int file);
int __real_ftruncate(int file, off_t size);
int __real_rename(const char* from, const char* to);
int __real_msync(void* address, size_t size, int flags);

ssize_t __wrap_pwrite(int file, const void* bytes, size_t size, off_t offset) {
  const std::string path = path_of(file);
  const std::lock_guard guard(book().mutex);
  if (!seen(path)) return __real_pwrite(file, bytes, size, offset);
  if (fails("pwrite", path)) {
    if (is_segment(path)) book().events.push_back({"failed", 1});
    return -1;
  }
  const ssize_t done = __real_pwrite(file, bytes, size, offset);
  if (done > 0) {
    Operation each{Operation::Kind::write, path, {}, static_cast<std::uint64_t>(offset), {}};
    each.bytes.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(done));
    if (each.bytes.find_first_not_of('\0') == std::string::npos)  // a file filled beforehand: only its size matters
      each = {Operation::Kind::size, path, {}, each.offset + each.bytes.size(), {}};
    book().operations.push_back(std::move(each));
    if (is_segment(path)) book().events.push_back({"written", 0});
  }
  return done;
}

ssize_t __wrap_write(int file, const void* bytes, size_t size) {
  const std::string path = path_of(file);
  const std::lock_guard guard(book().mutex);
  if (!seen(path)) return __real_write(file, bytes, size);
  if (fails("write", path)) return -1;
  const off_t offset = ::lseek(file, 0, SEEK_CUR);
  const ssize_t done = __real_write(file, bytes, size);
  if (done > 0) {
    Operation each{Operation::Kind::write, path, {}, static_cast<std::uint64_t>(offset), {}};
    each.bytes.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(done));
    book().operations.push_back(std::move(each));
  }
  return done;
}

static int synced(int file, int (*real)(int), const char* name) {
  const std::string path = path_of(file);
  std::function<void()> act;
  {
    const std::lock_guard guard(book().mutex);
    if (seen(path) && is_segment(path)) act = book().before_sync;
  }
  if (act) act();
  const std::lock_guard guard(book().mutex);
  if (!seen(path)) return real(file);
  if (fails(name, path)) {
    if (is_segment(path)) book().events.push_back({"failed", 0});
    return -1;
  }
  const int done = real(file);
  if (done != 0) return done;
  const bool folder = std::filesystem::is_directory(path);
  book().operations.push_back({folder ? Operation::Kind::folder_sync : Operation::Kind::sync, path, {}, 0, {}});
  if (is_segment(path)) book().events.push_back({"synced", 0});
  const std::string head = book().folder + "/head";
  std::ifstream in(head, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  book().operations.push_back({Operation::Kind::head_seen, head, {}, 0, bytes.str()});
  return 0;
}

int __wrap_fdatasync(int file) { return synced(file, __real_fdatasync, "fdatasync"); }
int __wrap_fsync(int file) { return synced(file, __real_fsync, "fsync"); }

int __wrap_ftruncate(int file, off_t size) {
  const std::string path = path_of(file);
  const std::lock_guard guard(book().mutex);
  if (!seen(path)) return __real_ftruncate(file, size);
  if (fails("ftruncate", path)) return -1;
  const int done = __real_ftruncate(file, size);
  if (done == 0) book().operations.push_back({Operation::Kind::size, path, {}, static_cast<std::uint64_t>(size), {}});
  return done;
}

int __wrap_rename(const char* from, const char* to) {
  const std::lock_guard guard(book().mutex);
  if (!seen(from)) return __real_rename(from, to);
  if (fails("rename", from)) return -1;
  const int done = __real_rename(from, to);
  if (done == 0) book().operations.push_back({Operation::Kind::rename, from, to, 0, {}});
  return done;
}

// The one mapped file is the head; the disk may have it as it is now at any time.
int __wrap_msync(void* address, size_t size, int flags) {
  const std::lock_guard guard(book().mutex);
  if (book().folder.empty()) return __real_msync(address, size, flags);
  const std::string path = book().folder + "/head";
  if (fails("msync", path)) return -1;
  const int done = __real_msync(address, size, flags);
  Operation each{Operation::Kind::head, path, {}, 0, {}};
  each.bytes.assign(static_cast<const char*>(address), size);
  if (done == 0) book().operations.push_back(std::move(each));
  return done;
}
}
// NOLINTEND(bugprone-reserved-identifier)
