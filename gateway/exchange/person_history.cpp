#include "gateway/exchange/person_history.hpp"

#include <algorithm>

namespace koppelpoort {
namespace {

std::int32_t number_of(Date day) { return static_cast<std::int32_t>(day.time_since_epoch().count()); }

std::int32_t month_of(std::int32_t day) {
  const std::chrono::year_month_day date{Date{std::chrono::days{day}}};
  return static_cast<int>(date.year()) * 12 + static_cast<std::int32_t>(static_cast<unsigned>(date.month()));
}

}  // namespace

void PersonHistory::with(const Obtained& asked, const std::vector<Person>& persons, Date day,
                         const std::function<bool(const Known&)>& decide) {
  const std::int32_t today = number_of(day);
  const std::lock_guard guard(mutex_);
  forget_old(today);
  std::vector<Known> different;
  for (const auto& person : persons) {
    Known known = known_about(person, asked, today);
    const auto same = std::ranges::find(different, known.obtained, &Known::obtained);
    if (same == different.end())
      different.push_back(std::move(known));
    else
      same->this_month = std::max(same->this_month, known.this_month);
  }
  if (different.empty()) different.emplace_back();
  for (const auto& known : different)
    if (!decide(known)) return;
  const std::uint32_t what = position_of(asked);
  for (const auto& person : persons) count(person.now, what, today, today);
}

void PersonHistory::remember(const Obtained& got, const std::string& person, Date day, Date today) {
  const std::lock_guard guard(mutex_);
  count(person, position_of(got), number_of(day), number_of(today));
}

bool PersonHistory::reaches(Date day, Date today) const { return counts(number_of(day), number_of(today)); }

bool PersonHistory::counts(std::int32_t day, std::int32_t today) const {
  return today - day < window_days_ || month_of(day) == month_of(today);
}

std::size_t PersonHistory::persons() const {
  const std::lock_guard guard(mutex_);
  return visits_.size();
}

std::uint32_t PersonHistory::position_of(const Obtained& pair) {
  const auto [at, fresh] = positions_.emplace(pair, static_cast<std::uint32_t>(pairs_.size()));
  if (fresh) pairs_.push_back(pair);
  return at->second;
}

PersonHistory::Known PersonHistory::known_about(const Person& person, const Obtained& asked, std::int32_t today) {
  Known known;
  const std::int32_t month = month_of(today);
  for (const std::string* name : {&person.now, &person.before}) {
    const auto at = visits_.find(*name);
    if (at == visits_.end()) continue;
    for (const Visit& visit : at->second) {
      const Obtained& pair = pairs_[visit.what];
      if (visit.month == month && pair.purpose == asked.purpose) known.this_month += visit.count;
      if (today - visit.last < window_days_) known.obtained.push_back(pair);
    }
  }
  std::ranges::sort(known.obtained);
  known.obtained.erase(std::unique(known.obtained.begin(), known.obtained.end()), known.obtained.end());
  return known;
}

void PersonHistory::count(const std::string& person, std::uint32_t what, std::int32_t day, std::int32_t today) {
  if (!counts(day, today)) return;
  auto& visits = visits_[person];
  auto at = std::ranges::find(visits, what, &Visit::what);
  if (at == visits.end()) at = visits.insert(visits.end(), {what, day, month_of(day), 0});
  at->last = std::max(at->last, day);
  if (at->month < month_of(day)) {
    at->month = month_of(day);
    at->count = 0;
  }
  if (at->month == month_of(day)) ++at->count;
}

// Once a day: what neither the window nor the month needs.
void PersonHistory::forget_old(std::int32_t today) {
  if (swept_ == today) return;
  swept_ = today;
  const std::int32_t month = month_of(today);
  for (auto at = visits_.begin(); at != visits_.end();) {
    std::erase_if(at->second,
                  [&](const Visit& visit) { return today - visit.last >= window_days_ && visit.month != month; });
    at = at->second.empty() ? visits_.erase(at) : std::next(at);
  }
}

}  // namespace koppelpoort
