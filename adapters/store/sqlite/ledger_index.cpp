#include "adapters/store/sqlite/ledger_index.hpp"

namespace koppelpoort {
namespace {

constexpr const char* schema = R"sql(
CREATE TABLE IF NOT EXISTS decision(tx TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS progress(id INTEGER PRIMARY KEY CHECK(id = 1), indexed INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO progress VALUES(1, 0);
)sql";

}  // namespace

LedgerIndex::LedgerIndex(const std::string& path, Database::Mode mode) : database_(path, mode) {
  if (mode != Database::Mode::create) return;
  database_.execute(schema);
  // It can be rebuilt, so it need not wait for the disk.
  database_.execute("PRAGMA synchronous=NORMAL");
}

void LedgerIndex::add(const std::vector<Row>& rows, std::int64_t indexed) {
  Transaction transaction(database_);
  auto insert = database_.prepare("INSERT OR IGNORE INTO decision VALUES(?, ?)");
  for (const auto& row : rows) {
    insert.bind(1, row.tx).bind(2, row.index);
    insert.run();
  }
  database_.prepare("UPDATE progress SET indexed = ?").bind(1, indexed).run();
  transaction.commit();
}

std::int64_t LedgerIndex::indexed() {
  auto select = database_.prepare("SELECT indexed FROM progress");
  return select.step() ? select.integer(0) : 0;
}

std::optional<std::int64_t> LedgerIndex::find(std::string_view tx) {
  auto select = database_.prepare("SELECT position FROM decision WHERE tx = ?");
  select.bind(1, tx);
  if (!select.step()) return std::nullopt;
  return select.integer(0);
}

}  // namespace koppelpoort
