// What could be a person number in text that goes to somebody: a refusal must not repeat one that stood where it does
// not belong (a purpose, a field's name, a provider's message).
#pragma once

#include <string>

namespace koppelpoort {

// In JSON: instead of each run of nine or ten digits that stands by itself (a BSN, an A-number), stars within a text
// and a zero where it is a number, so that it stays JSON. OINs and ids stay.
void hide_person_numbers(std::string& json);

}  // namespace koppelpoort
