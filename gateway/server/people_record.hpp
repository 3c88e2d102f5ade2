// What people did stands in stores of their own: accounts, proposals, client relations. Here, that it was not rewritten
// since: a digest of it in the ledger. One thread.
#pragma once

#include <memory>
#include <string_view>

#include "adapters/store/sqlite/accounts.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "adapters/store/sqlite/relations.hpp"
#include "gateway/config/config.hpp"
#include "gateway/ledger/ledger.hpp"

namespace koppelpoort {

class PeopleRecord {
 public:
  explicit PeopleRecord(const Config& config) : config_(config) {}

  // A `people` record that the ledger holds, at start: what it covers is not recorded again.
  void note(std::string_view entry);
  // What is new. Never throws; what could not be recorded now, is tried again.
  void record(Ledger& ledger);

 private:
  void open();

  const Config& config_;
  std::int64_t accounts_known_ = 0, relations_known_ = 0, steps_known_ = 0;  // newest versions on record
  std::unique_ptr<Accounts> accounts_;                                       // where people sign in
  std::unique_ptr<RegisterEvents> registers_;
  std::unique_ptr<Relations> relations_;  // where somebody loaded any
};

}  // namespace koppelpoort
