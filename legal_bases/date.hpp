// Civil dates of Dutch law, and the one place where an instant becomes a Dutch civil date.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace koppelpoort {

using Date = std::chrono::sys_days;
using Instant = std::chrono::sys_seconds;
constexpr Instant instant_at(std::int64_t seconds) { return Instant{std::chrono::seconds{seconds}}; }  // since 1970

// `YYYY-MM-DD` only; anything else, impossible days included, is nothing.
std::optional<Date> parse_date(std::string_view text);
std::string to_text(Date date);

// RFC 3339 with `Z` or a numeric offset, seconds precision (fractions are cut off).
// A bare date is midnight in the Netherlands.
std::optional<Instant> parse_instant(std::string_view text);
std::string to_text(Instant instant);

// The day on the Dutch calendar at that instant (CET/CEST with the EU rule in force since 1996).
Date dutch_date(Instant instant);
// The first instant of a Dutch civil day.
Instant start_of(Date date);

}  // namespace koppelpoort
