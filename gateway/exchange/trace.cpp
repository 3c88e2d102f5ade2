#include "gateway/exchange/trace.hpp"

#include <algorithm>

#include "gateway/keys/seal.hpp"
#include "gateway/ledger/encoding.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t number_digits = 10;                                     // at most, of a person number (A-number)
constexpr std::size_t trace_digits = 32, span_digits = 16, header_size = 55;  // 00-…-…-01

bool is_id(std::string_view text) {
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  const std::size_t begin = text.find_first_not_of('0'), end = text.find_last_not_of('0');
  if (!std::ranges::all_of(text, digit) || begin == std::string_view::npos) return false;
  // A short number within zeros is nobody's random id, and may be somebody's person number.
  const std::string_view middle = text.substr(begin, end + 1 - begin);
  return middle.size() > number_digits || middle.find_first_not_of("0123456789") != std::string_view::npos;
}

}  // namespace

Trace trace_of(std::string_view traceparent) {
  Trace trace;
  trace.span = hex(random_bytes(span_digits / 2));
  const bool shaped = traceparent.size() == header_size && traceparent.starts_with("00-") &&
                      traceparent[3 + trace_digits] == '-' && traceparent[header_size - 3] == '-';
  if (shaped && is_id(traceparent.substr(3, trace_digits)) &&
      is_id(traceparent.substr(4 + trace_digits, span_digits))) {
    trace.trace = traceparent.substr(3, trace_digits);
    trace.parent = traceparent.substr(4 + trace_digits, span_digits);
  } else {
    trace.trace = hex(random_bytes(trace_digits / 2));
  }
  return trace;
}

}  // namespace koppelpoort
