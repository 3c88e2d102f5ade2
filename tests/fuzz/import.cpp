// Registers of others in any bytes: what is read is a draft whose file is TOML with the same title, whatever stands in
// it.
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <stdexcept>

#include "adapters/import/json_sources.hpp"
#include "legal_bases/strict_toml.hpp"

using namespace koppelpoort;

namespace {

void try_reader(const std::function<std::vector<ImportedPurpose>()>& read) {
  std::vector<ImportedPurpose> all;
  try {
    all = read();
  } catch (const std::invalid_argument&) {
    return;
  }
  for (const auto& each : all) {
    Problems problems;
    const auto file = TomlDocument::parse(file_of(each, "00000099000000001000", {}), "draft", problems);
    if (!file || file->root(problems).tables("purpose").size() != 1) std::abort();
    if (each.id.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Catalogue catalogue;
  try_reader([&] { return import_case_types(text); });
  try_reader([&] { return import_algorithms(text, catalogue); });
  try_reader([&] { return import_flows(text, catalogue); });
  try_reader([&] { return import_law_fields(text, catalogue); });
  return 0;
}
