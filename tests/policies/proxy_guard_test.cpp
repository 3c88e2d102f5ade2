#include "policies/proxy_guard.hpp"

#include <catch2/catch.hpp>
#include <iostream>

#include "adapters/files/files.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

const Knowledge& knowledge() { return *test::knowledge(); }

FeatureScan scan(const std::vector<Feature>& features) {
  return scan_features(features, knowledge().taxonomy, knowledge().proxies);
}

bool found(const FeatureScan& result, const std::string& name) {
  return std::ranges::find(result.proxies, name, &ProxyFinding::feature) != result.proxies.end();
}

}  // namespace

TEST_CASE("the guard finds the proxies of the labelled set and leaves the innocent alone") {
  Problems problems;
  const auto document = load_toml(test::source_folder() + "/tests/policies/proxy_features.toml", problems);
  REQUIRE(document);
  TomlTable root = document->root(problems);
  std::vector<Feature> features;
  std::vector<std::string> kinds;
  for (auto& table : root.tables("feature")) {
    features.push_back({table.text("name"), "", table.texts("from")});
    kinds.push_back(table.text("is"));
    table.done();
  }
  root.done();
  REQUIRE(to_text(problems).empty());
  REQUIRE(features.size() >= 150);
  const FeatureScan result = scan(features);
  int proxies = 0, hits = 0, false_alarms = 0, innocent = 0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    INFO(features[i].name << " is " << kinds[i]);
    const bool hit = found(result, features[i].name);
    const bool undeclared = std::ranges::find(result.undeclared, features[i].name) != result.undeclared.end();
    if (kinds[i] == "direct" || kinds[i] == "derived") CHECK(hit);  // what it is made of leaves no doubt
    if (kinds[i] == "undeclared") CHECK(undeclared);
    if (kinds[i] == "innocent") {
      ++innocent;
      CHECK_FALSE(undeclared);
      if (hit) {
        ++false_alarms;
        std::cout << "false alarm: " << features[i].name << "\n";
      }
    } else if (kinds[i] != "undeclared") {
      ++proxies;
      if (hit)
        ++hits;
      else
        std::cout << "missed: " << features[i].name << "\n";
    }
  }
  std::cout << "proxy guard: " << features.size() << " features; recall " << hits << "/" << proxies << ", precision "
            << hits << "/" << hits + false_alarms << "\n";
  CHECK(hits >= proxies * 98 / 100);
  CHECK(false_alarms <= innocent * 5 / 100);
}

TEST_CASE("a proxy is found through a circle and at any remove") {
  const FeatureScan result = scan({{"a", "", {"b"}}, {"b", "", {"a", "c"}}, {"c", "", {"persoon.geboorte.land"}}});
  CHECK(result.proxies.size() == 3);
  CHECK(result.undeclared == std::vector<std::string>{"a", "b"});
}

TEST_CASE("accents, capitals and joints hide nothing") {
  for (const char* name : {"POSTCODE", "postcodé", "afstandTotAZC", "woon-wagen kamp", "Etniciteit_v2"})
    CHECK(found(scan({{name, "", {"zaak.nummer"}}}), name));
  for (const char* name : {"afwijking", "wijkteam", "contacten met het sociaal wijkteam"})
    CHECK_FALSE(found(scan({{name, "", {"zaak.nummer"}}}), name));
  CHECK(found(scan({{"k1", "gemiddelde van de buurt waarin iemand woont", {"loon.brutoloon"}}}), "k1"));
}
