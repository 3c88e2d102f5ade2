#include "adapters/export/processing_log.hpp"

#include "legal_bases/digest.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t span_digits = 16;

// The same each time it is exported, so that a receiver can tell a repetition; made of the decision's random id.
std::string span_of(const ExportedDecision& decision, std::size_t person) {
  return sha256(decision.id + " " + std::to_string(person)).substr(0, span_digits);
}

}  // namespace

std::vector<Span> processing_log_spans(const ExportedDecision& decision) {
  std::vector<Span> spans;
  if (!decision.released) return spans;
  for (std::size_t i = 0; i < decision.subjects.size(); ++i) {
    Span span{decision.trace,      span_of(decision, i), decision.span,  "verstrekking " + decision.service,
              decision.decided_at, decision.released_at, SpanStatus::ok, {}};
    span.attributes = {{"dpl.core.processing_activity_id", decision.activity},
                       {"dpl.core.data_subject_id", decision.subjects[i]},
                       {"dpl.core.data_subject_id_type", "urn:koppelpoort:pseudonym"}};
    if (!decision.provider.empty())
      span.attributes["dpl.core.foreign_operation.processor"] = "urn:oin:" + decision.provider;
    spans.push_back(std::move(span));
  }
  return spans;
}

}  // namespace koppelpoort
