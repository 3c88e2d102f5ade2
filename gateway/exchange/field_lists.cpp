#include "gateway/exchange/field_lists.hpp"

#include <vector>

#include "gateway/ledger/encoding.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t id_bytes = 12;
constexpr std::size_t names_in_a_record = 150;  // stays below the record's size limit
constexpr std::size_t known_max = 4096;         // then forgotten, so written again when used again

}  // namespace

std::string FieldLists::id_of(const Taxonomy& taxonomy, const ElementSet& elements) {
  if (elements.none()) return {};
  const std::lock_guard guard(mutex_);
  if (const auto at = known_.find(elements); at != known_.end()) return at->second;
  std::vector<std::string> names;
  std::string joined;
  for (std::size_t i = elements._Find_first(); i < taxonomy.elements.size(); i = elements._Find_next(i)) {
    names.push_back(taxonomy.elements[i].id);
    joined += names.back() + "\n";
  }
  const Hash hash = leaf_hash(joined);
  std::string id = hex({reinterpret_cast<const char*>(hash.data()), id_bytes});
  for (std::size_t begin = 0; begin < names.size(); begin += names_in_a_record) {
    const auto from = names.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto to = names.begin() + static_cast<std::ptrdiff_t>(std::min(begin + names_in_a_record, names.size()));
    RecordWriter record("fields");
    record.add("id", id)
        .add("names", std::vector<std::string>(from, to))
        .add("part", static_cast<std::int64_t>(begin / names_in_a_record));
    ledger_.append(record.finish(), {});
  }
  if (known_.size() >= known_max) known_.clear();
  known_.emplace(elements, id);
  return id;
}

}  // namespace koppelpoort
