// Taking private parts out of the ledger: of one person, or of all whose time is over. The record of it stands first,
// then the key goes; what the tree proves stays proven (audit design a.15).
#pragma once

#include <string>
#include <vector>

#include "gateway/exchange/private_part.hpp"
#include "gateway/ledger/ledger.hpp"

namespace koppelpoort {

struct Erased {
  std::int64_t parts = 0;  // taken out
  std::int64_t kept = 0;   // sealed again under new keys, because they shared a key with those
  std::int64_t held = 0;   // of the person, and kept because a legal hold is on their key
};

// Of decisions about this person (their names of all years): seals what others share a key with under a new key,
// records the erasure, and destroys the old keys. Throws LogError when it cannot be recorded; then nothing was taken
// out.
Erased erase_person(Ledger& ledger, const std::string& folder, DataKeys& keys, const std::vector<std::string>& subjects,
                    const std::string& node, const std::string& ground);

// Keys whose time is over, and the pseudonym keys of years of which nothing is left. Returns how many.
std::size_t erase_due(Ledger& ledger, DataKeys& keys, Keys& secrets, const std::string& node, Date today);

}  // namespace koppelpoort
