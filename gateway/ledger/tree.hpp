// The Merkle tree over the ledger's records (RFC 6962, section 2.1): what a signed checkpoint says about them, and the
// proofs that a record is in it and that a later tree holds the earlier one unchanged.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "gateway/ledger/record.hpp"

namespace koppelpoort {

// SHA-256(0x01 || left || right). Leaves have 0x00 before them (leaf_hash), so that neither passes for the other.
Hash node_hash(const Hash& left, const Hash& right);

// The right edge of a growing tree: enough for its root, and for nothing else.
class Edge {
 public:
  void append(const Hash& leaf);
  std::int64_t size() const { return size_; }
  Hash root() const;  // of no leaves: SHA-256 of nothing

 private:
  std::int64_t size_ = 0;
  std::vector<Hash> whole_;  // roots of the whole subtrees, largest first
};

using Proof = std::vector<Hash>;

// The root of the leaves [begin, begin + count), wherever it comes from.
using RangeRoot = std::function<Hash(std::int64_t begin, std::int64_t count)>;

// That the leaf at `index` is in the tree of all these leaves. The hashes go from the leaf's neighbour upward.
Proof inclusion_proof(std::span<const Hash> leaves, std::size_t index);
Proof inclusion_proof(std::int64_t size, std::int64_t index, const RangeRoot& root);
// That the tree of all these leaves begins with the tree of the first `before` of them (RFC 6962, 2.1.2).
Proof consistency_proof(std::span<const Hash> leaves, std::size_t before);
Proof consistency_proof(std::int64_t size, std::int64_t before, const RangeRoot& root);

// Checked by whoever has the checkpoints and not the records (RFC 9162, 2.1.3.2 and 2.1.4.2).
bool includes(const Hash& leaf, std::int64_t index, std::int64_t size, const Proof& proof, const Hash& root);
bool consistent(std::int64_t before, const Hash& root_before, std::int64_t size, const Hash& root, const Proof& proof);

}  // namespace koppelpoort
