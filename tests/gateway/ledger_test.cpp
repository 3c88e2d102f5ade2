#include "gateway/ledger/ledger.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "gateway/ledger/members.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

namespace fs = std::filesystem;

PendingRecord decision(const std::string& tx, const char* verdict = "permit") {
  RecordWriter record("decision");
  record.add("tx", tx).add("verdict", verdict);
  return record.finish();
}

PendingRecord release(const std::string& tx) {
  RecordWriter record("release");
  record.add("tx", tx);
  return record.finish();
}

Durable wait_for(Ledger& ledger, PendingRecord record) {
  std::promise<Durable> done;
  ledger.append(std::move(record), [&](const Receipt& receipt) { done.set_value(receipt.durable); });
  return done.get_future().get();
}

std::string segment_of(const std::string& folder) {
  for (const auto& item : fs::directory_iterator(folder))
    if (item.path().filename().string().starts_with("ledger-")) return item.path().string();
  return {};
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void put_byte(const std::string& path, std::size_t at, char byte) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

void fill(const std::string& folder, int exchanges = 20) {
  const auto opened = test::open_ledger(folder);
  Ledger& ledger = *opened;
  for (int i = 0; i < exchanges; ++i) {
    REQUIRE(wait_for(ledger, decision("tx-" + std::to_string(i))) == Durable::yes);
    REQUIRE(wait_for(ledger, release("tx-" + std::to_string(i))) == Durable::yes);
  }
}

}  // namespace

TEST_CASE("a record is one canonical text whatever is added") {
  RecordWriter record("decision");
  record.add("a", std::int64_t{-5}).add("names", std::vector<std::string>{"x\"y", "z\n"}).add("tx", "1").add("zz", "e");
  const PendingRecord finished = record.finish();
  CHECK(finished.text == "{\"a\":-5,\"kind\":\"decision\",\"names\":[\"x\\\"y\",\"z\\n\"],\"ts\":\"" +
                             std::string(27, ' ') + "\",\"tx\":\"1\",\"zz\":\"e\"}");
  CHECK(time_text(1'767'225'600'000'042) == "2026-01-01T00:00:00.000042Z");
  CHECK(text_of(leaf_hash("leaf-0")) ==
        "MF31n5WQw8msY9KydDw4jjeSRJB4zr9/s9vmRxZDsrc=");  // RFC 6962, the audit design's vector
}

TEST_CASE("what was durable verifies, goes on after a restart, and is read in order") {
  const test::Folder folder;
  fill(folder.path());
  fill(folder.path() + "/");  // a second run, same ids: refused by the verifier below
  const LedgerReport report = test::verified(folder.path());
  CHECK(report.fault.find("a second decision for one exchange") != std::string::npos);
  const test::Folder fresh;
  fill(fresh.path());
  const LedgerReport good = test::verified(fresh.path());
  CHECK(good.fault.empty());
  CHECK(good.decisions == 20);
  CHECK(good.records == 42);  // with start and stop
}

TEST_CASE("what is acknowledged stands under a signed checkpoint, and its receipt names its place") {
  const test::Folder folder;
  const auto opened = test::open_ledger(folder.path());
  std::promise<Receipt> done;
  opened->append(decision("a"), [&](const Receipt& receipt) { done.set_value(receipt); });
  const Receipt receipt = done.get_future().get();
  CHECK(receipt.durable == Durable::yes);
  CHECK(receipt.index == 1);  // behind `start`
  const auto checkpoint = open_checkpoint(opened->checkpoint(), opened->verifier());
  REQUIRE(checkpoint);
  CHECK(checkpoint->origin == opened->origin());
  CHECK(checkpoint->size >= 2);
  std::vector<Hash> leaves;
  read_log(folder.path(), [&](std::int64_t, std::string_view entry) {
    leaves.push_back(leaf_hash(entry));
    return true;
  });
  REQUIRE(leaves.size() >= 2);
  CHECK(leaves[1] == receipt.leaf);
}

TEST_CASE("records that somebody adds without the key are dropped, and a ledger of another key does not start") {
  const test::Folder folder;
  fill(folder.path());
  const std::string path = segment_of(folder.path()), original = bytes_of(path);
  std::size_t used = original.size();
  while (original[used - 1] == '\0') --used;
  // A whole record with the right hash, but no checkpoint behind it.
  const std::string forged =
      R"({"kind":"decision","ts":"2030-01-01T00:00:00.000000Z","tx":"forged","verdict":"permit"})";
  const Hash hash = leaf_hash(forged);
  std::string frame{0, 0, 0, static_cast<char>(forged.size())};
  frame += forged + std::string(reinterpret_cast<const char*>(hash.data()), hash.size());
  for (std::size_t i = 0; i < frame.size(); ++i) put_byte(path, used + i, frame[i]);
  CHECK(test::verified(folder.path()).unsigned_records == 1);
  CHECK(test::verified(folder.path()).decisions == 20);
  bool seen = false;
  test::open_ledger(folder.path(), [&](std::int64_t, std::string_view entry) {
    seen = seen || member_of(entry, "tx") == "forged";
    return true;
  });
  CHECK_FALSE(seen);
  CHECK(bytes_of(path).find("forged") == std::string::npos);
  CHECK(test::verified(folder.path()).fault.empty());

  fs::remove(folder.path() + "/test.key");
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("signed by another key"));
}

namespace {

// The log with one record changed, hashes and roots made to fit, and signatures that cannot fit.
std::string forged_without_key(const std::string& original, const std::string& from, const std::string& to) {
  std::string out;
  Edge edge;
  const auto length_at = [&](std::size_t at) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length * 256 + static_cast<unsigned char>(original[at + i]);
    return length;
  };
  const auto put_length = [&](std::size_t length) {
    for (const unsigned shift : {24u, 16u, 8u, 0u}) out += static_cast<char>((length >> shift) & 255u);
  };
  for (std::size_t at = 0; at + 4 < original.size() && length_at(at) != 0;) {
    const bool note = (length_at(at) >> 31u) != 0;
    const std::size_t length = length_at(at) & 0x7FFFFFFFu;
    std::string text = original.substr(at + 4, length);
    if (note) {
      Checkpoint checkpoint = parse_checkpoint(body_of(text)).value();
      checkpoint.root = edge.root();
      text = checkpoint.body() + text.substr(body_of(text).size());
      put_length(text.size() | std::size_t{1} << 31u);
      out += text;
      at += 4 + length;
      continue;
    }
    if (const auto found = text.find(from); found != std::string::npos) text.replace(found, from.size(), to);
    const Hash hash = leaf_hash(text);
    edge.append(hash);
    put_length(text.size());
    out += text;
    out.append(reinterpret_cast<const char*>(hash.data()), hash.size());
    at += 4 + length + 32;
  }
  return out;
}

void write_front(const std::string& path, const std::string& bytes) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

TEST_CASE("a rewritten log without the key does not start, with a torn tail behind it neither") {
  const test::Folder folder;
  fill(folder.path());
  const std::string path = segment_of(folder.path());
  const std::string forged = forged_without_key(bytes_of(path), "\"tx\":\"tx-3\"", "\"tx\":\"tx-Z\"");
  write_front(path, forged);
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("damaged"));
  write_front(path, forged + std::string("\0\0\0\x09torn", 8));
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("damaged"));
  remember_head(folder.path(), {0, {}});
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("damaged"));
  CHECK_FALSE(test::verified(folder.path()).fault.empty());
}

TEST_CASE("a changed record before others that were signed is never dropped as a torn tail") {
  const test::Folder folder;
  fill(folder.path());
  const std::string path = segment_of(folder.path()), original = bytes_of(path);
  remember_head(folder.path(), {0, {}});
  put_byte(path, original.find("tx-3"), '!');
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("damaged"));
  CHECK(bytes_of(path).find("tx-19") != std::string::npos);
}

TEST_CASE("without the remembered head, or with a head of another branch, a ledger does not start") {
  const test::Folder folder;
  fill(folder.path());
  const LogReading before = read_log(folder.path(), {});
  fs::remove(folder.path() + "/head");
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("head is missing"));
  CHECK_FALSE(test::verified(folder.path()).head_known);
  LogHead other = before.head;
  other.root[0] ^= 1u;
  remember_head(folder.path(), other);
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("another branch"));
  CHECK(test::verified(folder.path()).fault.find("another branch") != std::string::npos);
  remember_head(folder.path(), before.head);
  test::open_ledger(folder.path());
  fs::remove(folder.path() + "/vkey");
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("vkey is missing"));
}

TEST_CASE("time never runs back over a restart, whatever the clock does") {
  const test::Folder folder;
  constexpr std::int64_t hour = 3'600'000'000, noon = 1'795'608'000'000'000;
  {
    const auto ledger = test::open_ledger(folder.path(), {}, [] { return noon + hour; });
    REQUIRE(wait_for(*ledger, decision("a")) == Durable::yes);
    CHECK(ledger->ahead_micros() < 0);
  }
  {
    const auto ledger = test::open_ledger(folder.path(), {}, [] { return noon; });
    REQUIRE(wait_for(*ledger, decision("b")) == Durable::yes);
    CHECK(ledger->ahead_micros() == hour);
  }
  CHECK(test::verified(folder.path()).fault.empty());
  CHECK(test::verified(folder.path()).decisions == 2);
}

TEST_CASE("a head of which only one line is whole is that line, and one without any is none") {
  const test::Folder folder;
  fill(folder.path(), 2);
  const LogHead head = remembered_head(folder.path()).value();
  const std::string path = folder.path() + "/head", whole = bytes_of(path);
  REQUIRE(whole.size() == 256);
  std::size_t older = 0;
  for (std::size_t at = 0; at < 128; ++at) {
    for (const std::size_t line : {std::size_t{0}, std::size_t{128}}) {
      put_byte(path, line + at, static_cast<char>(whole[line + at] ^ 1));
      const auto left = remembered_head(folder.path());
      REQUIRE(left);
      CHECK(left->size <= head.size);
      older += left->size < head.size ? 1u : 0u;
      put_byte(path, line + at, whole[line + at]);
    }
  }
  CHECK(older == 128);  // the newest line broken: the one before it counts
  put_byte(path, 0, '!');
  put_byte(path, 128, '!');
  CHECK_FALSE(remembered_head(folder.path()));
}

TEST_CASE("a private part is not in the tree, and no byte of it changes or goes unseen") {
  const test::Folder folder;
  const std::string sealed = "sealed bytes of a person";
  {
    const auto ledger = test::open_ledger(folder.path());
    for (const char* tx : {"a", "b"}) {
      RecordWriter record("decision");
      record.add("sealed", text_of(sha256_of(sealed))).add("tx", tx).add("verdict", "block");
      PendingRecord pending = record.finish();
      pending.sealed = sealed;
      REQUIRE(wait_for(*ledger, std::move(pending)) == Durable::yes);
    }
  }
  std::vector<std::string> seen;
  const PartVisitor parts = [&](std::int64_t index, std::string_view entry, std::string_view part) {
    seen.push_back(std::to_string(index) + " " + std::string(member_of(entry, "tx")) + " " + std::string(part));
  };
  CHECK(read_log(folder.path(), {}, nullptr, Signatures::every, parts).damage == "");
  CHECK(seen == std::vector<std::string>{"1 a " + sealed, "2 b " + sealed});
  const std::string segment = segment_of(folder.path()), whole = bytes_of(segment);
  const std::size_t begin = whole.find(sealed);
  for (std::size_t at = begin - 4; at < begin + sealed.size(); ++at) {
    put_byte(segment, at, static_cast<char>(whole[at] ^ 1));
    CHECK(test::verified(folder.path()).fault.find("record 1:") == 0);
    put_byte(segment, at, whole[at]);
  }
  // Taken out as a whole, with the rest moved up.
  const std::string without = whole.substr(0, begin - 4) + whole.substr(begin + sealed.size());
  std::ofstream(segment, std::ios::binary | std::ios::trunc) << without;
  CHECK(test::verified(folder.path()).fault.find("its private part is missing") != std::string::npos);
  std::ofstream(segment, std::ios::binary | std::ios::trunc) << whole;
  CHECK(test::verified(folder.path()).fault.empty());
}

TEST_CASE("a checkpoint that power loss tore within its signature is dropped with its group, wherever it was torn") {
  const test::Folder folder;
  fill(folder.path());
  const std::string segment = segment_of(folder.path()), whole = bytes_of(segment);
  const std::string head = bytes_of(folder.path() + "/head");
  const std::size_t end = whole.find_last_not_of('\0');
  const LogReading before = read_log(folder.path(), {});
  // The last group is `stop`; nobody was told of it, and the head does not know it yet.
  const std::size_t sizes[] = {1, 40, 90, 120};
  for (const std::size_t torn : sizes) {
    std::ofstream(segment, std::ios::binary | std::ios::trunc) << whole;
    for (std::size_t at = end + 1 - torn; at <= end; ++at) put_byte(segment, at, '\0');
    remember_head(folder.path(), LogHead{});
    const auto opened = test::open_ledger(folder.path());
    CHECK(opened->log_size() == before.head.size);  // without `stop`, with a new `start`
  }
}

TEST_CASE("half a group that a gate is writing is waited for; without a gate it is damage") {
  const test::Folder folder;
  fill(folder.path());
  const std::string segment = segment_of(folder.path()), whole = bytes_of(segment);
  const std::size_t end = whole.find_last_not_of('\0');
  const auto write_last = [&](bool there) {
    for (std::size_t at = end - 20; at <= end; ++at) put_byte(segment, at, there ? whole[at] : '\0');
  };
  write_last(false);
  CHECK_FALSE(test::verified(folder.path()).fault.empty());
  const int lock = ::open((folder.path() + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(lock, LOCK_EX) == 0);
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    write_last(true);
  });
  CHECK(test::verified(folder.path()).fault.empty());
  writer.join();
  ::close(lock);
}

TEST_CASE("a ledger that is being written verifies at any moment") {
  const test::Folder folder;
  const auto ledger = test::open_ledger(folder.path());
  std::atomic<bool> over{false};
  std::thread writer([&] {
    for (int i = 0; !over; ++i) {
      REQUIRE(wait_for(*ledger, decision("tx-" + std::to_string(i))) == Durable::yes);
      for (int more = 0; more < 50; ++more) ledger->append(decision("x-" + std::to_string(i * 50 + more)), {});
    }
  });
  std::int64_t grown = 0;
  for (int i = 0; i < 30; ++i) {
    const LedgerReport report = test::verified(folder.path());
    CHECK(report.fault == "");
    CHECK(report.records >= grown);
    grown = report.records;
  }
  over = true;
  writer.join();
  CHECK(grown > 100);
}

TEST_CASE("a folder without a ledger verifies as nothing") {
  const test::Folder folder;
  const NoteVerifier key = NoteSigner::of_seed("n", std::string(32, 's')).verifier();
  CHECK(verify_ledger(folder.path(), key).fault == "there is no ledger here");
  CHECK_THROWS_AS(verify_ledger(folder.path() + "/nothing", key), LogError);
}

TEST_CASE("an earlier checkpoint still holds, and one of another branch does not") {
  const test::Folder folder;
  fill(folder.path());
  const LogReading before = read_log(folder.path(), {});
  const NoteVerifier key = ledger_vkey(folder.path()).value();
  const auto early = parse_checkpoint(body_of(before.checkpoint));
  fill(folder.path());
  CHECK(verify_ledger(folder.path(), key, {{*early, "elsewhere"}}).fault.find("second decision") != std::string::npos);
  const test::Folder fresh;
  fill(fresh.path());
  const NoteVerifier own = ledger_vkey(fresh.path()).value();
  auto mine = parse_checkpoint(body_of(read_log(fresh.path(), {}).checkpoint));
  test::open_ledger(fresh.path());
  CHECK(verify_ledger(fresh.path(), own, {{*mine, "elsewhere"}}).fault.empty());
  mine->root[3] ^= 1u;
  CHECK(verify_ledger(fresh.path(), own, {{*mine, "elsewhere"}}).fault.find("not those of the checkpoint from") !=
        std::string::npos);
}

TEST_CASE("every changed byte is found") {
  const test::Folder folder;
  fill(folder.path(), 3);
  const std::string path = segment_of(folder.path()), original = bytes_of(path);
  std::size_t used = original.size();
  while (original[used - 1] == '\0') --used;
  std::size_t found = 0, tried = 0;
  for (std::size_t at = 0; at < used + 40; ++at) {
    for (const unsigned bit : {1u, 128u}) {
      put_byte(path, at, static_cast<char>(static_cast<unsigned char>(original[at]) ^ bit));
      ++tried;
      if (!test::verified(folder.path()).fault.empty()) ++found;
    }
    put_byte(path, at, original[at]);
  }
  CHECK(test::verified(folder.path()).fault.empty());
  CHECK(found == tried);
}

TEST_CASE("a damaged, shortened or older ledger does not start, and the reason says what to do") {
  const test::Folder folder;
  fill(folder.path());
  const std::string path = segment_of(folder.path()), original = bytes_of(path);
  const std::size_t in_a_record = original.find("tx-3");
  put_byte(path, in_a_record, '!');
  CHECK_THROWS_WITH(test::open_ledger(folder.path()),
                    Catch::Contains("damaged from record") && Catch::Contains("ledger verify"));
  put_byte(path, in_a_record, original[in_a_record]);
  // The newest records are gone, as after an older backup.
  std::size_t used = original.size();
  while (original[used - 1] == '\0') --used;
  const std::size_t half = original.find("\"tx\":\"tx-10\"");
  const std::size_t frame = original.rfind("{\"kind\"", half) - 4;
  for (std::size_t at = frame; at < used; ++at) put_byte(path, at, '\0');
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("an older copy was put back"));
  CHECK(test::verified(folder.path()).fault.find("are gone") != std::string::npos);
}

TEST_CASE("a group that power loss cut off before anyone was told of it is dropped, and the start record says so") {
  const test::Folder folder;
  fill(folder.path());
  const std::string path = segment_of(folder.path()), original = bytes_of(path);
  std::size_t used = original.size();
  while (original[used - 1] == '\0') --used;
  put_byte(path, used + 3, 50);
  put_byte(path, used + 6, 'x');
  {
    const auto opened = test::open_ledger(folder.path());
    Ledger& ledger = *opened;
    CHECK(wait_for(ledger, decision("na")) == Durable::yes);
  }
  CHECK(test::verified(folder.path()).fault.empty());
  CHECK(bytes_of(path).find("\"torn\":0,", used) == std::string::npos);
}

TEST_CASE("a broken disk seals: waiters hear it, nothing is retried, nothing more is taken") {
  const test::Folder folder;
  const auto opened = test::open_ledger(folder.path());
  Ledger& ledger = *opened;
  REQUIRE(wait_for(ledger, decision("a")) == Durable::yes);
  ledger.break_storage();
  CHECK(wait_for(ledger, decision("b")) == Durable::sealed);
  CHECK(ledger.sealed());
  CHECK(wait_for(ledger, decision("c")) == Durable::sealed);
}

TEST_CASE("a second gate on the same ledger is refused at the lock") {
  const test::Folder folder;
  const auto opened = test::open_ledger(folder.path());
  CHECK_THROWS_WITH(test::open_ledger(folder.path()), Catch::Contains("another gate is using this ledger"));
}

TEST_CASE("many writers at once: every acknowledged record is there, and the queue has an end") {
  const test::Folder folder;
  std::atomic<int> yes{0}, shed{0};
  {
    const auto opened = test::open_ledger(folder.path());
    Ledger& ledger = *opened;
    std::vector<std::thread> writers;
    for (int writer = 0; writer < 4; ++writer)
      writers.emplace_back([&, writer] {
        for (int i = 0; i < 5000; ++i)
          ledger.append(decision(std::to_string(writer) + "-" + std::to_string(i)),
                        [&](const Receipt& receipt) { ++(receipt.durable == Durable::yes ? yes : shed); });
      });
    for (auto& writer : writers) writer.join();
  }
  CHECK(yes + shed == 20'000);
  const LedgerReport report = test::verified(folder.path());
  CHECK(report.fault.empty());
  CHECK(report.decisions == yes);
}

TEST_CASE("segments roll over and are read as one") {
  const test::Folder folder;
  const std::string filler(7000, 'x');
  constexpr int records = 3000;  // about 21 MB
  {
    const auto opened = test::open_ledger(folder.path());
    Ledger& ledger = *opened;
    for (int i = 0; i < records; ++i) {
      RecordWriter record("decision");
      record.add("tx", std::to_string(i)).add("verdict", "block").add("zz", filler);
      if (i % 100 == 0)
        REQUIRE(wait_for(ledger, record.finish()) == Durable::yes);
      else
        ledger.append(record.finish(), {});
    }
  }
  const LedgerReport report = test::verified(folder.path());
  CHECK(report.fault.empty());
  CHECK(report.decisions == records);
  std::int64_t seen = 0;
  read_log_from(folder.path(), 2900, [&](std::int64_t index, std::string_view) {
    if (seen == 0) CHECK(index == 2900);
    ++seen;
    return true;
  });
  CHECK(seen == records + 2 - 2900);
}
