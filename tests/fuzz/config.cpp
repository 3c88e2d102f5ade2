// The configuration reader on any bytes: a configuration or problems, never both, never neither.
#include "gateway/config/config.hpp"

#include <cstdint>
#include <cstdlib>

using namespace koppelpoort;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Problems problems;
  const auto document = TomlDocument::parse({reinterpret_cast<const char*>(data), size}, "fuzz.toml", problems);
  if (!document) return problems.empty() ? (std::abort(), 1) : 0;
  if (read_config(*document, "fuzz.toml", problems).has_value() != problems.empty()) std::abort();
  return 0;
}
