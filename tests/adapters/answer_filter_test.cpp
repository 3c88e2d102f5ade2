#include "adapters/wire/json/answer_filter.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

std::shared_ptr<const Mapping> brp() {
  static const auto mapping = [] {
    Problems problems;
    const auto& knowledge = *test::knowledge();
    return load_mapping(test::source_folder() + "/adapters/wire/brp/brp-personen-2.toml", knowledge.taxonomy,
                        knowledge.catalogue.words, problems);
  }();
  return mapping;
}

ElementSet set_of(const std::vector<const char*>& ids) {
  ElementSet set;
  for (const char* id : ids) set.set(*test::knowledge()->taxonomy.find(id));
  return set;
}

Filtered filter(const std::string& body, const std::vector<const char*>& allowed) {
  return filter_answer(*brp(), brp()->operations.front(), body, set_of(allowed));
}

}  // namespace

TEST_CASE("an answer from which nothing has to go keeps every byte, spaces and number forms too") {
  const std::string body =
      "{ \"type\" : \"x\",\n \"personen\" : [ { \"leeftijd\" : 4.90e1, \"naam\" : { \"voornamen\" : \"J\\u00f3\" } } ] "
      "}";
  const auto result = filter(body, {"persoon.leeftijd", "persoon.naam.voornamen"});
  CHECK(result.body == body);
  CHECK(result.records == 1);
}

TEST_CASE("what is not allowed, and what is not mapped, is gone; what stays keeps its bytes") {
  const auto result = filter(
      R"({"type":"x","personen":[{"naam":{"voornamen":"J\u00f3","geslachtsnaam":"V"},"leeftijd":1e1,"kleur":"rood"}],"totaal":1})",
      {"persoon.naam.voornamen", "persoon.leeftijd"});
  CHECK(result.body == R"({"type":"x","personen":[{"naam":{"voornamen":"J\u00f3"},"leeftijd":1e1}]})");
  CHECK(result.unmapped == 2);
  CHECK(result.removed == set_of({"persoon.naam.geslachtsnaam"}));
}

TEST_CASE("look-alikes of a field are other fields") {
  for (const char* name : {"Leeftijd", "leeftijd ",
                           "leefti\xD1\x98"
                           "d",
                           "leeftijd\\u0000x"}) {
    const auto result = filter("{\"personen\":[{\"" + std::string(name) + "\":5}]}", {"persoon.leeftijd"});
    if (result.fault == nullptr) CHECK(result.body.find('5') == std::string::npos);
  }
}

TEST_CASE("a person who is only a shell after the cut disappears with what the source always adds") {
  const auto result = filter(
      R"({"personen":[{"leeftijd":5,"geheimhoudingPersoonsgegevens":true},{"naam":{"voornamen":"A"},"geheimhoudingPersoonsgegevens":true}]})",
      {"persoon.naam.voornamen"});
  CHECK(result.body == R"({"personen":[{"naam":{"voornamen":"A"},"geheimhoudingPersoonsgegevens":true}]})");
  CHECK(result.records == 1);
}

TEST_CASE("a mark of investigation goes with the datum that it marks") {
  const auto result = filter(
      R"({"personen":[{"naam":{"voornamen":"A","geslachtsnaam":"B","inOnderzoek":{"voornamen":true,"geslachtsnaam":true,"datumIngangOnderzoek":{"type":"Datum"}}}}]})",
      {"persoon.naam.voornamen"});
  CHECK(
      result.body ==
      R"({"personen":[{"naam":{"voornamen":"A","inOnderzoek":{"voornamen":true,"datumIngangOnderzoek":{"type":"Datum"}}}}]})");
  const auto none = filter(
      R"({"personen":[{"naam":{"voornamen":"A","geslachtsnaam":"B","inOnderzoek":{"geslachtsnaam":true,"datumIngangOnderzoek":{"type":"Datum"}}}}]})",
      {"persoon.naam.voornamen"});
  CHECK(none.body == R"({"personen":[{"naam":{"voornamen":"A"}}]})");
}

TEST_CASE("a person number where none was declared stops the whole answer") {
  CHECK(filter(R"({"personen":[{"naam":{"voornamen":"999990676"}}]})", {"persoon.naam.voornamen"}).undeclared_number);
  CHECK_FALSE(
      filter(R"({"personen":[{"naam":{"voornamen":"999990677"}}]})", {"persoon.naam.voornamen"}).undeclared_number);
  CHECK_FALSE(filter(R"({"personen":[{"burgerservicenummer":"999990676"}]})", {"persoon.burgerservicenummer"})
                  .undeclared_number);
  CHECK(looks_like_person_number("999990676"));
  CHECK_FALSE(looks_like_person_number("123456789"));
}

TEST_CASE("whatever the answer, no element outside the allowed set leaves") {
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  INFO("seed " << seed);
  const std::vector<std::string> keys{"naam",     "voornamen",          "geslachtsnaam", "leeftijd",    "personen",
                                      "kinderen", "geboorte",           "datum",         "inOnderzoek", "type",
                                      "x",        "burgerservicenummer"};
  const std::function<std::string(int)> value = [&](int depth) -> std::string {
    switch (std::uniform_int_distribution<int>(0, depth > 5 ? 2 : 5)(random)) {
      case 0: return "\"GEHEIM\"";
      case 1: return "7";
      case 2: return "null";
      case 3: return "[" + value(depth + 1) + "," + value(depth + 1) + "]";
      default: {
        std::string object = "{";
        std::vector<std::string> left = keys;
        std::shuffle(left.begin(), left.end(), random);
        for (std::size_t i = 0; i < 4; ++i) object += (i == 0 ? "\"" : ",\"") + left[i] + "\":" + value(depth + 1);
        return object + "}";
      }
    }
  };
  for (int i = 0; i < 3000; ++i) {
    const std::string body = "{\"personen\":[" + value(0) + "," + value(0) + "]}";
    const auto result = filter(body, {"persoon.leeftijd"});
    REQUIRE(result.fault == nullptr);
    REQUIRE((result.delivered & ~set_of({"persoon.leeftijd"})).none());
    // Only the age carries a value here, so a secret text can only stand inside it.
    const auto again = filter(result.body, {"persoon.leeftijd"});
    REQUIRE(again.body == result.body);
    if (result.delivered.none()) REQUIRE(result.body.find("GEHEIM") == std::string::npos);
  }
}
