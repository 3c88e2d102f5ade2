#include "adapters/store/sqlite/relations.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

RelationName name(char of) {
  RelationName made;
  made.fill(of);
  return made;
}

constexpr auto forever = std::numeric_limits<std::int32_t>::max();

RelationSet set_of(const char* purpose, const char* capacity) {
  RelationSet set;
  set.purpose = purpose;
  set.capacity = capacity;
  set.year = 2026;
  set.author = "test";
  set.reason = "nightly";
  return set;
}

}  // namespace

TEST_CASE("a set of relations replaces the one before it, and no other") {
  const test::Folder folder;
  const std::string path = folder.path() + "/relations.sqlite";
  const Date today = *parse_date("2026-11-27");
  const auto day = static_cast<std::int32_t>(today.time_since_epoch().count());
  Relations store(path, Database::Mode::create);
  std::vector<RelationRow> rows{{name('b'), 0, forever},
                                {name('a'), day, day + 1},
                                {name('c'), day + 1, forever},
                                {name('d'), 0, day},
                                {name('b'), 0, forever}};
  CHECK(store.replace(set_of("p", "client"), rows) == 1);
  CHECK(store.after(0).front().persons == 4);  // the same line twice is one
  CHECK(store.stands(1, name('a'), today));
  CHECK(store.stands(1, name('b'), today));
  CHECK_FALSE(store.stands(1, name('c'), today));  // not yet
  CHECK_FALSE(store.stands(1, name('d'), today));  // not any more
  CHECK_FALSE(store.stands(1, name('e'), today));
  CHECK_FALSE(store.stands(1, name('a'), today + std::chrono::days{1}));

  std::vector<RelationRow> others{{name('e'), 0, forever}}, newer{{name('e'), 0, forever}};
  store.replace(set_of("p", "applicant"), others);
  store.replace(set_of("q", "client"), others);
  CHECK(store.replace(set_of("p", "client"), newer) == 4);
  const auto sets = Relations(path, Database::Mode::read).of_purpose("p");
  REQUIRE(sets.size() == 2);
  CHECK(sets[0].capacity == "applicant");
  CHECK(sets[1].version == 4);
  CHECK_FALSE(store.stands(1, name('b'), today));  // gone from the file
  CHECK(store.stands(2, name('e'), today));
  CHECK(store.stands(3, name('e'), today));
  {
    // Whoever reads sees one set until the end, also when it is replaced meanwhile.
    Relations reader(path, Database::Mode::read);
    const Relations::Reading reading(reader);
    REQUIRE(reader.of_purpose("p").back().version == 4);
    std::vector<RelationRow> again{{name('f'), 0, forever}};
    CHECK(store.replace(set_of("p", "client"), again) == 5);
    CHECK(reader.of_purpose("p").back().version == 4);
    CHECK(reader.stands(4, name('e'), today));
  }
  CHECK(store.after(3).size() == 2);
  CHECK(store.of_purpose("r").empty());
}
