// Whether a motivation says something: a lint on empty phrases, not a judgement of the reasons (KP-502, KP-603).
#pragma once

#include <string_view>

namespace koppelpoort {

// What is wrong, in a few words; empty when nothing is.
std::string_view fault_of_motivation(std::string_view proportionality, std::string_view subsidiarity);

}  // namespace koppelpoort
