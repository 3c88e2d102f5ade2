// Registers as events: every change is one immutable event, the state at a version is the fold of the events up to
// it (decision model, section 6). Pure; where events are kept is the store's business.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policies/registers/registers.hpp"

namespace koppelpoort {

struct RegisterEvent {
  std::int64_t version = 0;  // 1, 2, 3… without gaps; given by the store
  Instant at{};
  std::string author, author_role, reason;
  std::string kind;  // organisation | service | purpose | necessity | mandate
  std::string id;
  bool removed = false;
  std::string body;  // the entry as canonical TOML; empty when removed
};

// The state after all events with version <= `until`. A body that cannot be read is a problem: the registers are
// damaged and nothing may be decided on them.
Registers fold(const std::vector<RegisterEvent>& events, std::int64_t until, Problems& problems);
// The state `before` after these later events; the same as folding all from the beginning.
Registers fold_onto(Registers before, const std::vector<RegisterEvent>& events, Problems& problems);

// The register tables in `root` ([[organisation]], [[service]], …) as events without version, author and time. Other
// keys of `root` are left to the caller, who calls `done`.
std::vector<RegisterEvent> read_register_tables(TomlTable& root);
// The same for a file that holds nothing else.
std::vector<RegisterEvent> read_register_file(const TomlDocument& document, Problems& problems);

// What `wanted` changes on the state after `events`: those events of `wanted` whose body differs from the last one.
// With `prune`, entries that `wanted` does not name are removed.
std::vector<RegisterEvent> difference(const std::vector<RegisterEvent>& events,
                                      const std::vector<RegisterEvent>& wanted, bool prune);

// The registers after `events` as one file that `read_register_file` reads back to the same entries.
std::string export_registers(const std::vector<RegisterEvent>& events);

}  // namespace koppelpoort
