// A decision as a record of the Authorization Decision Log 1.0 (ADL, level 4: request, response, policies, information
// and configuration, all addressable), as a span named `adl.access_evaluation`.
#pragma once

#include "adapters/export/exported.hpp"
#include "adapters/export/otlp.hpp"

namespace koppelpoort {

Span decision_log_span(const ExportedDecision& decision);

}  // namespace koppelpoort
