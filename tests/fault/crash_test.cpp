// Power loss at every moment, and every call to the disk failing in turn: who was told "durable" is there afterwards,
// and nobody is told so once a sync has failed. KOPPELPOORT_FAULTS=long tries more of each.
#include <catch2/catch.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <set>
#include <thread>

#include "gateway/ledger/members.hpp"
#include "tests/fault/disk.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;
using fault::Disk;

namespace {

namespace fs = std::filesystem;

bool run_is_long() {
  const char* wanted = std::getenv("KOPPELPOORT_FAULTS");
  return wanted != nullptr && std::string(wanted) == "long";
}

PendingRecord record_of(int id) {
  RecordWriter record("decision");
  record.add("filler", std::string(static_cast<std::size_t>(100 + id * 37 % 900), 'x'));
  record.add("tx", "tx-" + std::to_string(id)).add("verdict", "block");
  return record.finish();
}

// Who was told that it is durable, and after how many operations of the disk.
struct Told {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<int, std::size_t> yes;
  std::set<int> no;

  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return yes.size() + no.size() >= count; });
  }
};

void append(Ledger& ledger, Disk& disk, Told& told, int id) {
  disk.note("enqueue", id);
  ledger.append(record_of(id), [&told, &disk, id](const Receipt& receipt) {
    const std::size_t operations = disk.operations().size();
    disk.note(receipt.durable == Durable::yes ? "ack" : "refuse", id);
    const std::lock_guard guard(told.mutex);
    if (receipt.durable == Durable::yes)
      told.yes[id] = operations;
    else
      told.no.insert(id);
    told.changed.notify_all();
  });
}

// Lone records and groups of some, in one order.
void work(Ledger& ledger, Disk& disk, Told& told, int records) {
  for (int id = 0; id < records;) {
    const int group = id % 3 == 0 ? 1 : 4;
    for (int i = 0; i < group && id < records; ++i) append(ledger, disk, told, id++);
    told.wait_for(static_cast<std::size_t>(id));
  }
}

std::set<std::string> ids_in(const std::string& folder) {
  std::set<std::string> ids;
  const LogReading reading = read_log(folder, [&](std::int64_t, std::string_view entry) {
    if (member_of(entry, "kind") == "decision") ids.emplace(member_of(entry, "tx"));
    return true;
  });
  CHECK(reading.damage == "");
  return ids;
}

std::size_t missing(const std::string& folder, const Told& told, std::size_t until) {
  const auto ids = ids_in(folder);
  std::size_t count = 0;
  for (const auto& [id, at] : told.yes)
    if (at <= until && !ids.contains("tx-" + std::to_string(id))) ++count;
  return count;
}

void make_key(const std::string& folder) { NoteSigner::create_key(folder + "/test.key"); }

}  // namespace

TEST_CASE("power loss at any moment loses no record that somebody was told of, and the ledger opens again") {
  const int records = run_is_long() ? 400 : 40;
  const test::Folder folder, images;
  make_key(folder.path());
  Told told;
  std::vector<fault::Operation> operations;
  {
    Disk disk(folder.path());
    {
      const auto ledger = test::open_ledger(folder.path());
      work(*ledger, disk, told, records);
    }
    operations = disk.operations();
  }
  REQUIRE(told.yes.size() == static_cast<std::size_t>(records));
  std::mt19937 random(20261125);
  std::size_t tried = 0, lost = 0;
  const int mixes = run_is_long() ? 10 : 2;
  for (std::size_t count = 0; count <= operations.size(); ++count) {
    for (int mix = -2; mix < mixes; ++mix) {
      const auto choose = mix == -2 ? fault::Unsynced::none : mix == -1 ? fault::Unsynced::all : fault::Unsynced::some;
      const std::string image = images.path() + "/image";
      fault::lay_out(operations, count, choose, random, folder.path(), image);
      fs::copy_file(folder.path() + "/test.key", image + "/test.key");
      INFO("after " << count << " of " << operations.size() << " operations, mix " << mix);
      REQUIRE_NOTHROW(test::open_ledger(image));
      lost += missing(image, told, count);
      ++tried;
    }
  }
  CHECK(lost == 0);
  std::cout << "power loss: " << operations.size() << " operations, " << tried << " images, " << records
            << " records acknowledged, " << lost << " lost\n";
}

TEST_CASE(
    "every call to the disk fails in turn: nothing acknowledged is lost, and after a failure nothing is acknowledged") {
  const int records = 24;
  std::size_t calls = 0;
  {
    const test::Folder folder;
    make_key(folder.path());
    Disk disk(folder.path());
    Told told;
    const auto ledger = test::open_ledger(folder.path());
    work(*ledger, disk, told, records);
    calls = disk.calls();
  }
  std::size_t tried = 0, acknowledged = 0, lost = 0, wrongly = 0, refused_to_start = 0;
  for (const int error : {EIO, ENOSPC}) {
    for (std::size_t call = 0; call < calls; ++call) {
      const test::Folder folder;
      make_key(folder.path());
      Told told;
      std::vector<fault::Event> events;
      std::string what;
      {
        Disk disk(folder.path());
        disk.fail(call, error);
        try {
          const auto ledger = test::open_ledger(folder.path());
          work(*ledger, disk, told, records);
        } catch (const std::exception&) {
          ++refused_to_start;
        }
        events = disk.events();
        what = disk.failed_call();
      }
      bool failed = false;
      for (const auto& event : events) {
        failed = failed || event.name == "failed";
        if (failed && (event.name == "ack" || event.name == "synced" || event.name == "written")) ++wrongly;
      }
      INFO("call " << call << ", " << what << ", error " << error);
      // The disk is well again; what the ledger was left as must open, or say what is wrong.
      CHECK_NOTHROW(test::open_ledger(folder.path()));
      lost += missing(folder.path(), told, ~std::size_t{0});
      acknowledged += told.yes.size();
      ++tried;
    }
  }
  CHECK(lost == 0);
  CHECK(wrongly == 0);
  std::cout << "failing calls: " << tried << " positions, " << acknowledged << " records acknowledged, " << lost
            << " lost, " << wrongly << " acknowledged, written or synced after a failure; " << refused_to_start
            << " did not start\n";
}

TEST_CASE("while a sync hangs new work is refused, and who waits is answered when it ends (A6)") {
  const test::Folder folder;
  make_key(folder.path());
  Disk disk(folder.path());
  Told told;
  const auto ledger = test::open_ledger(folder.path());
  ledger->settle();
  std::promise<void> go_on;
  std::atomic<bool> once{false};
  disk.before_sync([&] {
    if (!once.exchange(true)) go_on.get_future().wait();
  });
  append(*ledger, disk, told, 0);
  while (!once) std::this_thread::yield();
  append(*ledger, disk, told, 1);
  CHECK_FALSE(ledger->stuck());
  std::this_thread::sleep_for(ledger_sync_patience + std::chrono::milliseconds{100});
  CHECK(ledger->stuck());
  append(*ledger, disk, told, 2);
  told.wait_for(1);
  CHECK(told.no == std::set<int>{2});
  go_on.set_value();
  told.wait_for(3);
  CHECK(told.yes.size() == 2);
  CHECK_FALSE(ledger->stuck());
}

TEST_CASE("after a run that did not stop, what was read is written anew before anything goes on") {
  const test::Folder folder;
  make_key(folder.path());
  std::string segment = "ledger-000000000000.seg";
  Told told;
  Disk disk(folder.path());
  const auto renames = [&] {
    std::size_t count = 0;
    for (const auto& each : disk.operations())
      count += each.kind == fault::Operation::Kind::rename && each.to.ends_with(segment) ? 1u : 0u;
    return count;
  };
  {
    const auto ledger = test::open_ledger(folder.path());
    work(*ledger, disk, told, 5);
    ledger->break_storage();
    append(*ledger, disk, told, 5);
    told.wait_for(6);
  }
  CHECK(renames() == 1);
  test::open_ledger(folder.path());
  CHECK(renames() == 2);
  test::open_ledger(folder.path());  // stopped in order, so nothing is doubted
  CHECK(renames() == 2);
  CHECK(missing(folder.path(), told, ~std::size_t{0}) == 0);
  // A log that was closed is written anew too, before the next one says where it ends.
  test::open_ledger(folder.path())->close(folder.path() + "/test.key", "a new log");
  CHECK(renames() == 2);
  test::open_ledger(folder.path());
  CHECK(renames() == 4);  // its last segment, and the first one of the next log
}

TEST_CASE("what the committer does is what its model allows") {
  const char* const where = std::getenv("KOPPELPOORT_TRACES");
  const test::Folder own;
  const std::string to = where == nullptr ? own.path() : where;
  constexpr int records = 8;
  // The call that fails, counted from the first record on; none in the first run.
  for (const int failing : {-1, 0, 1, 2, 3}) {
    const test::Folder folder;
    make_key(folder.path());
    Told told;
    std::vector<fault::Event> events;
    {
      Disk disk(folder.path());
      const auto ledger = test::open_ledger(folder.path());
      ledger->settle();
      disk.forget_events();
      if (failing >= 0) disk.fail(disk.calls() + static_cast<std::size_t>(failing), EIO);
      // While the first is synced, the others come to wait; then they go together.
      std::atomic<bool> once{false};
      disk.before_sync([&] {
        if (once.exchange(true)) return;
        for (int id = 1; id < 5; ++id) append(*ledger, disk, told, id);
      });
      append(*ledger, disk, told, 0);
      told.wait_for(once || failing != 0 ? 5 : 1);
      if (failing == 0)
        for (int id = 1; id < 5; ++id) append(*ledger, disk, told, id);
      for (int id = 5; id < records; ++id) {
        append(*ledger, disk, told, id);
        told.wait_for(static_cast<std::size_t>(id) + 1);
      }
      events = disk.events();
    }
    CHECK(events.size() >= 2 * records);
    std::ofstream out(to + "/run-" + std::to_string(failing + 1));
    for (const auto& event : events)
      out << "  event?" << event.name << ","
          << (event.name == "written" || event.name == "synced" || event.name == "failed"
                  ? "_"
                  : std::to_string(event.number))
          << ";\n";
  }
}
