// One decision as it is told to others: what an exporter needs of the record, and no person but as a pseudonym.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace koppelpoort {

struct ExportedDecision {
  std::string id, trace, span, parent;  // UUID; hexadecimal (W3C Trace Context); `parent` may be empty
  std::string node, consumer, provider, on_behalf_of, service, operation, purpose;
  std::string verdict, block;
  std::vector<std::string> codes, bases, asked, allowed;
  std::string catalogue;        // address of the release of law and settings
  std::int64_t registers = 0;   // version
  std::int64_t decided_at = 0;  // microseconds since 1970
  // Of a release, when there was one.
  bool released = false;
  std::int64_t released_at = 0;
  std::vector<std::string> subjects;  // pseudonyms
  std::string activity;               // URI in the register of processing activities (art. 30 AVG)
};

}  // namespace koppelpoort
