// How often a purpose has obtained data about a person this calendar month (KP-503). Filled from the ledger at start.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "legal_bases/date.hpp"

namespace koppelpoort {

class Frequency {
 public:
  // Runs `decide` with the highest count of these persons and, when it says that data pass, counts them: nobody else
  // gets in between, so a limit cannot be passed by asking twice at once.
  template <typename Decide>
  void with_count(const std::string& purpose, const std::vector<std::string>& persons, Date day, Decide decide) {
    const std::lock_guard guard(mutex_);
    turn_month(day);
    int most = 0;
    for (const auto& person : persons) most = std::max(most, counts_[{purpose, person}]);
    if (decide(most))
      for (const auto& person : persons) ++counts_[{purpose, person}];
  }

  void take(Frequency& other) {
    month_ = other.month_;
    counts_ = std::move(other.counts_);
  }

  void count(const std::string& purpose, const std::string& person, Date day) {
    with_count(purpose, {person}, day, [](int) { return true; });
  }

 private:
  void turn_month(Date day) {
    const std::chrono::year_month_day date{day};
    const auto month = date.year() / date.month();
    if (month == month_) return;
    month_ = month;
    counts_.clear();
  }

  std::mutex mutex_;
  std::chrono::year_month month_{};
  std::map<std::pair<std::string, std::string>, int> counts_;
};

}  // namespace koppelpoort
