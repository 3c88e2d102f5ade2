#include "adapters/export/otlp.hpp"

#include <charconv>

namespace koppelpoort {
namespace {

namespace json = boost::json;

json::object any_value(const json::value& value);

json::array key_values(const json::object& object) {
  json::array all;
  for (const auto& [key, value] : object) all.push_back({{"key", key}, {"value", any_value(value)}});
  return all;
}

// OTLP's AnyValue.
json::object any_value(const json::value& value) {
  if (value.is_bool()) return {{"boolValue", value.get_bool()}};
  if (value.is_int64()) return {{"intValue", std::to_string(value.get_int64())}};
  if (value.is_object()) return {{"kvlistValue", {{"values", key_values(value.get_object())}}}};
  if (value.is_array()) {
    json::array values;
    for (const auto& each : value.get_array()) values.push_back(any_value(each));
    return {{"arrayValue", {{"values", values}}}};
  }
  return {{"stringValue", value.is_string() ? value.get_string() : json::string()}};
}

std::string nanoseconds(std::int64_t micros) { return std::to_string(micros) + "000"; }

}  // namespace

std::string otlp_request(const json::object& resource, const std::string& scope, const std::vector<Span>& spans) {
  constexpr int internal = 1;  // SPAN_KIND_INTERNAL
  json::array all;
  for (const auto& span : spans) {
    json::object one{{"traceId", span.trace},
                     {"spanId", span.id},
                     {"name", span.name},
                     {"kind", internal},
                     {"startTimeUnixNano", nanoseconds(span.start)},
                     {"endTimeUnixNano", nanoseconds(span.end)},
                     {"attributes", key_values(span.attributes)},
                     {"status", {{"code", static_cast<int>(span.status)}}}};
    if (!span.parent.empty()) one["parentSpanId"] = span.parent;
    all.push_back(std::move(one));
  }
  const json::object scoped{{"scope", {{"name", scope}}}, {"spans", all}};
  return json::serialize(json::object{
      {"resourceSpans", {{{"resource", {{"attributes", key_values(resource)}}}, {"scopeSpans", {scoped}}}}}});
}

std::int64_t otlp_rejected(const std::string& body) {
  boost::system::error_code malformed;
  const json::value answer = json::parse(body.empty() ? "{}" : body, malformed);
  if (malformed || !answer.is_object()) return 0;
  const json::value* partial = answer.get_object().if_contains("partialSuccess");
  if (partial == nullptr || !partial->is_object()) return 0;
  const json::value* rejected = partial->get_object().if_contains("rejectedSpans");
  if (rejected == nullptr) return 0;
  if (rejected->is_int64()) return rejected->get_int64();
  std::int64_t count = 0;  // 64-bit numbers travel as text
  if (rejected->is_string())
    std::from_chars(rejected->get_string().data(), rejected->get_string().data() + rejected->get_string().size(),
                    count);
  return count;
}

}  // namespace koppelpoort
