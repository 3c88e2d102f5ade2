#include "gateway/keys/retention.hpp"

#include <algorithm>

namespace koppelpoort {

const RetentionClass& Retention::of(const std::string& purpose) const {
  for (const auto& each : classes)
    if (std::ranges::find(each.purposes, purpose) != each.purposes.end()) return each;
  return classes.front();
}

Date Retention::keep_until(const RetentionClass& retention, Date month) {
  const std::chrono::year_month_day day{month};
  const auto end = std::chrono::year_month{day.year(), day.month()} + std::chrono::months{retention.months + 1};
  return Date{end / 1};
}

std::string month_text(Date day) { return to_text(day).substr(0, 7); }

}  // namespace koppelpoort
