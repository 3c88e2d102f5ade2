#include "adapters/store/sqlite/releases.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

const Instant morning = *parse_instant("2026-11-25T08:00:00Z");

std::shared_ptr<const Snapshot> snapshot_under(const std::shared_ptr<const Knowledge>& knowledge, Settings settings) {
  Problems problems;
  return Snapshot::compile(knowledge, {}, 0, std::move(settings), problems);
}

std::shared_ptr<const Knowledge> with_another_sentence() {
  Texts texts = test::knowledge()->texts;
  std::string& reasons = texts.at("policies/reasons.toml");
  reasons += "\n# a later remark\n";
  Problems problems;
  return read_knowledge(std::move(texts), problems);
}

}  // namespace

TEST_CASE("a release is kept once, found by the beginning of its address, and gives the same release again") {
  const test::Folder folder;
  const std::string path = folder.path() + "/releases.sqlite";
  Releases::create(path);
  const auto first = snapshot_under(test::knowledge(), {{Confidence::verified}, true, {}});
  const auto second = snapshot_under(with_another_sentence(), {});
  {
    Releases releases(path, Database::Mode::write);
    releases.keep(*first, morning);
    releases.keep(*first, morning + std::chrono::hours{1});
    releases.keep(*second, morning + std::chrono::hours{2});
  }
  Releases::create(path);
  Releases releases(path, Database::Mode::read);
  const auto all = releases.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].address == first->digest());
  CHECK(all[0].kept_at == morning);
  CHECK(first->digest() != second->digest());

  const auto found = releases.find(first->digest().substr(0, 32));
  REQUIRE(found);
  CHECK(found->settings.accepted == std::set{Confidence::verified});
  CHECK(found->settings.cumulative_forbidden);
  Problems problems;
  const auto knowledge = read_knowledge(found->texts, problems);
  REQUIRE(knowledge != nullptr);
  CHECK(address_of_release(*knowledge, found->settings) == first->digest());
  CHECK_FALSE(releases.find("0000"));
  CHECK_FALSE(releases.find(""));

  // Texts that did not change are there once, and each has its own address.
  const auto names = releases.names_of(first->digest()), later = releases.names_of(second->digest());
  REQUIRE(names.size() == test::knowledge()->texts.size());
  std::size_t changed = 0;
  for (std::size_t i = 0; i < names.size(); ++i) changed += names[i].address == later[i].address ? 0u : 1u;
  CHECK(changed == 1);
  CHECK(releases.text(names[0].address) == test::knowledge()->texts.at(names[0].name));
  CHECK_FALSE(releases.text("0000"));
}

TEST_CASE("a kept release cannot be changed, and one that was changed all the same is refused") {
  const test::Folder folder;
  const std::string path = folder.path() + "/releases.sqlite";
  Releases::create(path);
  const auto snapshot = snapshot_under(test::knowledge(), {});
  Releases(path, Database::Mode::write).keep(*snapshot, morning);
  Database raw(path, Database::Mode::write);
  for (const char* change :
       {"UPDATE text SET body = ''", "DELETE FROM text", "REPLACE INTO text SELECT address, '' FROM text",
        "UPDATE release SET kept_at = 0", "DELETE FROM release",
        "REPLACE INTO release SELECT address, 0, '', 0 FROM release", "UPDATE release_text SET name = 'x'",
        "DELETE FROM release_text", "REPLACE INTO release_text SELECT release, name, 'x' FROM release_text"})
    CHECK_THROWS_AS(raw.execute(change), StoreError);
  raw.execute("DROP TRIGGER text_fixed");
  raw.execute("UPDATE text SET body = body || ' ' WHERE address = (SELECT max(address) FROM text)");
  CHECK_THROWS_WITH(Releases(path, Database::Mode::read), Catch::Contains("`text_fixed` is missing"));
  raw.execute(
      "CREATE TRIGGER text_fixed BEFORE UPDATE ON text BEGIN SELECT raise(ABORT, 'append-only'); END");  // as it was
  Releases releases(path, Database::Mode::read);
  CHECK_THROWS_AS(releases.find(snapshot->digest()), StoreError);
}
