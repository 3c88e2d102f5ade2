#include "gateway/http/query.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort::http;

TEST_CASE("a query is read in one way, or not at all") {
  CHECK(parse_query("")->empty());
  const auto query = parse_query("doel=p-1&code=KP%2D301&leeg&tekst=a+b%20c");
  REQUIRE(query);
  CHECK(*query == Query{{"doel", "p-1"}, {"code", "KP-301"}, {"leeg", ""}, {"tekst", "a b c"}});
  for (const char* malformed : {"a=%", "a=%2", "a=%zz", "%=1", "a=1&a=2", "a=1&%61=2", "a&a"})
    CHECK_FALSE(parse_query(malformed));
}

TEST_CASE("what is encoded is read back as it was") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const std::string encoded = percent_encoded(all);
  CHECK(encoded.find_first_of(std::string("\0\r\n &=+?#<>\"", 13)) == std::string::npos);
  CHECK(parse_query("x=" + encoded)->at("x") == all);
}
