// A blocked exchange as a CloudEvent (NL GOV profile 1.1), for whoever watches: codes and whose it is to mend, nothing
// of a person.
#pragma once

#include <string>

#include "adapters/export/exported.hpp"

namespace koppelpoort {

// Structured mode, `application/cloudevents+json`. `source` is a URN of who reports.
std::string block_event(const ExportedDecision& decision, const std::string& source);

}  // namespace koppelpoort
