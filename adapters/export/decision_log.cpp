#include "adapters/export/decision_log.hpp"

namespace koppelpoort {
namespace {

namespace json = boost::json;

json::array texts(const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); }

// In AuthZEN's words: the organisation asks to do this with that service, for a purpose.
json::object request_of(const ExportedDecision& decision) {
  json::object context{{"doelbinding", decision.purpose}, {"elements", texts(decision.asked)}};
  if (!decision.on_behalf_of.empty()) context["on_behalf_of"] = decision.on_behalf_of;
  return {
      {"subject", {{"type", "organisation"}, {"id", decision.consumer}}},
      {"action", {{"name", decision.operation}}},
      {"resource", {{"type", "service"}, {"id", decision.service}, {"properties", {{"provider", decision.provider}}}}},
      {"context", context}};
}

json::object response_of(const ExportedDecision& decision) {
  return {{"decision", decision.verdict != "block"},
          {"context",
           {{"verdict", decision.verdict},
            {"block", decision.block},
            {"codes", texts(decision.codes)},
            {"legal_bases", texts(decision.bases)},
            {"elements", texts(decision.allowed)},
            {"record", decision.id}}}};
}

}  // namespace

Span decision_log_span(const ExportedDecision& decision) {
  Span span{decision.trace,      decision.span,       decision.parent, "adl.access_evaluation",
            decision.decided_at, decision.decided_at, SpanStatus::ok,  {}};
  // A denial is an outcome; only what could not be decided is an error (ADL, status).
  if (decision.block == "undecided") span.status = SpanStatus::error;
  span.attributes = {
      {"event_name", span.name},
      {"adl.core.policies", {{"catalogue", decision.catalogue}}},
      {"adl.core.information", {{"registers", decision.registers}}},
      {"adl.core.configuration", {{"release", decision.catalogue}}},
      // Nothing in these is about a person, so they travel whole (`body` of the standard).
      {"body", {{"adl.core.request", request_of(decision)}, {"adl.core.response", response_of(decision)}}}};
  return span;
}

}  // namespace koppelpoort
