#include "adapters/store/sqlite/data_keys.hpp"

namespace koppelpoort {
namespace {

// The triggers before INSERT also stop INSERT OR REPLACE, which would skip the delete triggers.
constexpr const char* schema[] = {R"sql(
CREATE TABLE IF NOT EXISTS data_key(
  id INTEGER PRIMARY KEY, retention TEXT NOT NULL, month TEXT NOT NULL, wrapped BLOB, keep_until TEXT NOT NULL,
  hold TEXT NOT NULL DEFAULT '', current INTEGER NOT NULL CHECK(current IN (0, 1))) STRICT;
CREATE TABLE IF NOT EXISTS part(position INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS data_key_once BEFORE INSERT ON data_key
  WHEN EXISTS(SELECT 1 FROM data_key WHERE id = NEW.id) BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS data_key_kept BEFORE DELETE ON data_key BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS data_key_gone BEFORE UPDATE OF wrapped ON data_key
  WHEN NEW.wrapped IS NOT NULL BEGIN SELECT raise(ABORT, 'a key is destroyed, never replaced'); END;
)sql"};

constexpr const char* columns = "SELECT id, retention, month, wrapped, keep_until, hold, current FROM data_key ";

DataKeyRow row_of(const Statement& select) {
  return {select.integer(0), select.text(1), select.text(2),        select.text(3),
          select.text(4),    select.text(5), select.integer(6) != 0};
}

}  // namespace

DataKeyStore::DataKeyStore(const std::string& path, Database::Mode mode) : database_(path, mode) {
  if (mode == Database::Mode::create) database_.bring_up_to(schema);
  database_.require(schema);
  if (mode != Database::Mode::read) database_.execute("PRAGMA secure_delete=ON");
}

std::vector<DataKeyRow> DataKeyStore::all() {
  std::vector<DataKeyRow> rows;
  auto select = database_.prepare(std::string(columns) + "ORDER BY id");
  while (select.step()) rows.push_back(row_of(select));
  return rows;
}

std::optional<DataKeyRow> DataKeyStore::find(std::int64_t id) {
  auto select = database_.prepare(std::string(columns) + "WHERE id = ?");
  select.bind(1, id);
  if (!select.step()) return std::nullopt;
  return row_of(select);
}

std::optional<DataKeyRow> DataKeyStore::current(std::string_view retention, std::string_view month) {
  auto select = database_.prepare(std::string(columns) + "WHERE retention = ? AND month = ? AND current = 1");
  select.bind(1, retention).bind(2, month);
  if (!select.step()) return std::nullopt;
  return row_of(select);
}

std::int64_t DataKeyStore::add(const DataKeyRow& row) {
  Transaction transaction(database_);
  auto next = database_.prepare("SELECT coalesce(max(id), 0) + 1 FROM data_key");
  next.step();
  const std::int64_t id = next.integer(0);
  next.reset();
  database_.prepare("UPDATE data_key SET current = 0 WHERE retention = ? AND month = ?")
      .bind(1, row.retention)
      .bind(2, row.month)
      .run();
  auto insert = database_.prepare("INSERT INTO data_key VALUES(?, ?, ?, ?, ?, '', 1)");
  insert.bind(1, id).bind(2, row.retention).bind(3, row.month).bind_bytes(4, row.wrapped).bind(5, row.keep_until);
  insert.run();
  transaction.commit();
  return id;
}

void DataKeyStore::hold(std::int64_t id, std::string_view why) {
  database_.prepare("UPDATE data_key SET hold = ? WHERE id = ?").bind(1, why).bind(2, id).run();
}

void DataKeyStore::destroy(std::int64_t id) {
  database_.prepare("UPDATE data_key SET wrapped = NULL, current = 0 WHERE id = ?").bind(1, id).run();
  database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");  // the journal held it too
}

void DataKeyStore::keep_part(std::int64_t position, std::string_view sealed) {
  auto insert =
      database_.prepare("INSERT INTO part VALUES(?, ?) ON CONFLICT(position) DO UPDATE SET sealed = excluded.sealed");
  insert.bind(1, position).bind_bytes(2, sealed);
  insert.run();
}

std::optional<std::string> DataKeyStore::part(std::int64_t position) {
  auto select = database_.prepare("SELECT sealed FROM part WHERE position = ?");
  select.bind(1, position);
  if (!select.step()) return std::nullopt;
  return select.text(0);
}

}  // namespace koppelpoort
