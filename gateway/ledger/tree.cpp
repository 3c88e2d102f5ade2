#include "gateway/ledger/tree.hpp"

#include <bit>
#include <string>

namespace koppelpoort {
namespace {

// The largest power of two below `count`, which is at least 2.
std::int64_t left_part(std::int64_t count) {
  return static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(count) - 1));
}

RangeRoot roots_of(std::span<const Hash> leaves) {
  return [leaves](std::int64_t begin, std::int64_t count) {
    Edge edge;
    for (const Hash& leaf : leaves.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)))
      edge.append(leaf);
    return edge.root();
  };
}

}  // namespace

Hash node_hash(const Hash& left, const Hash& right) {
  std::string bytes(1, '\x01');
  bytes.append(reinterpret_cast<const char*>(left.data()), left.size());
  bytes.append(reinterpret_cast<const char*>(right.data()), right.size());
  return sha256_of(bytes);
}

void Edge::append(const Hash& leaf) {
  whole_.push_back(leaf);
  // Two whole subtrees of one size become one of twice that size, for each one at the end of the old size's bits.
  for (auto bits = static_cast<std::uint64_t>(size_); (bits & 1u) != 0; bits >>= 1u) {
    const Hash right = whole_.back();
    whole_.pop_back();
    whole_.back() = node_hash(whole_.back(), right);
  }
  ++size_;
}

Hash Edge::root() const {
  if (whole_.empty()) return sha256_of({});
  Hash root = whole_.back();
  for (std::size_t i = whole_.size() - 1; i-- > 0;) root = node_hash(whole_[i], root);
  return root;
}

Proof inclusion_proof(std::int64_t size, std::int64_t index, const RangeRoot& root) {
  Proof from_top;
  for (std::int64_t begin = 0; size > 1;) {
    const std::int64_t left = left_part(size);
    if (index - begin < left) {
      from_top.push_back(root(begin + left, size - left));
      size = left;
    } else {
      from_top.push_back(root(begin, left));
      begin += left;
      size -= left;
    }
  }
  return {from_top.rbegin(), from_top.rend()};
}

// RFC 6962, 2.1.2: SUBPROOF(m, D[n], whole), from the top down.
Proof consistency_proof(std::int64_t size, std::int64_t before, const RangeRoot& root) {
  if (before <= 0 || before >= size) return {};
  Proof from_top;
  bool whole = true;
  std::int64_t begin = 0;
  while (before != size) {
    const std::int64_t left = left_part(size);
    if (before <= left) {
      from_top.push_back(root(begin + left, size - left));
      size = left;
    } else {
      from_top.push_back(root(begin, left));
      begin += left;
      before -= left;
      size -= left;
      whole = false;
    }
  }
  if (!whole) from_top.push_back(root(begin, size));
  return {from_top.rbegin(), from_top.rend()};
}

Proof inclusion_proof(std::span<const Hash> leaves, std::size_t index) {
  return inclusion_proof(static_cast<std::int64_t>(leaves.size()), static_cast<std::int64_t>(index), roots_of(leaves));
}

Proof consistency_proof(std::span<const Hash> leaves, std::size_t before) {
  return consistency_proof(static_cast<std::int64_t>(leaves.size()), static_cast<std::int64_t>(before),
                           roots_of(leaves));
}

bool includes(const Hash& leaf, std::int64_t index, std::int64_t size, const Proof& proof, const Hash& root) {
  if (index < 0 || index >= size) return false;
  auto place = static_cast<std::uint64_t>(index), last = static_cast<std::uint64_t>(size) - 1;
  Hash hash = leaf;
  for (const Hash& each : proof) {
    if (last == 0) return false;
    if ((place & 1u) != 0 || place == last) {
      hash = node_hash(each, hash);
      while ((place & 1u) == 0 && place != 0) {
        place >>= 1u;
        last >>= 1u;
      }
    } else {
      hash = node_hash(hash, each);
    }
    place >>= 1u;
    last >>= 1u;
  }
  return last == 0 && hash == root;
}

bool consistent(std::int64_t before, const Hash& root_before, std::int64_t size, const Hash& root, const Proof& proof) {
  if (before < 0 || before > size) return false;
  if (before == size) return proof.empty() && root_before == root;
  if (before == 0) return proof.empty();
  Proof path = proof;
  if (std::has_single_bit(static_cast<std::uint64_t>(before))) path.insert(path.begin(), root_before);
  if (path.empty()) return false;
  auto place = static_cast<std::uint64_t>(before) - 1, last = static_cast<std::uint64_t>(size) - 1;
  while ((place & 1u) != 0) {
    place >>= 1u;
    last >>= 1u;
  }
  Hash old_root = path.front(), new_root = path.front();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if ((place & 1u) != 0 || place == last) {
      old_root = node_hash(path[i], old_root);
      new_root = node_hash(path[i], new_root);
      while ((place & 1u) == 0 && place != 0) {
        place >>= 1u;
        last >>= 1u;
      }
    } else {
      new_root = node_hash(new_root, path[i]);
    }
    place >>= 1u;
    last >>= 1u;
  }
  return last == 0 && old_root == root_before && new_root == root;
}

}  // namespace koppelpoort
