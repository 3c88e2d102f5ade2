// What others are told of the gate's exchanges: everything, once confirmed never again, and nobody by name. With
// KOPPELPOORT_EXPORTS the bodies are kept there, for validators of others (tests/export/run).
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <thread>

#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/keys/key_files.hpp"
#include "policies/workflow/content.hpp"
#include "tests/support/receiver.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;
using namespace std::chrono_literals;

namespace {

namespace json = boost::json;

std::string ask(const char* numbers) {
  return std::string(
             R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":[)") +
         numbers + "]}";
}
const std::string ask_one = ask("\"999990676\"");

// Everything that came, in order, by path.
struct Mailbox {
  std::mutex mutex;
  std::map<std::string, std::vector<std::string>> bodies;
  std::string heads;
  int refusals = 0;  // so many answers are 503 first

  test::Receiver::Handler handler() {
    return [this](const test::Received& received) {
      const std::lock_guard guard(mutex);
      if (refusals > 0) {
        --refusals;
        return test::Reply{503, "text/plain", "later"};
      }
      heads += received.head + "\n";
      bodies[received.path].push_back(received.body);
      return test::Reply{};
    };
  }

  std::vector<json::object> spans(const std::string& path) {
    const std::lock_guard guard(mutex);
    std::vector<json::object> all;
    for (const auto& body : bodies[path]) {
      const json::value whole = json::parse(body);
      for (const auto& resource : whole.at("resourceSpans").as_array())
        for (const auto& scope : resource.at("scopeSpans").as_array())
          for (const auto& span : scope.at("spans").as_array()) all.push_back(span.as_object());
    }
    return all;
  }
};

std::string attribute(const json::object& span, const std::string& key) {
  for (const auto& each : span.at("attributes").as_array())
    if (each.at("key").as_string() == key) {
      const json::value* text = each.at("value").as_object().if_contains("stringValue");
      return text == nullptr ? json::serialize(each.at("value")) : std::string(text->as_string());
    }
  return {};
}

struct Telling : test::World {
  Mailbox box;
  std::unique_ptr<test::Receiver> receiver;
  Telling()
      : World([](const demo::ProviderRequest&) {
          return demo::ProviderAnswer{
              200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Kanarie"}}]})", {}};
        }) {
    apply(test::brp_registers(provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
    receiver = std::make_unique<test::Receiver>(box.handler());
    const std::string secret = folder.file("secret", "een geheim\n");
    config.exports = {{"adl", ExportKind::decision_log, receiver->url("/adl/v1/traces"), {}, {}},
                      {"ldv", ExportKind::processing_log, receiver->url("/ldv/v1/traces"), {}, {}},
                      {"meldingen", ExportKind::blocks, receiver->url("/hook"), {}, secret},
                      {"gemma", ExportKind::processing_action, receiver->url("/gemma/verwerkingsacties"), {}, {}}};
  }
  ~Telling() { stop(); }  // while its receiver is still there
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;
  bool come(const std::string& path, std::size_t count) {
    for (int i = 0; i < 300; ++i) {
      if (path == "/hook" || path.starts_with("/gemma")) {
        const std::lock_guard guard(box.mutex);
        if (box.bodies[path].size() >= count) return true;
      } else if (box.spans(path).size() >= count) {
        return true;
      }
      std::this_thread::sleep_for(50ms);
    }
    return false;
  }
};

}  // namespace

TEST_CASE(
    "every decision is told once, every release for its person, every block to the webhook, and no person by name") {
  Telling world;
  world.start();
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", parent = "00f067aa0ba902b7";
  REQUIRE(world.ask(ask_one, "doel", {"traceparent: 00-" + trace + "-" + parent + "-01", "x-gebruiker: mw. Pietersen"})
              .status == 200);
  REQUIRE(world.ask(ask_one, "geen").status == 403);
  REQUIRE(world.ask("{", "doel").status == 400);
  REQUIRE(world.come("/adl/v1/traces", 3));
  REQUIRE(world.come("/ldv/v1/traces", 1));
  REQUIRE(world.come("/hook", 2));

  const auto decisions = world.box.spans("/adl/v1/traces");
  REQUIRE(decisions.size() == 3);
  CHECK(decisions[0].at("traceId").as_string() == trace);
  CHECK(decisions[0].at("parentSpanId").as_string() == parent);
  CHECK(decisions[0].at("name").as_string() == "adl.access_evaluation");
  CHECK(decisions[0].at("status").at("code").as_int64() == 1);
  CHECK(decisions[1].at("status").at("code").as_int64() == 1);  // a denial is no error
  CHECK(decisions[2].at("status").at("code").as_int64() == 2);  // this one was not decided
  CHECK(attribute(decisions[0], "adl.core.policies").find("catalogue") != std::string::npos);
  REQUIRE(world.come("/gemma/verwerkingsacties", 1));
  {
    const std::lock_guard guard(world.box.mutex);
    const json::object action = json::parse(world.box.bodies["/gemma/verwerkingsacties"].at(0)).as_object();
    CHECK(action.at("uitvoerder") == test::provider_oin);
    CHECK(action.at("afnemerId") == test::caller_oin);
    CHECK(action.at("vertrouwelijkheid") == "normaal");
    const auto& person = action.at("verwerkteObjecten").as_array().at(0).as_object();
    CHECK(person.at("objectId").as_string().size() == 32);
    CHECK(person.at("verwerkteSoortenGegevens").as_array().size() == 1);
  }
  const auto lines = world.box.spans("/ldv/v1/traces");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].at("traceId").as_string() == trace);
  CHECK(lines[0].at("parentSpanId").as_string() == decisions[0].at("spanId").as_string());
  CHECK(attribute(lines[0], "dpl.core.data_subject_id").size() == 32);
  CHECK(attribute(lines[0], "dpl.core.processing_activity_id").starts_with("urn:koppelpoort:"));
  CHECK(world.box.heads.find("X-Koppelpoort-Signature: sha256=") != std::string::npos);
  for (const auto& [path, bodies] : world.box.bodies)
    for (const auto& body : bodies)
      for (const char* said : {"999990676", "Pietersen", "Kanarie"}) CHECK(body.find(said) == std::string::npos);
  if (const char* keep = std::getenv("KOPPELPOORT_EXPORTS"); keep != nullptr)
    for (const auto& [path, bodies] : world.box.bodies) {
      std::string name = path.substr(1, path.find('/', 1) - 1);
      for (std::size_t i = 0; i < bodies.size(); ++i)
        std::ofstream(std::string(keep) + "/" + name + "-" + std::to_string(i) + ".json") << bodies[i];
    }
}

TEST_CASE("a receiver that is down holds up nobody and misses nothing, over restarts of the gate too") {
  Telling world;
  const std::uint16_t port = world.receiver->port();
  world.box.refusals = 2;
  world.start();
  for (int i = 0; i < 3; ++i) REQUIRE(world.ask(ask_one).status == 200);
  REQUIRE(world.come("/adl/v1/traces", 3));
  world.receiver.reset();  // down
  for (int i = 0; i < 4; ++i) REQUIRE(world.ask(ask_one).status == 200);
  world.stop();
  world.start();
  REQUIRE(world.ask(ask_one).status == 200);
  world.receiver = std::make_unique<test::Receiver>(world.box.handler(), port);
  REQUIRE(world.come("/adl/v1/traces", 8));
  REQUIRE(world.come("/ldv/v1/traces", 8));
  std::this_thread::sleep_for(1500ms);
  for (const char* path : {"/adl/v1/traces", "/ldv/v1/traces"}) {
    std::set<std::string> ids;
    const auto spans = world.box.spans(path);
    for (const auto& span : spans) ids.emplace(span.at("spanId").as_string());
    CHECK(ids.size() == 8);
    CHECK(spans.size() == 8);
  }
  CHECK(world.metrics().find("koppelpoort_exports_behind_records") != std::string::npos);
}

TEST_CASE("every change of the registers is told once, in order, over an outage and a restart") {
  Telling world;
  const std::uint16_t port = world.receiver->port();
  world.config.exports = {{"wijzigingen", ExportKind::changes, world.receiver->url("/hook"), {}, {}}};
  RegisterEvents store(world.config.registers_file());
  const auto first = static_cast<std::size_t>(store.version());
  world.start();
  REQUIRE(world.come("/hook", first));
  world.receiver.reset();  // down
  for (auto event : store.all())
    if (event.kind == "purpose") {
      event.body = with_state(event.body, PurposeState::suspended);
      event.reason = "om een reden die niemand anders aangaat";
      event.author = "mw. Pietersen";
      store.append({event}, store.version());
    }
  world.stop();
  world.start();
  world.receiver = std::make_unique<test::Receiver>(world.box.handler(), port);
  REQUIRE(world.come("/hook", first + 1));
  std::this_thread::sleep_for(1500ms);
  const std::lock_guard guard(world.box.mutex);
  const auto& told = world.box.bodies["/hook"];
  REQUIRE(told.size() == first + 1);
  for (std::size_t i = 0; i < told.size(); ++i) {
    const json::object event = json::parse(told[i]).as_object();
    CHECK(event.at("id").as_string() == "register-" + std::to_string(i + 1));
    CHECK(event.at("type") == "nl.koppelpoort.register-gewijzigd");
    CHECK(event.at("data").at("versie").to_number<std::size_t>() == i + 1);
    for (const char* said : {"Pietersen", "niemand anders"}) CHECK(told[i].find(said) == std::string::npos);
  }
  const json::object last = json::parse(told.back()).as_object();
  CHECK(last.at("subject") == "purpose/doel");
  CHECK(last.at("data").at("toestand") == "suspended");
}

TEST_CASE("a receiver that takes the connection and says nothing holds up neither exchanges nor the end of the gate") {
  Telling world;
  const auto silence = [](const test::Received&) {
    std::this_thread::sleep_for(20s);
    return test::Reply{};
  };
  auto silent = std::make_unique<test::Receiver>(silence);
  world.config.exports = {{"adl", ExportKind::decision_log, silent->url("/adl/v1/traces"), {}, {}}};
  world.start();
  for (int i = 0; i < 3; ++i) REQUIRE(world.ask(ask_one).status == 200);
  std::this_thread::sleep_for(1500ms);
  const auto begin = std::chrono::steady_clock::now();
  world.stop();
  CHECK(std::chrono::steady_clock::now() - begin < 8s);
}
