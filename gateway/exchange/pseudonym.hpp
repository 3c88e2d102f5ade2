// Persons as keyed pseudonyms: HMAC-SHA-256 over controller and person number, 16 bytes kept. Without the key nobody
// can try all numbers; the controller in it keeps two organisations' records from being joined; each year has a key of
// its own (audit design a.5).
#pragma once

#include <string>
#include <string_view>

#include "gateway/keys/keys.hpp"
#include "legal_bases/date.hpp"

namespace koppelpoort {

int year_of(Date day);

// What names a person for one use; `use` says which, so that names of two uses never meet.
Keys::Mac person_mac(Keys& keys, std::string_view use, int year, std::string_view controller,
                     std::string_view person_number);

// 32 hexadecimal digits. Throws KeyError when the year has no key.
std::string pseudonym_of(Keys& keys, int year, std::string_view controller, std::string_view person_number);

}  // namespace koppelpoort
