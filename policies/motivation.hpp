// Whether a necessity entry says something: a lint on empty phrases, not a judgement of the reasons (KP-502).
#pragma once

#include <string_view>

#include "policies/registers/registers.hpp"

namespace koppelpoort {

// What is wrong, in a few words; empty when nothing is.
std::string_view fault_of_motivation(const Necessity& necessity);

}  // namespace koppelpoort
