// OpenTelemetry's protocol over HTTP, in its JSON form (OTLP 1.x, opentelemetry-proto trace/v1): one request with
// spans.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

namespace koppelpoort {

enum class SpanStatus { unset = 0, ok = 1, error = 2 };

struct Span {
  std::string trace, id, parent, name;  // ids hexadecimal
  std::int64_t start = 0, end = 0;      // microseconds since 1970
  SpanStatus status = SpanStatus::unset;
  boost::json::object attributes;  // as JSON; told in OTLP's own form
};

// The body of `POST /v1/traces`. `resource` names who speaks.
std::string otlp_request(const boost::json::object& resource, const std::string& scope, const std::vector<Span>& spans);

// How many spans the receiver did not take; from the body of its 200.
std::int64_t otlp_rejected(const std::string& body);

}  // namespace koppelpoort
