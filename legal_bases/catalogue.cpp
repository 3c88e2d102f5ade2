#include "legal_bases/catalogue.hpp"

#include <algorithm>

namespace koppelpoort {

bool Condition::asked_on(Date day, Volume volume) const {
  if (from && day < *from) return false;
  return volumes.empty() || std::ranges::find(volumes, volume) != volumes.end();
}

const Validity* Entry::interval_on(Date day) const {
  for (const auto& interval : validity)
    if (interval.from <= day && (!interval.until || day < *interval.until)) return &interval;
  return nullptr;
}

LawState Entry::state_on(Date day) const {
  const Validity* interval = interval_on(day);
  return interval != nullptr ? interval->state : LawState::unknown;
}

const Entry* Catalogue::find(std::string_view id) const {
  const auto at = entries.find(id);
  return at == entries.end() ? nullptr : &at->second;
}

}  // namespace koppelpoort
