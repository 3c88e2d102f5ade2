#include "adapters/store/sqlite/relations.hpp"

#include <algorithm>
#include <limits>

namespace koppelpoort {
namespace {

constexpr const char* schema[] = {R"sql(
CREATE TABLE relation_set(
  version INTEGER PRIMARY KEY CHECK(version > 0), at INTEGER NOT NULL, purpose TEXT NOT NULL, capacity TEXT NOT NULL,
  year INTEGER NOT NULL, persons INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TRIGGER relation_set_next BEFORE INSERT ON relation_set
  WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM relation_set)
  BEGIN SELECT raise(ABORT, 'not the next version'); END;
CREATE TRIGGER relation_set_kept BEFORE DELETE ON relation_set BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER relation_set_fixed BEFORE UPDATE ON relation_set BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE INDEX relation_set_of ON relation_set(purpose, capacity, version);
CREATE TABLE relation(
  version INTEGER NOT NULL, person BLOB NOT NULL, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL,
  PRIMARY KEY(version, person, from_day, until_day)) STRICT, WITHOUT ROWID;
)sql"};

constexpr const char* columns =
    "SELECT version, at, purpose, capacity, year, persons, author, reason FROM relation_set ";

RelationSet set_of(const Statement& row) {
  return {row.integer(0),
          instant_at(row.integer(1)),
          row.text(2),
          row.text(3),
          static_cast<int>(row.integer(4)),
          row.integer(5),
          row.text(6),
          row.text(7)};
}

std::string_view bytes_of(const RelationName& name) { return {name.data(), name.size()}; }

}  // namespace

Relations::Relations(const std::string& path, Database::Mode mode) : database_(path, mode) {
  if (mode != Database::Mode::read) database_.bring_up_to(schema);
  database_.require(schema);
  if (mode != Database::Mode::read) database_.execute("PRAGMA secure_delete=ON");
}

std::int64_t Relations::replace(const RelationSet& set, std::vector<RelationRow>& rows) {
  // In the order of the key, so that the tree grows at its end alone.
  const auto key = [](const RelationRow& row) { return std::tuple(bytes_of(row.person), row.from, row.until); };
  std::ranges::sort(rows, {}, key);
  rows.erase(std::unique(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
             rows.end());
  Transaction transaction(database_);
  auto newest = database_.prepare("SELECT coalesce(max(version), 0) FROM relation_set");
  newest.step();
  const std::int64_t version = newest.integer(0) + 1;
  newest.reset();
  auto insert = database_.prepare("INSERT INTO relation VALUES(?,?,?,?)");
  for (const auto& row : rows) {
    insert.bind(1, version).bind_bytes(2, bytes_of(row.person)).bind(3, std::int64_t{row.from});
    insert.bind(4, std::int64_t{row.until});
    insert.run();
  }
  auto made = database_.prepare("INSERT INTO relation_set VALUES(?,?,?,?,?,?,?,?)");
  made.bind(1, version).bind(2, set.at.time_since_epoch().count()).bind(3, set.purpose).bind(4, set.capacity);
  made.bind(5, std::int64_t{set.year}).bind(6, static_cast<std::int64_t>(rows.size()));
  made.bind(7, set.author).bind(8, set.reason);
  made.run();
  // Who was in the set before and is not now, is gone from the file.
  database_
      .prepare(
          "DELETE FROM relation WHERE version IN "
          "(SELECT version FROM relation_set WHERE purpose = ? AND capacity = ? AND version < ?)")
      .bind(1, set.purpose)
      .bind(2, set.capacity)
      .bind(3, version)
      .run();
  transaction.commit();
  return version;
}

Relations::Reading::Reading(Relations& relations) : relations_(relations) { relations_.database_.execute("BEGIN"); }

Relations::Reading::~Reading() {
  try {
    // A statement that was left by an error keeps the store as it was then.
    if (relations_.sets_) relations_.sets_->reset();
    if (relations_.row_) relations_.row_->reset();
    relations_.database_.execute("COMMIT");
  } catch (const StoreError&) {
    relations_.sets_.reset();
    relations_.row_.reset();
  }
}

std::vector<RelationSet> Relations::after(std::int64_t version) {
  std::vector<RelationSet> sets;
  auto select = database_.prepare(std::string(columns) + "WHERE version > ? ORDER BY version");
  select.bind(1, version);
  while (select.step()) sets.push_back(set_of(select));
  return sets;
}

std::vector<RelationSet> Relations::of_purpose(std::string_view purpose) {
  std::vector<RelationSet> sets;
  if (!sets_)
    sets_ = database_.prepare(std::string(columns) +
                              "WHERE version IN (SELECT max(version) FROM relation_set WHERE purpose = ? "
                              "GROUP BY capacity) ORDER BY capacity");
  sets_->reset();  // an error may have left it in the middle
  sets_->bind(1, purpose);
  while (sets_->step()) sets.push_back(set_of(*sets_));
  sets_->reset();
  return sets;
}

bool Relations::stands(std::int64_t version, const RelationName& person, Date day) {
  if (!row_)
    row_ = database_.prepare(
        "SELECT 1 FROM relation WHERE version = ? AND person = ? AND from_day <= ? AND until_day > ? LIMIT 1");
  const std::int64_t days = day.time_since_epoch().count();
  row_->reset();
  row_->bind(1, version).bind_bytes(2, bytes_of(person)).bind(3, days).bind(4, days);
  const bool found = row_->step();
  row_->reset();  // a statement that is not reset keeps the store as it was then
  return found;
}

}  // namespace koppelpoort
