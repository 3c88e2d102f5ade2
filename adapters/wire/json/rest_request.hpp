// A REST request in the words of the policies, and back: what is asked, and the same request asking less.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/wire/json/mapping.hpp"
#include "policies/exchange.hpp"

namespace koppelpoort {

struct RestRequest {
  std::string_view method;
  std::string_view path;   // below the service's path, decoded and normalised
  std::string_view query;  // without the question mark, as it stands
  std::string_view body;
};

struct AskedField {
  std::string path;
  ElementSet elements;
};

// What a request asks. `fault` says why it cannot be understood; then nothing else counts.
struct Asked {
  const Operation* operation = nullptr;
  std::vector<Requested> elements;
  bool unknown = false;  // something asked maps to no element
  Volume volume = Volume::single;
  std::vector<std::string> subjects;  // person numbers; for the pseudonym only, never written
  std::vector<AskedField> fields;
  std::size_t fields_begin = 0, fields_end = 0;  // where the fields' value stands in the body or the query
  const char* fault = nullptr;
};

Asked read_rest_request(const Mapping& mapping, const RestRequest& request);

struct Narrowed {
  std::string query, body;
};

// The request with its fields cut to `allowed`; the same bytes when nothing has to go.
Narrowed narrow(const Asked& asked, const RestRequest& request, const ElementSet& allowed);

}  // namespace koppelpoort
