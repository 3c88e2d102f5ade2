// Looking into the ledger is itself recorded, durably and before anything is shown (audit design a.5, a.10): who, as
// what, why, and about whom. Refused: no role, no reason where persons are shown, or too many searches within an hour.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/custody/custodians.hpp"
#include "gateway/keys/data_keys.hpp"
#include "gateway/ledger/ledger.hpp"

namespace koppelpoort {

struct View {
  std::string user;  // who it is, as the machine knows
  CustodyRole role = CustodyRole::reader;
  std::string what;                   // `subject`, `record`, `erase`…: a word of ours, in the open part
  std::string reason;                 // in the private part, like the rest below; a reader need not give one
  std::vector<std::string> subjects;  // pseudonyms
};

struct Search {
  std::string user;
  std::int64_t at = 0;  // microseconds
};

// The search that this record is, when it was allowed and within the last hour.
std::optional<Search> recent_search(std::int64_t position, std::string_view entry, std::string_view sealed,
                                    DataKeys& keys, std::int64_t now_micros);

class Views {
 public:
  using Alarm = std::function<void(const std::string&)>;
  Views(Ledger& ledger, DataKeys& keys, std::vector<Custodian> custodians, std::string node, Alarm alarm);

  // Empty when it may go on, with its record durable; else why not. A refusal is recorded too.
  std::string leave(const View& view, std::int64_t now_micros);

  // Of somebody who has the right by their account (gateway/api); false when it could not be recorded, and nothing may
  // be shown.
  bool note(const std::string& account, std::string_view role, std::string_view what);

  // A search of the last hour that the ledger holds, so that a restart gives nobody more of them.
  void remember(const std::string& user, std::int64_t at_micros);

 private:
  std::string refusal(const View& view, std::int64_t now_micros);
  bool record(const View& view, std::string_view role, bool allowed);

  Ledger& ledger_;
  DataKeys& keys_;
  const std::vector<Custodian> custodians_;
  const std::string node_;
  Alarm alarm_;
  std::mutex mutex_;
  std::map<std::string, std::deque<std::int64_t>> searches_;  // by user
};

}  // namespace koppelpoort
