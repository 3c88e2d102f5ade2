#include "adapters/store/sqlite/register_events.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "adapters/store/sqlite/ledger_index.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

RegisterEvent event(const std::string& id) {
  return {0, {}, "jan", "beheerder", "reden", "organisation", id, false, "oin = '" + id + "'"};
}

}  // namespace

TEST_CASE("events get the next versions, all or none, and only on the version that the caller saw") {
  const test::Folder folder;
  const std::string path = folder.path() + "/r.sqlite";
  CHECK_THROWS_AS(RegisterEvents(path), StoreError);  // refuses to make what should exist
  RegisterEvents::create(path);
  RegisterEvents store(path);
  CHECK(store.append({event("a"), event("b")}, 0) == 2);
  CHECK_THROWS_AS(store.append({event("c")}, 1), StoreError);
  CHECK(store.append({event("c")}, 2) == 3);
  const auto all = store.all();
  REQUIRE(all.size() == 3);
  CHECK(all[2].id == "c");
  CHECK(all[2].version == 3);
  CHECK(RegisterEvents(path, Database::Mode::read).version() == 3);
}

TEST_CASE("nothing in the register file can be changed, removed or replaced by accident") {
  const test::Folder folder;
  const std::string path = folder.path() + "/r.sqlite";
  RegisterEvents::create(path);
  RegisterEvents(path).append({event("a"), event("b")}, 0);
  Database raw(path, Database::Mode::write);
  for (const char* triggers : {"PRAGMA recursive_triggers=ON", "PRAGMA recursive_triggers=OFF"}) {
    raw.execute(triggers);
    for (const char* sql :
         {"UPDATE event SET body='x'", "DELETE FROM event",
          "INSERT OR REPLACE INTO event VALUES(1,0,'','','','','',0,'x')",
          "INSERT INTO event VALUES(9,0,'','','','','',0,'x')",
          "INSERT INTO event VALUES(1,0,'','','','','',0,'x') ON CONFLICT(version) DO UPDATE SET body='x'"}) {
      INFO(triggers << ": " << sql);
      CHECK_THROWS_AS(raw.execute(sql), StoreError);
    }
  }
  CHECK(RegisterEvents(path).all().size() == 2);
}

TEST_CASE("the ledger's index finds a decision and says how far it got") {
  const test::Folder folder;
  LedgerIndex index(folder.path() + "/i.sqlite", Database::Mode::create);
  index.add({{"een", 4}, {"twee", 9}}, 10);
  CHECK(index.indexed() == 10);
  CHECK(index.find("twee") == 9);
  CHECK_FALSE(index.find("drie"));
}

TEST_CASE("a store whose triggers were taken away or changed is not used") {
  const test::Folder folder;
  const std::string file = folder.path() + "/registers.sqlite";
  RegisterEvents::create(file);
  CHECK_NOTHROW(RegisterEvents(file, Database::Mode::read));
  const char* const spoiled[] = {
      "DROP TRIGGER event_kept", "CREATE TABLE other(x)",
      "DROP TRIGGER event_fixed; CREATE TRIGGER event_fixed BEFORE UPDATE ON event BEGIN SELECT 1; END"};
  for (const char* sql : spoiled) {
    INFO(sql);
    const std::string copy = folder.path() + "/copy.sqlite";
    std::filesystem::copy_file(file, copy, std::filesystem::copy_options::overwrite_existing);
    Database(copy, Database::Mode::write).execute(sql);
    CHECK_THROWS_WITH(RegisterEvents(copy, Database::Mode::write), Catch::Contains("is not used"));
    CHECK_THROWS_WITH(RegisterEvents(copy, Database::Mode::read), Catch::Contains("is not used"));
  }
}
