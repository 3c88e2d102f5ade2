// What was obtained about each person, as far as decisions need it: how often a purpose asked this calendar month
// (KP-503) and which services gave what for which purpose within the window (KP-602, KP-603). Filled from the ledger at
// start; keys are pseudonyms. Memory: about 200 bytes for each person of whom something was obtained in the window.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "legal_bases/date.hpp"

namespace koppelpoort {

class PersonHistory {
 public:
  struct Obtained {
    std::string service, purpose;
    bool operator==(const Obtained&) const = default;
    auto operator<=>(const Obtained&) const = default;
  };
  struct Known {
    int this_month = 0;
    std::vector<Obtained> obtained;  // sorted
  };

  // A person under this year's key, and under last year's where the window reaches back that far.
  struct Person {
    std::string now, before;
  };

  explicit PersonHistory(int window_days) : window_days_(window_days) {}

  // Runs `decide` once for each different history among these persons, until one says that nothing passes. When all
  // pass, the persons are counted. Nobody else gets in between, so no limit can be passed by asking twice at once.
  void with(const Obtained& asked, const std::vector<Person>& persons, Date day,
            const std::function<bool(const Known&)>& decide);

  // What the ledger says happened on `day`; in any order.
  void remember(const Obtained& got, const std::string& person, Date day, Date today);

  // Whether what happened on `day` still counts.
  bool reaches(Date day, Date today) const;
  std::size_t persons() const;

 private:
  struct Visit {
    std::uint32_t what = 0;  // position in pairs_
    std::int32_t last = 0;   // days since 1970
    std::int32_t month = 0;  // of the count
    std::int32_t count = 0;
  };

  std::uint32_t position_of(const Obtained& pair);
  Known known_about(const Person& person, const Obtained& asked, std::int32_t today);
  void count(const std::string& person, std::uint32_t what, std::int32_t day, std::int32_t today);
  bool counts(std::int32_t day, std::int32_t today) const;
  void forget_old(std::int32_t today);

  const int window_days_;
  mutable std::mutex mutex_;
  std::vector<Obtained> pairs_;
  std::map<Obtained, std::uint32_t> positions_;
  std::unordered_map<std::string, std::vector<Visit>> visits_;
  std::int32_t swept_ = 0;
};

}  // namespace koppelpoort
