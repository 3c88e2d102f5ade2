#include "gateway/ledger/tree_hashes.hpp"

#include <map>
#include <memory>

namespace koppelpoort {

void TreeHashes::append(const Hash& leaf) {
  last_.push_back(leaf);
  edge_.append(leaf);
  if (edge_.size() < width) return;
  tiles_.push_back(edge_.root());
  last_.clear();
  edge_ = {};
}

RangeRoot TreeHashes::ranges(const Leaves& leaves) const {
  const auto read = std::make_shared<std::map<std::int64_t, std::vector<Hash>>>();
  const auto leaf = [this, leaves, read](std::int64_t index) {
    const std::int64_t tile = index / width;
    const auto place = static_cast<std::size_t>(index % width);
    if (tile == static_cast<std::int64_t>(tiles_.size())) return last_.at(place);
    auto& hashes = (*read)[tile];
    if (hashes.empty()) hashes = leaves(tile);
    return hashes.at(place);
  };
  // Ranges of a proof begin at a multiple of a power of two that is no smaller than they are; so whole tiles stand
  // together, and what is left over at the end are leaves of one tile.
  return [this, leaf](std::int64_t begin, std::int64_t count) {
    std::vector<Hash> parts;  // roots of aligned subtrees, largest first, as an edge has them
    std::vector<std::int64_t> sizes;
    const auto put = [&](Hash hash, std::int64_t size) {
      while (!sizes.empty() && sizes.back() == size) {
        hash = node_hash(parts.back(), hash);
        size *= 2;
        parts.pop_back();
        sizes.pop_back();
      }
      parts.push_back(hash);
      sizes.push_back(size);
    };
    for (std::int64_t at = begin; at < begin + count;) {
      const std::int64_t tile = at / width;
      const bool whole =
          at % width == 0 && at + width <= begin + count && tile < static_cast<std::int64_t>(tiles_.size());
      put(whole ? tiles_[static_cast<std::size_t>(tile)] : leaf(at), whole ? width : 1);
      at += whole ? width : 1;
    }
    if (parts.empty()) return sha256_of({});
    Hash root = parts.back();
    for (std::size_t i = parts.size() - 1; i-- > 0;) root = node_hash(parts[i], root);
    return root;
  };
}

Proof TreeHashes::inclusion(std::int64_t size, std::int64_t index, const Leaves& leaves) const {
  return inclusion_proof(size, index, ranges(leaves));
}

Proof TreeHashes::consistency(std::int64_t size, std::int64_t before, const Leaves& leaves) const {
  return consistency_proof(size, before, ranges(leaves));
}

Hash TreeHashes::root(std::int64_t size, const Leaves& leaves) const { return ranges(leaves)(0, size); }

}  // namespace koppelpoort
