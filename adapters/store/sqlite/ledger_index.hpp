// An index over the ledger in SQLite: which record is the decision with this id. Filled behind the durable record and
// rebuilt from it; losing it loses nothing (docs/decisions/0005).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/sqlite/database.hpp"

namespace koppelpoort {

class LedgerIndex {
 public:
  struct Row {
    std::string tx;          // decision id
    std::int64_t index = 0;  // position of its record in the ledger
  };

  LedgerIndex(const std::string& path, Database::Mode mode);

  void add(const std::vector<Row>& rows, std::int64_t indexed);  // `indexed`: all records below are known now
  std::int64_t indexed();
  std::optional<std::int64_t> find(std::string_view tx);

 private:
  Database database_;
};

}  // namespace koppelpoort
