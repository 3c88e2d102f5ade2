// The wrapped data keys of the ledger's private parts: one for each month and retention class, destroyed when its time
// is over. Without its row what it sealed is gone, in every copy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/store/sqlite/database.hpp"

namespace koppelpoort {

struct DataKeyRow {
  std::int64_t id = 0;
  std::string retention, month;  // the class, and `2026-11`
  std::string wrapped;           // empty: destroyed
  std::string keep_until;        // a date; from that day on it is destroyed
  std::string hold;              // why it is kept longer; empty when it is not
  bool current = false;          // new parts are sealed with it
};

class DataKeyStore {
 public:
  DataKeyStore(const std::string& path, Database::Mode mode);

  std::vector<DataKeyRow> all();
  std::optional<DataKeyRow> find(std::int64_t id);
  std::optional<DataKeyRow> current(std::string_view retention, std::string_view month);
  // Becomes the current one of its class and month; durable when this returns.
  std::int64_t add(const DataKeyRow& row);
  void hold(std::int64_t id, std::string_view why);  // empty lets go
  void destroy(std::int64_t id);                     // overwrites it in the file and its journal

  // Parts that were sealed again, when one person's were erased from among those of a key.
  void keep_part(std::int64_t position, std::string_view sealed);
  std::optional<std::string> part(std::int64_t position);
  Database& database() { return database_; }

 private:
  Database database_;
};

}  // namespace koppelpoort
