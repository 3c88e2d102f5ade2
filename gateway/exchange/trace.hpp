// W3C Trace Context: the exchange as one span in whatever the caller is tracing (and LDV asks to be able to follow).
#pragma once

#include <string>
#include <string_view>

namespace koppelpoort {

struct Trace {
  std::string trace, span;  // 32 and 16 hexadecimal digits; `span` is this exchange's own
  std::string parent;       // the caller's span; empty when it sent none

  std::string header() const { return "00-" + trace + "-" + span + "-01"; }  // for whoever is asked next
};

// Goes on with the caller's `traceparent`; one that is not well-formed is not believed, and a new trace begins.
Trace trace_of(std::string_view traceparent);

}  // namespace koppelpoort
