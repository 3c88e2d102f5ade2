// A release as a verwerkingsactie (GEMMA verwerkingenlogging, write API 0.9): what was provided to whom, for which
// processing activity, about which persons; those only as pseudonyms.
#pragma once

#include <string>

#include "adapters/export/exported.hpp"

namespace koppelpoort {

// JSON for `POST /verwerkingsacties`; of a decision that was released.
std::string processing_action(const ExportedDecision& decision);

}  // namespace koppelpoort
