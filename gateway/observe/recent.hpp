// The newest decisions of this node, for people who watch: read from the ledger behind the exchanges, without persons.
// One thread.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "gateway/ledger/field_names.hpp"
#include "gateway/ledger/logs.hpp"

namespace koppelpoort {

struct RecentDecision {
  std::int64_t position = 0;  // in the ledger
  std::string id, at, consumer, provider, on_behalf_of, service, operation, purpose, verdict, block;
  std::vector<std::string> codes;
  std::string record;  // as written
};

class Recent {
 public:
  static constexpr std::size_t kept = 20'000;

  // Begins with what the newest segments hold. `end`: the position behind the ledger's last record; nothing is read
  // when nothing is new. `lists`: the field lists that were written before those segments.
  Recent(std::string ledger_folder, std::function<std::int64_t()> end, FieldNames lists = {});

  // With everything that is in the ledger by now; oldest first.
  const std::deque<RecentDecision>& all();
  // Nothing when it is not among them.
  const RecentDecision* find(std::string_view id);
  const FieldNames& lists() const { return lists_; }
  // Whether these are all that the ledger holds.
  bool whole() const { return from_the_first_ && decisions_.size() < kept; }

 private:
  std::string folder_;
  std::function<std::int64_t()> end_;
  LedgerPlace place_;
  std::deque<RecentDecision> decisions_;
  FieldNames lists_;
  bool from_the_first_ = false;
};

}  // namespace koppelpoort
