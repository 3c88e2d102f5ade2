// Request smuggling corpora, which nobody here wrote, as raw bytes over real connections, each followed by a lawful
// request that would be answered: what is ambiguous is refused, the connection closed, and the provider hears nothing.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/http/body.hpp"
#include "tests/support/world.hpp"

namespace koppelpoort {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;
using test::World;

// Some fields of the corpus are arrays of bytes or numbers.
std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.as_string());
  std::string bytes;
  if (value.is_array())
    for (const auto& each : value.as_array())
      bytes += each.is_number() ? static_cast<char>(each.to_number<int>()) : '?';
  else if (!value.is_null())
    bytes = json::serialize(value);
  return bytes;
}

struct Case {
  std::string name, bytes;
  bool must_refuse = false;
};

json::array read_json(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return json::parse(text.str()).as_array();
}

std::string decoded(std::string_view base64) {
  static const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, count = 0;
  for (const char c : base64) {
    const auto at = alphabet.find(c);
    if (at == std::string::npos) continue;
    bits = (bits << 6u) | static_cast<unsigned>(at);
    if (++count % 4 != 1) out += static_cast<char>((bits >> ((4 - (count - 1) % 4 - 1) * 2u)) & 255u);
  }
  return out;
}

std::vector<Case> cases() {
  const std::string folder = test::cases_folder() + "/http-desync";
  std::vector<Case> all;
  for (const auto& item : fs::directory_iterator(folder + "/desync-guardian")) {
    const json::array file = read_json(item.path().string());
    for (const auto& each : file) {
      const auto& object = each.as_object();
      const auto text = [&](const char* key) { return object.contains(key) ? text_of(object.at(key)) : std::string(); };
      Case made{item.path().stem().string() + ": " + text("name"),
                text("method") + " " + text("uri") + " " + text("version") + "\r\n", false};
      if (object.contains("headers") && object.at("headers").is_array())
        for (const auto& header : object.at("headers").as_array())
          made.bytes += text_of(header.at("name")) + ": " + text_of(header.at("value")) + "\r\n";
      // The corpus lists only the header fields that matter; without Host each would be refused for that alone.
      if (made.bytes.find("Host") == std::string::npos && made.bytes.find("host") == std::string::npos)
        made.bytes += "Host: localhost\r\n";
      made.bytes += "\r\n";
      const std::string tier = object.contains("expected") ? text_of(object.at("expected").at("tier")) : "";
      made.must_refuse = tier == "Severe" || tier == "Ambiguous";
      all.push_back(std::move(made));
    }
  }
  const json::array parser_cases = read_json(folder + "/llhttp/cases.json");
  for (const auto& each : parser_cases) {
    const std::string mode(each.at("mode").as_string());
    if (!mode.starts_with("request")) continue;
    // Lenient modes accept what a strict reader must not. What follows `Connection: close` is no part of the request:
    // it is never read, so the request itself may be answered.
    const bool error = each.at("strict_result").as_string() == "error";
    const std::string reason = each.as_object().contains("error") ? text_of(each.at("error")) : "";
    const bool behind_close = reason.find("Data after") != std::string::npos || mode == "request-lenient-keep-alive";
    all.push_back({"llhttp " + std::string(each.at("id").as_string()), decoded(each.at("input_base64").as_string()),
                   (error || mode.starts_with("request-lenient")) && !behind_close});
  }
  const json::array payloads = read_json(folder + "/payloadsallthethings/request-smuggling.json");
  for (const auto& each : payloads) {
    std::string raw;
    for (const char c : std::string(each.at("raw").as_string())) raw += c == '\n' ? "\r\n" : std::string(1, c);
    all.push_back({"payloads " + std::string(each.at("section").as_string()), raw, true});
  }
  return all;
}

constexpr const char* body =
    R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676"],"fields":["naam.voornamen"]})";

std::string lawful_request() {
  return "POST /brp/personen HTTP/1.1\r\nHost: localhost\r\nx-doelbinding: doel\r\nContent-Type: "
         "application/json\r\nContent-Length: " +
         std::to_string(std::string_view(body).size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("ambiguous framing is refused and nothing behind it is served", "[acceptance][cases]") {
  if (test::cases_folder().empty()) {
    WARN("skipped 189 request smuggling cases: the test material is not here (KOPPELPOORT_CASES)");
    return;
  }
  World world([](const demo::ProviderRequest&) {
    return demo::ProviderAnswer{
        200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})", {}};
  });
  world.apply(test::brp_registers(world.provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
  world.start();
  {
    auto client = world.connect(&world.caller);
    REQUIRE(client->send(lawful_request()));
    REQUIRE(client->receive().status == 200);
  }
  std::size_t count = 0, refused = 0;
  for (const auto& each : cases()) {
    INFO(each.name);
    const std::size_t heard = world.provider->requests();
    auto client = world.connect(&world.caller);
    REQUIRE(client->connected());
    client->send(each.bytes + lawful_request());
    const std::string answers = client->receive_all();
    ++count;
    // Refused for its framing: one answer, the connection ends, and the provider hears nothing.
    const bool closed = answers.substr(0, answers.find("\r\n\r\n")).find("Connection: close") != std::string::npos;
    if (closed || answers.empty()) {
      ++refused;
      REQUIRE(world.provider->requests() == heard);
      for (const char* another : {"HTTP/1.1 2", "HTTP/1.1 4", "HTTP/1.1 5"})
        REQUIRE(answers.find(another, 9) == std::string::npos);
    }
    if (each.must_refuse) REQUIRE((closed || answers.empty()));
    // Whatever the case: the provider hears at most the one lawful request behind it.
    REQUIRE(world.provider->requests() <= heard + 1);
  }
  REQUIRE(count > 150);
  std::cout << "request cases: " << count << ", refused with the connection closed: " << refused << "\n";
}

TEST_CASE("what a response parser must refuse never passes", "[acceptance][cases]") {
  if (test::cases_folder().empty()) {
    WARN("skipped 54 response cases: the test material is not here (KOPPELPOORT_CASES)");
    return;
  }
  std::string raw;
  World world([&](const demo::ProviderRequest&) { return demo::ProviderAnswer{0, "", "", raw}; });
  world.apply(test::brp_registers(world.provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
  world.start();
  std::size_t count = 0;
  const json::array all = read_json(test::cases_folder() + "/http-desync/llhttp/cases.json");
  for (const auto& each : all) {
    const std::string mode(each.at("mode").as_string());
    if (!mode.starts_with("response")) continue;
    INFO(std::string(each.at("id").as_string()));
    raw = decoded(each.at("input_base64").as_string());
    const auto response = world.ask(body);
    ++count;
    // None of these is JSON that the mapping knows, so nothing of them may ever reach the caller.
    REQUIRE((response.status == 502 || response.status == 404));
    REQUIRE(response.body.find("\"code\"") != std::string::npos);
  }
  REQUIRE(count > 30);
  std::cout << "response cases: " << count << "\n";
}

}  // namespace koppelpoort
