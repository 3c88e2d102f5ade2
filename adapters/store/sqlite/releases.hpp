// Every catalogue release that ever decided, with the settings it was used under: each text under its SHA-256, each
// release under the digest that decision records name. Append-only, so that an old decision can always be made again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/sqlite/database.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

struct KeptRelease {
  std::string address;  // Snapshot::digest
  Instant kept_at{};    // when a gate first used it
  Settings settings;
  Texts texts;
};

class Releases {
 public:
  static void create(const std::string& path);  // does nothing to a file that is there
  Releases(const std::string& path, Database::Mode mode);

  void keep(const Snapshot& snapshot, Instant at);  // once; later calls change nothing
  // By an address or its beginning, as records hold it. Throws StoreError when a text is not what its address says.
  std::optional<KeptRelease> find(std::string_view address);
  std::vector<KeptRelease> all();  // without texts
  struct Named {
    std::string name, address;
  };
  std::vector<Named> names_of(std::string_view release);
  std::optional<std::string> text(std::string_view address);

 private:
  Database database_;
};

}  // namespace koppelpoort
