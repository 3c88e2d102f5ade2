// The JSON filter and the request reader on any bytes: whatever comes out is strict JSON, holds nothing that is not
// allowed, and stays the same when it is filtered again.
#include <cstdint>
#include <cstdlib>

#include "adapters/files/files.hpp"
#include "adapters/wire/json/answer_filter.hpp"
#include "adapters/wire/json/reader.hpp"
#include "adapters/wire/json/rest_request.hpp"
#include "policies/snapshot.hpp"

using namespace koppelpoort;

namespace {

struct Fixture {
  std::shared_ptr<const Knowledge> knowledge;
  std::shared_ptr<const Mapping> mapping;
  ElementSet allowed;

  Fixture() {
    Problems problems;
    knowledge = load_knowledge(KOPPELPOORT_SOURCE, problems);
    if (knowledge == nullptr) std::abort();
    mapping = load_mapping(KOPPELPOORT_SOURCE "/adapters/wire/brp/brp-personen-2.toml", knowledge->taxonomy,
                           knowledge->catalogue.words, problems);
    if (mapping == nullptr) std::abort();
    for (const char* id : {"persoon.naam.voornamen", "persoon.geboorte.datum", "kind.burgerservicenummer"})
      allowed.set(*knowledge->taxonomy.find(id));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Fixture fixture;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Operation& operation = fixture.mapping->operations.front();
  const Filtered once = filter_answer(*fixture.mapping, operation, bytes, fixture.allowed);
  if (once.fault == nullptr) {
    if ((once.delivered & ~fixture.allowed & ~operation.fields.find("geheimhoudingPersoonsgegevens")->below &
         ~operation.fields.find("opschortingBijhouding")->below & ~operation.fields.find("rni")->below &
         ~operation.fields.find("verificatie")->below)
            .any())
      std::abort();
    json::Reader reader(once.body);
    reader.raw_value();
    reader.end();
    const Filtered twice = filter_answer(*fixture.mapping, operation, once.body, fixture.allowed);
    if (twice.fault != nullptr || twice.body != once.body) std::abort();
  }
  const RestRequest request{"POST", "/personen", "", bytes};
  const Asked asked = read_rest_request(*fixture.mapping, request);
  if (asked.fault == nullptr && !bytes.empty()) {
    const Narrowed narrowed = narrow(asked, request, fixture.allowed);
    const Asked again = read_rest_request(*fixture.mapping, {"POST", "/personen", "", narrowed.body});
    if (again.fault != nullptr) std::abort();
    for (const auto& field : again.fields)
      if ((field.elements & ~fixture.allowed).any()) std::abort();
  }
  return 0;
}
