#include "gateway/exchange/person_numbers.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort;

TEST_CASE("what could be a person number is hidden, and ids and OINs stay") {
  const auto hidden = [](std::string text) {
    hide_person_numbers(text);
    return text;
  };
  CHECK(hidden("\"Doel 999993653 staat niet\"") == "\"Doel ********* staat niet\"");
  CHECK(hidden("\"999993653\",\"1234567890\"") == "\"*********\",\"**********\"");
  // A number stays a number, behind an escaped quote too.
  CHECK(hidden(R"({"code":999993653,"a":"\"999993653"})") == R"({"code":0        ,"a":"\"*********"})");
  CHECK(hidden("\"00000000000999993653\"") == "\"" + std::string(20, '*') + "\"");
  for (const char* kept :
       {"00000099000000001000", "12345678", "12345678901", "urn:uuid:01a214b2-cb5c-7b52-a39a-123456789012",
        "BWBR123456789", "9d71-000123456789", "00000003272448740000", "a123456789b", "", "KP-202, art. 64"})
    CHECK(hidden(kept) == kept);
}
