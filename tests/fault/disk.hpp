// The calls that the ledger makes to the disk, seen and spoiled: every write, sync, rename is written down, any of them
// can be made to fail, and what a disk would hold after power loss at any moment can be laid out in a folder. Works by
// the linker's --wrap, so the ledger under test is the ledger itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace koppelpoort::fault {

struct Operation {
  enum class Kind { write, sync, folder_sync, rename, size, head, head_seen } kind = Kind::write;
  std::string path, to;
  std::uint64_t offset = 0;
  std::string bytes;
};

// One step of the committer, as tests/model/committer.pml names them.
struct Event {
  std::string name;
  int number = 0;
};

class Disk {
 public:
  // Calls below this folder are written down until destroyed. One at a time.
  explicit Disk(std::string folder);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  // The call with this number (from 0, of all that are seen) fails with this error; so does nothing after it.
  void fail(std::size_t call, int error);
  // Called before each sync of a segment, outside any lock.
  void before_sync(std::function<void()> act);

  std::size_t calls() const;
  std::vector<Operation> operations() const;  // that succeeded
  std::vector<Event> events() const;
  void note(const std::string& event, int number);
  void forget_events();
  std::string failed_call() const;  // what it was; empty when it never came

 private:
  std::string folder_;
};

// What the disk may hold when power goes after the first `count` operations: all that was synced, and of the rest what
// `choose` says, sector by sector.
enum class Unsynced { none, all, some };
void lay_out(const std::vector<Operation>& operations, std::size_t count, Unsynced choose, std::mt19937& random,
             const std::string& from, const std::string& to);

}  // namespace koppelpoort::fault
