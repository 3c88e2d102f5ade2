#include "adapters/store/sqlite/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <map>

namespace koppelpoort {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  if (result != SQLITE_OK) fail();
}

void Statement::fail() const {
  const char* file = sqlite3_db_filename(database_, "main");
  throw StoreError(std::string(file == nullptr ? "database" : file) + ": " + sqlite3_errmsg(database_));
}

Statement& Statement::bind(int position, std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), position, value) != SQLITE_OK) fail();
  return *this;
}

Statement& Statement::bind(int position, std::string_view text) {
  if (sqlite3_bind_text64(statement_.get(), position, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
      SQLITE_OK)
    fail();
  return *this;
}

Statement& Statement::bind_bytes(int position, std::string_view bytes) {
  if (sqlite3_bind_blob64(statement_.get(), position, bytes.data(), bytes.size(), SQLITE_TRANSIENT) != SQLITE_OK)
    fail();
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) fail();
  return false;
}

void Statement::run() {
  step();
  reset();
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database::Database(const std::string& path, Mode mode) : path_(path) {
  int flags = SQLITE_OPEN_NOMUTEX | (mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  if (mode == Mode::create || mode == Mode::memory) flags |= SQLITE_OPEN_CREATE;
  // Ours alone; SQLite gives its journals the same rights.
  if (mode == Mode::create)
    if (const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600); made >= 0) ::close(made);
  sqlite3* handle = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK)
    throw StoreError(path + ": cannot be opened; run `koppelpoort init` first, or check its owner");
  set_pragmas(mode);
}

// Set, then read back: a database that does not keep its promises is not used.
void Database::set_pragmas(Mode mode) {
  sqlite3_busy_timeout(handle_.get(), 5000);
  execute(
      "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;");
  if (mode == Mode::read || mode == Mode::memory) return;
  execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
  auto journal = prepare("PRAGMA journal_mode");
  auto synchronous = prepare("PRAGMA synchronous");
  auto triggers = prepare("PRAGMA recursive_triggers");
  if (!journal.step() || journal.text(0) != "wal" || !synchronous.step() || synchronous.integer(0) != 2 ||
      !triggers.step() || triggers.integer(0) != 1)
    throw StoreError(path_ + ": WAL with synchronous=FULL cannot be set here; use a local file system");
}

Database::~Database() {
  if (lock_ >= 0) ::close(lock_);
}

void Database::lock() {
  if (lock_ < 0) lock_ = ::open((path_ + "-lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0 || ::flock(lock_, LOCK_EX) != 0) throw StoreError(path_ + "-lock: cannot be locked; check its owner");
}

void Database::unlock() { ::flock(lock_, LOCK_UN); }

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw StoreError(path_ + ": " + sqlite3_errmsg(handle_.get()));
}

void Database::bring_up_to(Schema schema) {
  const auto version_now = [&] {
    auto select = prepare("PRAGMA user_version");
    select.step();
    return static_cast<std::size_t>(select.integer(0));
  };
  if (version_now() >= schema.size()) return;
  Transaction transaction(*this);
  for (std::size_t version = version_now(); version < schema.size(); ++version) execute(schema[version]);
  execute("PRAGMA user_version=" + std::to_string(schema.size()));
  transaction.commit();
}

void Database::require(Schema schema) {
  auto select = prepare("PRAGMA user_version");
  select.step();
  const auto version = static_cast<std::size_t>(select.integer(0));
  if (version > schema.size()) throw StoreError(path_ + ": was made by a later version of Koppelpoort; use that one");
  using Objects = std::map<std::string, std::string>;
  const auto objects_of = [](Database& database) {
    Objects objects;
    auto all = database.prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'");
    while (all.step()) objects[all.text(0)] = all.text(1);
    return objects;
  };
  Database plain(":memory:", Mode::memory);
  for (const char* step : schema.first(std::max<std::size_t>(version, 1))) plain.execute(step);
  const Objects wanted = objects_of(plain), there = objects_of(*this);
  if (wanted == there) return;
  const auto wrong = std::ranges::find_if(wanted, [&](const auto& each) {
    const auto at = there.find(each.first);
    return at == there.end() || at->second != each.second;
  });
  throw StoreError(path_ + ": " +
                   (wrong != wanted.end() ? "`" + wrong->first + "` is missing or was changed"
                                          : "it holds tables or triggers of others") +
                   ", so it is not used; restore the file, or open it with the version that made it");
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.lock();
  try {
    database_.execute("BEGIN IMMEDIATE");
  } catch (...) {
    database_.unlock();
    throw;
  }
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const StoreError&) {
    // SQLite may have rolled back by itself; the error that brought us here is already on its way.
  }
  database_.unlock();
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
  database_.unlock();
}

}  // namespace koppelpoort
