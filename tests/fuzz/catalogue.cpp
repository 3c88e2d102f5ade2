// The catalogue loader on any bytes: an entry that is accepted can be relied on.
#include <cstdint>
#include <cstdlib>

#include "adapters/files/files.hpp"
#include "legal_bases/catalogue.hpp"

using namespace koppelpoort;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Vocabulary words = [] {
    Problems problems;
    return read_vocabulary(load_texts(KOPPELPOORT_SOURCE, problems), problems);
  }();
  Problems problems;
  const auto document = TomlDocument::parse({reinterpret_cast<const char*>(data), size}, "wet.toml", problems);
  if (!document) return 0;
  Catalogue catalogue;
  catalogue.words = words;
  read_law(catalogue, *document, "wet.toml", problems);
  if (!problems.empty()) return 0;
  for (const auto& [id, entry] : catalogue.entries) {
    if (entry.validity.empty() || id.empty()) std::abort();
    for (const auto& flow : entry.flows)
      if (flow.from.none() || flow.to.none() || flow.goals.none()) std::abort();
  }
  return 0;
}
