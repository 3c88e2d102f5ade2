#include "gateway/ledger/tree_hashes.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace koppelpoort;

TEST_CASE("proofs from tile roots are those from all leaves, at every size and place that matters") {
  constexpr std::int64_t most = 2100;
  std::vector<Hash> all;
  TreeHashes hashes;
  for (std::int64_t i = 0; i < most; ++i) {
    all.push_back(leaf_hash("leaf-" + std::to_string(i)));
    hashes.append(all.back());
  }
  CHECK(hashes.size() == most);
  std::size_t tiles_read = 0;
  const TreeHashes::Leaves leaves = [&](std::int64_t tile) {
    ++tiles_read;
    const auto begin = all.begin() + tile * TreeHashes::width;
    return std::vector<Hash>(begin, begin + TreeHashes::width);
  };
  std::mt19937 random(7);
  for (const std::int64_t size : {1, 2, 255, 256, 257, 511, 512, 513, 1024, 1500, 2047, 2048, 2049, 2100}) {
    const std::span<const Hash> part(all.data(), static_cast<std::size_t>(size));
    Edge edge;
    for (const Hash& leaf : part) edge.append(leaf);
    CHECK(hashes.root(size, leaves) == edge.root());
    for (int tries = 0; tries < 20; ++tries) {
      const auto index = static_cast<std::int64_t>(random() % static_cast<unsigned>(size));
      const auto place = static_cast<std::size_t>(index);
      tiles_read = 0;
      CHECK(hashes.inclusion(size, index, leaves) == inclusion_proof(part, place));
      CHECK(hashes.consistency(size, index, leaves) == consistency_proof(part, place));
      CHECK(tiles_read <= 4);
    }
  }
}
