// JSONTestSuite, which nobody here wrote, as provider answers and as request bodies: refused, or passed unchanged;
// never an unmapped byte.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include "tests/support/world.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;
using test::World;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Accepted by the grammar, refused here on purpose: two readers could take them differently.
const std::set<std::string> ambiguous{"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
                                      "y_object_escaped_null_in_key.json"};

constexpr const char* ask_names =
    R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676"],"fields":["naam.voornamen"]})";

std::vector<fs::path> corpus() {
  std::vector<fs::path> files;
  for (const char* folder : {"/malformed-json/test_parsing", "/malformed-json/test_transform"})
    for (const auto& item : fs::directory_iterator(test::cases_folder() + folder)) files.push_back(item.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

TEST_CASE("malformed JSON from a provider or a caller never passes", "[acceptance][cases]") {
  if (test::cases_folder().empty()) {
    WARN("skipped 219 JSON files: the test material is not here (KOPPELPOORT_CASES)");
    return;
  }
  std::string answer;
  World world([&](const demo::ProviderRequest&) { return demo::ProviderAnswer{200, "application/json", answer, {}}; });
  world.apply(test::brp_registers(world.provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
  world.start();
  std::size_t files = 0, passed = 0, refused = 0;
  for (const auto& path : corpus()) {
    const std::string name = path.filename().string(), bytes = read(path);
    ++files;
    INFO(name);

    // As the whole answer: nothing in it is mapped, so at most an empty shell remains.
    answer = bytes;
    auto response = world.ask(ask_names);
    if (response.status == 200)
      REQUIRE((response.body == "{}" || response.body == "[]" || response.body == bytes));
    else
      REQUIRE(response.status == 502);
    if (name.starts_with("n_")) REQUIRE(response.status == 502);

    // As a datum that may pass: refused, or the same bytes.
    const std::string before = R"({"type":"x","personen":[{"naam":{"voornamen":)";
    answer = before + bytes + "}}]}";
    response = world.ask(ask_names);
    if (response.status == 200) {
      ++passed;
      REQUIRE(response.body == answer);
    } else {
      ++refused;
      REQUIRE(response.status == 502);
      REQUIRE(response.body.find("\"code\":\"KP-803\"") != std::string::npos);
    }
    if (name.starts_with("n_")) REQUIRE(response.status == 502);
    if (name.starts_with("y_") && !ambiguous.contains(name)) REQUIRE(response.status == 200);

    // As a request body: refused before the provider hears of it.
    const std::size_t heard = world.provider->requests();
    response = world.ask(bytes);
    REQUIRE((response.status == 400 || response.status == 403 || response.status == 411));
    REQUIRE(world.provider->requests() == heard);
  }
  REQUIRE(files > 200);
  std::cout << "JSON files: " << files << " (as a datum: " << passed << " passed with the same bytes, " << refused
            << " refused)\n";
}

}  // namespace koppelpoort
