// What proofs about a long log need to have at hand: the roots of its whole tiles of 256 leaves, 32 bytes each; single
// leaves of old tiles are read back when a proof asks for them. 1.25 MB for ten million records.
#pragma once

#include <functional>
#include <vector>

#include "gateway/ledger/tree.hpp"

namespace koppelpoort {

class TreeHashes {
 public:
  static constexpr std::int64_t width = 256;
  // The 256 leaf hashes of a whole tile, from the log.
  using Leaves = std::function<std::vector<Hash>(std::int64_t tile)>;

  void append(const Hash& leaf);
  std::int64_t size() const { return static_cast<std::int64_t>(tiles_.size()) * width + edge_.size(); }

  // Proofs within the tree of the first `size` leaves.
  Proof inclusion(std::int64_t size, std::int64_t index, const Leaves& leaves) const;
  Proof consistency(std::int64_t size, std::int64_t before, const Leaves& leaves) const;
  Hash root(std::int64_t size, const Leaves& leaves) const;

 private:
  RangeRoot ranges(const Leaves& leaves) const;

  std::vector<Hash> tiles_;  // roots of whole ones
  std::vector<Hash> last_;   // leaves of the one that is not
  Edge edge_;                // of those
};

}  // namespace koppelpoort
