#include "gateway/ledger/tree.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort;

namespace {

std::vector<Hash> leaves(std::size_t count) {
  std::vector<Hash> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(leaf_hash("leaf-" + std::to_string(i)));
  return all;
}

Hash root(const std::vector<Hash>& all, std::size_t count) {
  Edge edge;
  for (std::size_t i = 0; i < count; ++i) edge.append(all[i]);
  return edge.root();
}

// RFC 6962 as it is written, for comparison.
Hash root_by_definition(std::span<const Hash> all) {
  if (all.empty()) return sha256_of({});
  if (all.size() == 1) return all.front();
  std::size_t left = 1;
  while (left * 2 < all.size()) left *= 2;
  return node_hash(root_by_definition(all.first(left)), root_by_definition(all.subspan(left)));
}

}  // namespace

TEST_CASE("roots and proofs are those of the published vector") {
  const auto all = leaves(5);
  CHECK(text_of(root(all, 0)) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  CHECK(text_of(root(all, 1)) == "MF31n5WQw8msY9KydDw4jjeSRJB4zr9/s9vmRxZDsrc=");
  CHECK(text_of(root(all, 2)) == "YKU+7Q3oepDI5ZQnxZxGJTwzp2oJUCpRgBMAknt+a9w=");
  CHECK(text_of(root(all, 3)) == "z3Y6BByBzu8VeKYIP3XGG+8uABTyo+aDqX/Pylvn8Zo=");
  CHECK(text_of(root(all, 5)) == "ANIYKaVQMUU0irz3ElE+rPKidCEa2D6XAgK7W22AsoY=");
  const Proof inclusion = inclusion_proof(all, 2);
  REQUIRE(inclusion.size() == 3);
  CHECK(text_of(inclusion[0]) == "92g2MlrsVpnY1x+OQunUfFwpsIBZuiljhPfKQK06QK4=");
  CHECK(inclusion[1] == root(all, 2));
  CHECK(text_of(inclusion[2]) == "6p/BobbhkbRg0NYwbj6HDBc/OTMPE82htwz8cr3DmLo=");
  const Proof consistency = consistency_proof(all, 3);
  REQUIRE(consistency.size() == 4);
  CHECK(text_of(consistency[0]) == "/KifV8n4yOtAR6f/nTM6z54PM4SyCyVbzqsPIW3Momc=");
  CHECK(Proof(consistency.begin() + 1, consistency.end()) == inclusion);
}

TEST_CASE("every record of every tree up to 70 is proven, and by no other place, size, hash or root") {
  const auto all = leaves(70);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    const std::span<const Hash> tree = std::span(all).first(size);
    const Hash top = root(all, size);
    CHECK(top == root_by_definition(tree));
    const auto count = static_cast<std::int64_t>(size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto index = static_cast<std::int64_t>(i);
      Proof proof = inclusion_proof(tree, i);
      CHECK(includes(all[i], index, count, proof, top));
      CHECK_FALSE(includes(all[(i + 1) % 70], index, count, proof, top));
      if (size > 1) CHECK_FALSE(includes(all[i], (index + 1) % count, count, proof, top));
      CHECK_FALSE(includes(all[i], index, count, proof, all[0] == top ? all[1] : all[0]));
      proof.push_back(all[0]);
      CHECK_FALSE(includes(all[i], index, count, proof, top));
      proof.resize(proof.size() - 2 < 64 && proof.size() > 1 ? proof.size() - 2 : 0);
      if (size > 1) CHECK_FALSE(includes(all[i], index, count, proof, top));
    }
  }
  CHECK_FALSE(includes(all[0], -1, 1, {}, all[0]));
  CHECK_FALSE(includes(all[0], 0, 0, {}, all[0]));
}

TEST_CASE("every tree up to 70 is proven to begin with every smaller one, and with no other") {
  const auto all = leaves(70);
  for (std::size_t size = 1; size <= all.size(); ++size)
    for (std::size_t before = 0; before <= size; ++before) {
      const auto old_size = static_cast<std::int64_t>(before), new_size = static_cast<std::int64_t>(size);
      Proof proof = consistency_proof(std::span(all).first(size), before);
      const Hash old_root = root(all, before), new_root = root(all, size);
      CHECK(consistent(old_size, old_root, new_size, new_root, proof));
      if (before == 0) continue;
      CHECK_FALSE(consistent(old_size, all[69], new_size, new_root, proof));
      CHECK_FALSE(consistent(old_size, old_root, new_size, all[69], proof));
      if (before == size) continue;
      CHECK_FALSE(consistent(new_size, new_root, old_size, old_root, proof));
      proof.back()[0] ^= 1u;
      CHECK_FALSE(consistent(old_size, old_root, new_size, new_root, proof));
      proof.pop_back();
      CHECK_FALSE(consistent(old_size, old_root, new_size, new_root, proof));
    }
}
