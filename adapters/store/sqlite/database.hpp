// SQLite behind RAII. One process, one connection that writes (docs/decisions/0005); errors become StoreError.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace koppelpoort {

// What failed, at which file, and what to do; never a value that was being stored.
struct StoreError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(int position, std::int64_t value);
  Statement& bind(int position, std::string_view text);
  Statement& bind_bytes(int position, std::string_view bytes);
  bool step();  // true when a row is there
  void run();   // for statements without rows; resets
  void reset();

  std::int64_t integer(int column) const;
  std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  [[noreturn]] void fail() const;
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// What a file holds: SQL for each of its versions, from the first; PRAGMA user_version says how many were run.
using Schema = std::span<const char* const>;

class Database {
 public:
  enum class Mode { create, write, read, memory };
  // `create` makes the file when it is not there; `write` and `read` refuse a file that is not there; `memory` keeps
  // none.
  Database(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(const std::string& sql);
  // Makes what is missing, and brings a file of an earlier version to this one, all or nothing. Not in `read`.
  void bring_up_to(Schema schema);
  // That tables and triggers are those of this schema and no others: a trigger that was taken away is found here. A
  // file of an earlier version may be read; of a later one never.
  void require(Schema schema);
  Statement prepare(std::string_view sql) { return {handle_.get(), sql}; }
  // Held by a transaction: over all processes one writes and checkpoints at a time, which SQLite 3.40 needs in WAL mode
  // (sqlite.org/wal.html#walresetbug).
  void lock();
  void unlock();

 private:
  void set_pragmas(Mode mode);
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::string path_;
  int lock_ = -1;
  std::unique_ptr<sqlite3, Close> handle_;
};

// BEGIN IMMEDIATE … COMMIT; rolls back when it is left without `commit`.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace koppelpoort
