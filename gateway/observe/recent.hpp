// The newest decisions of this node, for people who watch: read from the ledger behind the exchanges, without persons.
// One thread.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "gateway/ledger/logs.hpp"

namespace koppelpoort {

struct RecentDecision {
  std::int64_t position = 0;  // in the ledger
  std::string id, at, consumer, provider, on_behalf_of, service, operation, purpose, verdict, block;
  std::vector<std::string> codes;
};

class Recent {
 public:
  static constexpr std::size_t kept = 20'000;

  // Begins with what the newest segments hold. `end`: the position behind the ledger's last record; nothing is read
  // when nothing is new.
  Recent(std::string ledger_folder, std::function<std::int64_t()> end);

  // With everything that is in the ledger by now; oldest first.
  const std::deque<RecentDecision>& all();

 private:
  std::string folder_;
  std::function<std::int64_t()> end_;
  LedgerPlace place_;
  std::deque<RecentDecision> decisions_;
};

}  // namespace koppelpoort
