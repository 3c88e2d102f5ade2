// What the board of one organisation should see of a period (sector picture, R20 and R21): what was asked and refused
// and why, how that compares, how long the FG took, what asks attention. No persons, and no other organisation by name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policies/analysis.hpp"
#include "policies/codes.hpp"
#include "policies/page.hpp"

namespace koppelpoort {

struct Tally {
  std::uint64_t permitted = 0, minimised = 0, forbidden = 0, missing = 0, undecided = 0;
  std::uint64_t asked() const { return permitted + minimised + forbidden + missing + undecided; }
  std::uint64_t refused() const { return forbidden + missing; }
  Tally& operator+=(const Tally& other);
};

struct BoardReport {
  std::string organisation;
  Date from{}, until{};  // half-open
  struct Line {
    std::string purpose, nl, en;  // id and title
    Tally tally;
  };
  std::vector<Line> purposes;             // most asked first
  std::map<Code, std::uint64_t> reasons;  // exchanges that each code kept back
  // Share that was refused, of organisations of the same kind: the median, when enough of them asked anything.
  std::optional<double> refused_by_peers;
  std::size_t peers = 0;
  struct Advice {
    std::size_t given = 0, waiting = 0;
    std::optional<int> median_days, longest_waiting_days;
  } advice;
  std::vector<Remark> attention;
  struct Acknowledgement {
    Instant at{};
    std::string account;
  };
  std::optional<Acknowledgement> acknowledged;

  Tally total() const;
};

// The median of the peers' shares; nothing with fewer than five, because then one of them could be told from it.
inline constexpr std::size_t peers_least = 5;
std::optional<double> median_share(std::vector<Tally> peers);
// Middle of days; the lower one of two.
std::optional<int> median_of(std::vector<int> days);

std::string to_text(const BoardReport& report, const Reasons& reasons, Language language);
std::string to_page(const BoardReport& report, const Reasons& reasons, Language language);  // HTML
std::string to_csv(const BoardReport& report);  // one line a purpose and one a reason, RFC 4180

}  // namespace koppelpoort
