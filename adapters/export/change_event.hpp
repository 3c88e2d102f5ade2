// A change of the registers as a CloudEvent (NL GOV profile 1.1), for whoever follows what is approved, suspended or
// ended: which entry and which version, neither who did it nor why.
#pragma once

#include <string>

#include "policies/registers/events.hpp"

namespace koppelpoort {

// Structured mode, `application/cloudevents+json`. `source` is a URN of who reports.
std::string change_event(const RegisterEvent& event, const std::string& source);

}  // namespace koppelpoort
