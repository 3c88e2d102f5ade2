// The register events and the steps of proposals in SQLite, in one file so that a signature and what it brings into
// force are there together or not at all: append-only, versions 1, 2, 3… without gaps.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "adapters/store/sqlite/database.hpp"
#include "policies/registers/events.hpp"
#include "policies/workflow/proposal.hpp"

namespace koppelpoort {

class RegisterEvents {
 public:
  static void create(const std::string& path);  // refuses nothing that exists; makes what is missing
  explicit RegisterEvents(const std::string& path, Database::Mode mode = Database::Mode::write);

  // All or nothing. `expected` is the version that the caller saw: with another writer in between nothing is stored
  // and StoreError says so. Returns the new version; durable when it returns.
  std::int64_t append(const std::vector<RegisterEvent>& events, std::int64_t expected);
  std::vector<RegisterEvent> all() { return after(0); }
  // Those with a higher version, oldest first; no more than `most`.
  std::vector<RegisterEvent> after(std::int64_t version, std::int64_t most = std::numeric_limits<std::int64_t>::max());
  std::int64_t version();

  // One step of a proposal, together with the register events that it brings about, if any. `seen`: the newest step
  // that the caller knew; nothing when somebody was faster, as with `expected`. Returns its version.
  std::optional<std::int64_t> append(const ProposalEvent& event, std::int64_t seen,
                                     const std::vector<RegisterEvent>& registers = {}, std::int64_t expected = 0);
  std::vector<ProposalEvent> proposals_after(std::int64_t version);

 private:
  std::int64_t insert(const std::vector<RegisterEvent>& events, std::int64_t expected);
  Database database_;
};

}  // namespace koppelpoort
