#include "adapters/wire/json/rest_request.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

std::shared_ptr<const Mapping> mapping(const std::string& name) {
  Problems problems;
  const auto& knowledge = *test::knowledge();
  auto loaded = load_mapping(test::source_folder() + "/adapters/wire/brp/" + name + ".toml", knowledge.taxonomy,
                             knowledge.catalogue.words, problems);
  INFO(to_text(problems));
  REQUIRE(loaded != nullptr);
  return loaded;
}

std::vector<std::string> asked_ids(const Asked& asked, Use use) {
  std::vector<std::string> ids;
  for (const auto& each : asked.elements)
    if (each.use == use)
      ids.push_back(each.element ? test::knowledge()->taxonomy.elements[*each.element].id : "?" + each.wire);
  return ids;
}

ElementSet set_of(const std::vector<const char*>& ids) {
  ElementSet set;
  for (const char* id : ids) set.set(*test::knowledge()->taxonomy.find(id));
  return set;
}

}  // namespace

TEST_CASE("a BRP question: group, element, part of an element, alias, unknown, search, several people") {
  const auto brp = mapping("brp-personen-2");
  const std::string body =
      R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676","999991760"],)"
      R"("fields":["geboorte.datum.jaar","partners.naam","verblijfplaatsBinnenland.verblijfadres.postcode","kleur"]})";
  const Asked asked = read_rest_request(*brp, {"POST", "/personen", "", body});
  REQUIRE(asked.fault == nullptr);
  CHECK(asked.volume == Volume::list);
  CHECK(asked.subjects == std::vector<std::string>{"999990676", "999991760"});
  CHECK(asked_ids(asked, Use::search) == std::vector<std::string>{"persoon.burgerservicenummer"});
  const auto ids = asked_ids(asked, Use::deliver);
  for (const char* id :
       {"persoon.geboorte.datum", "partner.naam.voornamen", "persoon.verblijfplaats.verblijfadres.postcode", "?kleur"})
    CHECK(std::ranges::find(ids, id) != ids.end());
  const Narrowed narrowed =
      narrow(asked, {"POST", "/personen", "", body}, set_of({"persoon.geboorte.datum", "partner.naam.voornamen"}));
  CHECK(
      narrowed.body ==
      R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676","999991760"],"fields":["geboorte.datum.jaar","partners.naam.voornamen"]})");
}

TEST_CASE("a request that may ask all of it goes on as the same bytes") {
  const auto brp = mapping("brp-personen-2");
  const std::string body =
      "{ \"type\":\"x\", \"burgerservicenummer\" : [\"999990676\"],\"fields\":[ \"naam.voornamen\" ] }";
  const Asked asked = read_rest_request(*brp, {"POST", "/personen", "", body});
  CHECK(narrow(asked, {"POST", "/personen", "", body}, set_of({"persoon.naam.voornamen"})).body == body);
}

TEST_CASE("the older GET shape: number in the path, fields in the query") {
  const auto brp = mapping("brp-personen-1");
  const RestRequest request{"GET", "/ingeschrevenpersonen/999990676", "fields=naam.voornamen,geboorte", ""};
  const Asked asked = read_rest_request(*brp, request);
  REQUIRE(asked.fault == nullptr);
  CHECK(asked.operation->id == "GET /ingeschrevenpersonen/{burgerservicenummer}");
  CHECK(asked.subjects == std::vector<std::string>{"999990676"});
  CHECK(narrow(asked, request, set_of({"persoon.geboorte.datum"})).query == "fields=geboorte.datum");
  CHECK(
      read_rest_request(*brp, {"GET", "/ingeschrevenpersonen", "burgerservicenummer=999990676,999991760", ""}).volume ==
      Volume::list);
}

TEST_CASE("what the mapping does not know is unknown, and what cannot be read is a fault") {
  const auto brp = mapping("brp-personen-2");
  const auto fault = [&](const std::string& body) {
    return std::string(read_rest_request(*brp, {"POST", "/personen", "", body}).fault);
  };
  CHECK(fault("[]") == "the body must be one JSON object");
  CHECK(fault("") == "the body is missing");
  CHECK(fault(R"({"type":"x"})") == "the body does not say which fields are asked");
  CHECK(fault(R"({"fields":["a"],"fields":["b"]})") == "a key stands twice in one object");
  CHECK(std::string(read_rest_request(*brp, {"GET", "/personen", "", ""}).fault) ==
        "the service has no such operation");
  const Asked asked = read_rest_request(
      *brp, {"POST", "/personen", "_method=DELETE", R"({"fields":["naam.voornamen"],"achternaam":"x"})"});
  CHECK(asked_ids(asked, Use::search) == std::vector<std::string>{"?_method", "?achternaam"});
}

TEST_CASE("how many people a question is about can always be counted") {
  const auto brp = mapping("brp-personen-2");
  const auto ask = [&](const std::string& search) {
    return read_rest_request(
        *brp, {"POST", "/personen", "", "{\"type\":\"x\"," + search + "\"fields\":[\"naam.voornamen\"]}"});
  };
  CHECK(ask(R"("burgerservicenummer":["999990676"],)").volume == Volume::single);
  CHECK(ask(R"("burgerservicenummer":999990676,)").subjects == std::vector<std::string>{"999990676"});
  CHECK(ask(R"("burgerservicenummer":"999990676,999991760",)").volume == Volume::list);
  CHECK(ask("").volume == Volume::population);  // whoever names nobody asks about everybody
  for (const char* search :
       {R"("burgerservicenummer":[["999990676","999991760"]],)", R"("burgerservicenummer":{"a":["999990676"]},)",
        R"("burgerservicenummer":null,)", R"("burgerservicenummer":[],)", R"("burgerservicenummer":"",)",
        R"("burgerservicenummer":" 999990676",)", R"("burgerservicenummer":"999990676 ",)",
        R"("burgerservicenummer":"*",)", R"("postcode":["1234AB",["5678CD"]],)"}) {
    INFO(search);
    CHECK(ask(search).fault != nullptr);
  }
  const std::string smuggled =
      R"({"type":{"fields":["naam"]},"burgerservicenummer":["999990676"],"fields":["naam.voornamen"]})";
  CHECK(read_rest_request(*brp, {"POST", "/personen", "", smuggled}).fault != nullptr);
}

TEST_CASE("fields of which none is known ask nothing; only who names no fields asks everything") {
  const auto brp = mapping("brp-personen-1");
  const auto asked = [&](std::string_view query) {
    return asked_ids(read_rest_request(*brp, {"GET", "/ingeschrevenpersonen/999990676", query, ""}), Use::deliver);
  };
  CHECK(asked("fields=alles") == std::vector<std::string>{"?alles"});
  CHECK(asked("fields=").size() <= 1);
  CHECK(asked("").size() > 10);
}
