#include "gateway/ledger/tiles.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

namespace fs = std::filesystem;

void add(Ledger& ledger, int from, int until) {
  std::promise<void> done;
  for (int i = from; i < until; ++i) {
    RecordWriter record("decision");
    record.add("tx", std::to_string(i)).add("verdict", "block");
    if (i + 1 < until)
      ledger.append(record.finish(), {});
    else
      ledger.append(record.finish(), [&](const Receipt&) { done.set_value(); });
  }
  done.get_future().wait();
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("tiles have the names of the standard") {
  CHECK(tile_path(0, 0, 256) == "tile/0/000");
  CHECK(tile_path(1, 1'234'067, 256) == "tile/1/x001/x234/067");
  CHECK(tile_path(-1, 273, 112) == "tile/entries/273.p/112");
  CHECK(tile_path(2, 1000, 1) == "tile/2/x001/000.p/1");
}

TEST_CASE("an export verifies by itself, goes on later, and shows every changed file") {
  const test::Folder folder;
  const std::string log = folder.path() + "/log", out = folder.path() + "/out";
  fs::create_directories(log);
  {
    const auto ledger = test::open_ledger(log);
    add(*ledger, 0, 3000);
  }
  const NoteVerifier key = ledger_vkey(log).value();
  CHECK(export_tiles(log, out, key).size == 3002);  // with start and stop
  CHECK(fs::exists(out + "/tile/0/010"));
  CHECK(fs::exists(out + "/tile/0/011.p/186"));
  CHECK(fs::exists(out + "/tile/1/000.p/11"));
  LedgerReport report = verify_tiles(out, key);
  CHECK(report.fault == "");
  CHECK(report.decisions == 3000);
  {
    const auto ledger = test::open_ledger(log);
    add(*ledger, 3000, 3400);
  }
  CHECK(export_tiles(log, out, key).size == 3404);
  CHECK(verify_tiles(out, key).fault == "");

  std::size_t tried = 0;
  for (const auto& item : fs::recursive_directory_iterator(out)) {
    if (!item.is_regular_file() || item.path().filename() == "vkey") continue;
    // What the earlier export left at its edge is replaced by whole tiles now, and not looked at any more.
    if (item.path().string().find(".p/186") != std::string::npos ||
        item.path().string().find("000.p/11") != std::string::npos)
      continue;
    const std::string whole = bytes_of(item.path());
    for (const std::size_t at : {std::size_t{0}, whole.size() / 2, whole.size() - 1}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      std::ofstream(item.path(), std::ios::binary) << changed;
      std::string fault;
      try {
        fault = verify_tiles(out, key).fault;
      } catch (const LogError& error) {
        fault = error.what();
      }
      INFO(item.path() << " at " << at);
      CHECK_FALSE(fault.empty());
      ++tried;
    }
    std::ofstream(item.path(), std::ios::binary) << whole;
  }
  CHECK(tried > 80);
  CHECK(verify_tiles(out, key).fault == "");
  const NoteVerifier other = NoteSigner::of_seed(key.name(), std::string(32, 's')).verifier();
  CHECK(verify_tiles(out, other).fault.find("not signed by") != std::string::npos);
  CHECK_THROWS_AS(export_tiles(log, out, other), LogError);
}

TEST_CASE("an export never replaces evidence by an older or another branch") {
  const test::Folder folder;
  const std::string log = folder.path() + "/log", copy = folder.path() + "/copy", out = folder.path() + "/out";
  fs::create_directories(log);
  {
    const auto ledger = test::open_ledger(log);
    add(*ledger, 0, 20);
  }
  fs::copy(log, copy);
  {
    const auto ledger = test::open_ledger(log);
    add(*ledger, 20, 30);
  }
  const NoteVerifier key = ledger_vkey(log).value();
  const Checkpoint newest = export_tiles(log, out, key);
  const std::string kept = bytes_of(out + "/checkpoint");
  CHECK_THROWS_WITH(export_tiles(copy, out, key), Catch::Contains("checkpoint from " + out));
  {
    const auto ledger = test::open_ledger(copy);
    add(*ledger, 100, 130);
  }
  CHECK_THROWS_AS(export_tiles(copy, out, key), LogError);
  CHECK(bytes_of(out + "/checkpoint") == kept);
  CHECK(verify_tiles(out, key, {{newest, "elsewhere"}}).fault == "");
  CHECK(verify_tiles(out, key, {{{newest.origin, 5, newest.root}, "elsewhere"}})
            .fault.find("checkpoint from elsewhere") != std::string::npos);
}
