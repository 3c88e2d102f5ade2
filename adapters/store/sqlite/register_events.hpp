// The register events in SQLite: append-only, versions 1, 2, 3… without gaps.
#pragma once

#include <string>
#include <vector>

#include "adapters/store/sqlite/database.hpp"
#include "policies/registers/events.hpp"

namespace koppelpoort {

class RegisterEvents {
 public:
  static void create(const std::string& path);  // refuses nothing that exists; makes what is missing
  explicit RegisterEvents(const std::string& path, Database::Mode mode = Database::Mode::write);

  // All or nothing. `expected` is the version that the caller saw: with another writer in between nothing is stored
  // and StoreError says so. Returns the new version; durable when it returns.
  std::int64_t append(const std::vector<RegisterEvent>& events, std::int64_t expected);
  std::vector<RegisterEvent> all() { return after(0); }
  std::vector<RegisterEvent> after(std::int64_t version);  // those with a higher version
  std::int64_t version();

 private:
  Database database_;
};

}  // namespace koppelpoort
