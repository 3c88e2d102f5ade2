#include "gateway/ledger/succession.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/proof.hpp"
#include "gateway/ledger/tiles.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t in_2026 = 1'782'000'000'000'000, in_2027 = 1'813'000'000'000'000;  // microseconds

PendingRecord decision(const std::string& tx) {
  RecordWriter record("decision");
  record.add("tx", tx).add("verdict", "permit");
  return record.finish();
}

PendingRecord release(const std::string& tx) {
  RecordWriter record("release");
  record.add("tx", tx);
  return record.finish();
}

struct Rows {
  test::Folder folder;
  std::string ledger = folder.path() + "/ledger";
  std::string key = folder.path() + "/ledger.key";
  std::int64_t now = in_2026;

  Rows() {
    fs::create_directories(ledger);
    NoteSigner::create_key(key);
  }

  std::unique_ptr<Ledger> open(const EntryVisitor& visit = {}) {
    return std::make_unique<Ledger>(ledger, "n", key, visit, [this] { return now; });
  }

  // A start, one decision, its release, a stop.
  Receipt run(const std::string& tx) {
    const auto opened = open();
    const Receipt receipt = opened->write(decision(tx));
    REQUIRE(receipt.durable == Durable::yes);
    REQUIRE(opened->write(release(tx)).durable == Durable::yes);
    return receipt;
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> all;
    for (const auto& log : logs_in(ledger)) all.push_back(ledger_vkey(log.path)->text());
    return all;
  }

  LedgerReport verified(const std::string& trusted = {}, const std::vector<Held>& held = {}) const {
    return verify_ledger(ledger, NoteVerifier::parse(trusted.empty() ? keys().front() : trusted).value(), held);
  }

  std::vector<std::string> kinds() const {
    std::vector<std::string> all;
    read_ledger(ledger, [&](std::int64_t, std::string_view entry) {
      all.emplace_back(member_of(entry, "kind"));
      return true;
    });
    return all;
  }
};

void copy_folder(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

std::string first_segment(const std::string& log) { return log + "/ledger-000000000000.seg"; }

}  // namespace

TEST_CASE("in a new year the log is closed and the next one goes on from it") {
  Rows rows;
  const Receipt first = rows.run("tx-1");
  CHECK(first.index == 1);
  rows.now = in_2027;
  const Receipt second = rows.run("tx-2");
  CHECK(second.index == 2);  // behind `opens` and `start`
  CHECK(rows.kinds() == std::vector<std::string>{"start", "decision", "release", "stop", "closes", "opens", "start",
                                                 "decision", "release", "stop"});
  const LedgerReport report = rows.verified();
  CHECK(report.fault == "");
  CHECK(report.records == 10);
  CHECK(report.sound == 10);
  CHECK(report.origins == std::vector<std::string>{"n/audit/2026", "n/audit/2027"});
  CHECK(report.forks.empty());
  CHECK(rows.verified(rows.keys().back()).fault == "");

  // The same year again: the log goes on.
  rows.run("tx-3");
  CHECK(logs_in(rows.ledger).size() == 2);
  CHECK(rows.verified().fault == "");

  // Positions run on, whichever way they are read.
  std::vector<std::int64_t> all, from, on;
  read_ledger(rows.ledger, [&](std::int64_t position, std::string_view) { return all.push_back(position), true; });
  read_ledger_from(rows.ledger, 3,
                   [&](std::int64_t position, std::string_view) { return from.push_back(position), true; });
  LedgerPlace place;
  for (std::size_t before = 99; before != on.size();) {
    before = on.size();
    read_ledger_on(
        rows.ledger, place,
        [&](std::int64_t position, std::string_view) { return on.push_back(position), on.size() % 3 != 0; },
        [](auto...) {});
  }
  REQUIRE(all.size() == 14);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i] == static_cast<std::int64_t>(i));
  CHECK(from == std::vector<std::int64_t>(all.begin() + 3, all.end()));
  CHECK(on == all);
  CHECK(place.next == 14);
  CHECK(rows.open()->end() == 15);
}

TEST_CASE("a record of a closed log can be proven") {
  Rows rows;
  const Receipt receipt = rows.run("tx-1");
  rows.now = in_2027;
  const auto opened = rows.open();
  REQUIRE(opened->closed().size() == 1);
  const ClosedLog& closed = opened->closed().front();
  const RecordProof proof{receipt.index, opened->inclusion_in(closed, receipt.index), closed.ends.checkpoint};
  CHECK(fault_of(proof, receipt.leaf, *closed.ends.key) == "");
  CHECK(fault_of(proof, opened->write(decision("tx-2")).leaf, *closed.ends.key) != "");
}

TEST_CASE("a new key is named by the last record under the old one") {
  Rows rows;
  rows.run("tx-1");
  const std::string before = rows.keys().front();
  // The system's clock is later than the tests' one; the year is that of the rotation.
  const std::string after = rotate_key(rows.ledger, "n", rows.key, "the key is old");
  CHECK(rows.keys() == std::vector<std::string>{before, after});
  CHECK(!fs::exists(rows.key + ".next"));
  rows.now = Ledger::system_micros();
  rows.run("tx-2");
  CHECK(rows.verified(before).fault == "");
  CHECK(rows.verified(after).fault == "");
  const test::Folder elsewhere;
  NoteSigner::create_key(elsewhere.path() + "/key");
  const NoteVerifier stranger = NoteSigner("n/audit/2026", elsewhere.path() + "/key").verifier();
  CHECK(rows.verified(stranger.text()).fault.find("no log here is of the key") != std::string::npos);
  CHECK(NoteVerifier::parse(before)->under(NoteVerifier::parse(after)->name()).text() != after);

  // Closed, and the power went before the next log began: its key may still be the one beside.
  {
    NoteSigner::create_key(rows.key + ".next");
    const auto opened = rows.open();
    opened->close(rows.key + ".next", "the key is old again");
    CHECK(opened->write(decision("tx-3")).durable == Durable::sealed);
  }
  CHECK(rows.verified(before).fault.find("the newest log was closed") != std::string::npos);
  rows.run("tx-3");
  CHECK(rows.keys().size() == 3);
  CHECK(rows.verified(before).fault == "");

  // The named key, and no other.
  {
    NoteSigner::create_key(rows.key + ".next");
    rows.open()->close(rows.key + ".next", "once more");
  }
  fs::remove(rows.key + ".next");
  CHECK_THROWS_WITH(rows.open(), Catch::Contains("goes on with another key"));
}

TEST_CASE("a log that was cut off before its first record begins again") {
  // What is there of the new log, step by step: nothing, its folder, a torn first record.
  for (const int step : {0, 1, 2}) {
    INFO(step);
    Rows rows;
    rows.run("tx-1");
    rows.open()->close(rows.key, "as if the year turned");  // the same key, under the next name
    const std::string place = rows.ledger + "/" + log_folder_name(6);
    if (step > 0) fs::create_directories(place);
    if (step > 1) {
      std::ofstream segment(first_segment(place), std::ios::binary);
      segment.write("\0\0\0\x40{\"base", 10);
      segment << std::string(1000, '\0');
    }
    rows.run("tx-2");
    CHECK(rows.verified().fault == "");
    CHECK(rows.verified().origins == std::vector<std::string>{"n/audit/2026", "n/audit/2026-2"});
  }
}

TEST_CASE("after an older copy was put back nothing starts before the fork is declared") {
  Rows rows;
  rows.run("tx-1");
  const test::Folder copies;
  copy_folder(rows.ledger, copies.path() + "/backup");
  const Receipt lost = rows.run("tx-2");
  const auto later = open_checkpoint(rows.open()->checkpoint(), NoteVerifier::parse(rows.keys().front()).value());
  REQUIRE(later);
  const std::string head = rows.ledger + "/head";
  fs::copy_file(head, copies.path() + "/head");
  copy_folder(copies.path() + "/backup", rows.ledger);
  fs::copy_file(copies.path() + "/head", head, fs::copy_options::overwrite_existing);

  CHECK_THROWS_WITH(rows.open(), Catch::Contains("an older copy was put back"));
  const std::string key = declare_fork(rows.ledger, "n", rows.key, "the disk is lost", rows.now);
  CHECK(key.starts_with("n/audit/2026-2+"));
  rows.run("tx-3");
  const LedgerReport report = rows.verified();
  CHECK(report.fault == "");
  CHECK(report.forks == std::vector<std::string>{"n/audit/2026-2"});
  CHECK(rows.verified(key).fault == "");
  // Whoever holds a later checkpoint sees what is gone, and lost positions are never used again.
  CHECK(rows.verified({}, {{*later, "a partner"}}).fault.find("the checkpoint from a partner") != std::string::npos);
  CHECK(logs_in(rows.ledger).back().base > lost.index + 1'000);
  CHECK(rows.kinds().at(4) == "opens");

  // Without a head nobody knows how much is lost; the fork is declared all the same. A fork of a fork too.
  fs::remove(logs_in(rows.ledger).back().path + "/head");
  CHECK_THROWS_WITH(rows.open(), Catch::Contains("head is missing"));
  CHECK(declare_fork(rows.ledger, "n", rows.key, "the disk is lost", rows.now).starts_with("n/audit/2026-3+"));
  rows.run("tx-4");
  CHECK(rows.verified().fault == "");
  CHECK(rows.verified().forks.size() == 2);

  // Nobody forks a ledger in use, a damaged one, or with another key.
  {
    const auto opened = rows.open();
    CHECK_THROWS_WITH(declare_fork(rows.ledger, "n", rows.key, "why", rows.now), Catch::Contains("is using"));
  }
  const test::Folder elsewhere;
  NoteSigner::create_key(elsewhere.path() + "/key");
  CHECK_THROWS_WITH(declare_fork(rows.ledger, "n", elsewhere.path() + "/key", "why", rows.now),
                    Catch::Contains("not the key"));
}

TEST_CASE("a fork never destroys what is damaged, and goes on when the newest log is lost for good") {
  Rows rows;
  rows.run("tx-1");
  SECTION("damage before records that were acknowledged") {
    const std::string segment = first_segment(rows.ledger);
    std::fstream file(segment, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(60);
    file.put('#');
    file.close();
    const auto bytes = [&] {
      std::ifstream in(segment, std::ios::binary);
      return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const std::string before = bytes();
    CHECK_THROWS_WITH(declare_fork(rows.ledger, "n", rows.key, "the disk is lost", rows.now),
                      Catch::Contains("nothing was changed; the ledger is damaged"));
    CHECK(bytes() == before);
  }
  SECTION("the newest log is gone, or emptied") {
    const bool gone = GENERATE(true, false);
    rows.now = in_2027;
    rows.run("tx-2");
    const std::string newest = logs_in(rows.ledger).back().path;
    if (gone)
      fs::remove_all(newest);
    else
      fs::remove(first_segment(newest));
    CHECK_THROWS_WITH(rows.open(), Catch::Contains("missing or empty"));
    declare_fork(rows.ledger, "n", rows.key, "the disk is lost", rows.now);
    rows.run("tx-3");
    CHECK(rows.verified().fault == "");
    CHECK(rows.verified().forks.size() == 1);
  }
}

TEST_CASE("a newest log whose first group is damaged is not begun again") {
  Rows rows;
  rows.run("tx-1");
  rows.now = in_2027;
  rows.run("tx-2");
  const std::string newest = logs_in(rows.ledger).back().path, segment = first_segment(newest);
  const auto bytes = [&] { return read_file(segment); };
  const bool remembered = GENERATE(true, false);  // what says that it was in use
  if (!remembered) fs::remove(rows.ledger + "/newest");
  {
    std::fstream file(segment, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(20);
    file.put('#');
  }
  const std::string before = bytes();
  CHECK_THROWS_AS(rows.open(), LogError);
  CHECK(bytes() == before);
  CHECK(rows.verified().fault != "");
}

TEST_CASE("nothing is signed over what stands in a closed log and was not acknowledged") {
  Rows rows;
  rows.run("tx-1");
  rows.open()->close(rows.key, "as if the year turned");
  const LogReading reading = read_log(rows.ledger, {});
  {
    std::fstream file(first_segment(rows.ledger), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(reading.end));
    file << "no record at all";
  }
  CHECK_THROWS_WITH(rows.open(), Catch::Contains("this log is closed"));
  CHECK(logs_in(rows.ledger).size() == 1);
}

TEST_CASE("a checkpoint is of the log that it names, not of the name beside its signature") {
  Rows rows;
  rows.run("tx-1");
  rows.now = in_2027;
  rows.run("tx-2");
  const auto first = NoteVerifier::parse(rows.keys().front()).value();
  const auto second = NoteVerifier::parse(rows.keys().back()).value();
  const auto opened = rows.open();
  std::string note = opened->checkpoint();
  REQUIRE(open_checkpoint(note, second));
  // The same key signed it, so only the origin in the signed text tells the logs apart.
  const NoteSigner signer(first.name(), rows.key);
  const std::string relabelled = signer.sign(body_of(note));
  REQUIRE(first.signed_by(relabelled));
  CHECK_FALSE(open_checkpoint(relabelled, first));
}

TEST_CASE("a fork that is lost leaves its name and its positions alone") {
  Rows rows;
  rows.run("tx-1");
  rows.now = in_2027;
  rows.run("tx-2");
  const std::string head = logs_in(rows.ledger).back().path + "/head";
  fs::remove(head);
  const std::string fork = declare_fork(rows.ledger, "n", rows.key, "the disk is lost", rows.now);
  rows.run("tx-3");
  const LogFolder lost = logs_in(rows.ledger).back();
  const bool gone = GENERATE(true, false);
  if (gone)
    fs::remove_all(lost.path);
  else
    fs::remove(first_segment(lost.path));
  CHECK(rows.verified().fault != "");
  const std::string again = declare_fork(rows.ledger, "n", rows.key, "the disk is lost again", rows.now);
  CHECK(again.substr(0, again.find('+')) != fork.substr(0, fork.find('+')));
  CHECK(logs_in(rows.ledger).back().base > lost.base + 1'000'000);
  rows.run("tx-4");
  CHECK(rows.verified().fault == "");
}

TEST_CASE("after a new key a lost log is left behind under the key that was named for it") {
  Rows rows;
  rows.run("tx-1");
  const std::string next = rotate_key(rows.ledger, "n", rows.key, "the old key ends");
  rows.run("tx-2");
  fs::remove_all(logs_in(rows.ledger).back().path);
  CHECK_THROWS_WITH(rows.open(), Catch::Contains("missing or empty"));
  const std::string fork = declare_fork(rows.ledger, "n", rows.key, "the disk is lost", rows.now);
  CHECK(fork.substr(0, fork.find('+')) != next.substr(0, next.find('+')));
  rows.run("tx-3");
  CHECK(rows.verified().fault == "");
  CHECK(rows.verified(fork).fault == "");
}

TEST_CASE("logs that do not follow each other are found") {
  Rows rows;
  rows.run("tx-1");
  rows.now = in_2027;
  rows.run("tx-2");
  const std::string second = logs_in(rows.ledger).back().path;
  const test::Folder copies;
  copy_folder(rows.ledger, copies.path() + "/whole");

  SECTION("the newest log is gone") {
    fs::remove_all(second);
    CHECK_THROWS_WITH(rows.open(), Catch::Contains("this log is missing or empty"));
    CHECK(rows.verified().fault.find("is not here") != std::string::npos);
  }
  SECTION("the newest log is emptied") {
    fs::remove(first_segment(second));
    CHECK_THROWS_AS(rows.open(), LogError);
    CHECK(rows.verified().fault != "");
  }
  SECTION("a log of another beginning") {
    Rows other;
    other.run("tx-9");
    other.now = in_2027;
    other.run("tx-8");
    fs::remove_all(second);
    fs::copy(logs_in(other.ledger).back().path, second, fs::copy_options::recursive);
    CHECK_THROWS_AS(rows.open(), LogError);
    CHECK(rows.verified().fault.find("follows another log") != std::string::npos);
  }
  SECTION("another key beside a log") {
    const std::string other = rows.keys().front();
    std::ofstream(second + "/vkey") << other << "\n";
    CHECK(rows.verified().fault != "");
  }
  SECTION("a byte, anywhere in either") {
    int changed = 0;
    for (const auto& log : logs_in(rows.ledger)) {
      const std::string path = first_segment(log.path);
      std::ifstream in(path, std::ios::binary);
      std::string bytes((std::istreambuf_iterator<char>(in)), {});
      in.close();
      const std::size_t used = bytes.find_last_not_of('\0') + 1;
      for (std::size_t at = 0; at < used; at += 3) {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(at));
        file.put(static_cast<char>(bytes[at] ^ 1));
        file.close();
        INFO(path << " at " << at);
        REQUIRE(rows.verified().fault != "");
        std::fstream back(path, std::ios::binary | std::ios::in | std::ios::out);
        back.seekp(static_cast<std::streamoff>(at));
        back.put(bytes[at]);
        ++changed;
      }
    }
    CHECK(changed > 1000);
    CHECK(rows.verified().fault == "");
  }
  copy_folder(copies.path() + "/whole", rows.ledger);
  CHECK(rows.verified().fault == "");
}

TEST_CASE("an export holds every log") {
  Rows rows;
  rows.run("tx-1");
  const std::string out = rows.folder.path() + "/export";
  const auto key = [&] { return NoteVerifier::parse(rows.keys().front()).value(); };
  export_tiles(rows.ledger, out, key());
  rows.now = in_2027;
  rows.run("tx-2");
  CHECK(export_tiles(rows.ledger, out, key()).origin == "n/audit/2027");
  const LedgerReport report = verify_tiles(out, key());
  CHECK(report.fault == "");
  CHECK(report.records == 10);
  CHECK(report.origins.size() == 2);
  fs::remove_all(logs_in(out).back().path);
  CHECK(verify_tiles(out, key()).fault.find("is not here") != std::string::npos);
}
