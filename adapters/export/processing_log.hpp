// A release of data as records of the Logboek Dataverwerkingen (LDV): one line for each action and person, without a
// word about the employee, and the person as the gate's pseudonym.
#pragma once

#include <vector>

#include "adapters/export/exported.hpp"
#include "adapters/export/otlp.hpp"

namespace koppelpoort {

// Empty when nothing was released. Several persons: a child span each of the decision's.
std::vector<Span> processing_log_spans(const ExportedDecision& decision);

}  // namespace koppelpoort
