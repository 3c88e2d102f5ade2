// The running gate over real mutual TLS sockets: identity, refusals, faults of providers, records, reload.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/proof.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;
using namespace std::chrono_literals;

namespace {

namespace json = boost::json;
using test::World;

constexpr const char* ask_name =
    R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676"],"fields":["naam.voornamen"]})";
constexpr const char* answer_name = R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})";
const std::vector<std::string> necessary{"persoon.burgerservicenummer", "persoon.naam.voornamen"};

demo::ProviderAnswer good(const demo::ProviderRequest&) { return {200, "application/json", answer_name, {}}; }

struct Ready : World {
  explicit Ready(Handler handler = good, const std::string& registers = {}) : World(std::move(handler)) {
    apply(registers.empty() ? test::brp_registers(provider->port(), necessary) : registers);
    start();
  }
};

std::string code_of(const demo::Response& response) {
  boost::system::error_code error;
  const json::value body = json::parse(response.body, error);
  return error || !body.is_object() || !body.as_object().contains("code") ? ""
                                                                          : std::string(body.at("code").as_string());
}

std::vector<std::string> records(const std::string& folder, std::string_view kind) {
  std::vector<std::string> found;
  read_log(folder, [&](std::int64_t, std::string_view entry) {
    if (member_of(entry, "kind") == kind) found.emplace_back(entry);
    return true;
  });
  return found;
}

}  // namespace

TEST_CASE("a permitted exchange: decided, recorded, released, in this order") {
  Ready world;
  const auto response = world.ask(ask_name);
  CHECK(response.status == 200);
  CHECK(response.body == answer_name);
  CHECK(response.header("Cache-Control") == "no-store");
  const std::string id = response.header("Koppelpoort-Decision");
  world.stop();
  std::vector<std::string> kinds;
  read_log(world.config.ledger_folder(), [&](std::int64_t, std::string_view entry) {
    if (member_of(entry, "tx") == id) kinds.emplace_back(member_of(entry, "kind"));
    return true;
  });
  CHECK(kinds == std::vector<std::string>{"decision", "release", "outcome"});
  const auto decision = records(world.config.ledger_folder(), "decision").front();
  CHECK(member_of(decision, "src") == test::caller_oin);
  CHECK(member_of(decision, "dst") == test::provider_oin);
  CHECK(member_of(decision, "purpose") == "doel");
  CHECK(member_of(decision, "op") == "POST /personen");
}

TEST_CASE("every recorded answer carries a receipt that the ledger proves, refusals too") {
  Ready world;
  std::vector<std::string> receipts{world.ask(ask_name).header("Koppelpoort-Receipt"),
                                    world.ask(ask_name, "geen").header("Koppelpoort-Receipt")};
  const std::string published = world.managed("/audit/checkpoint");
  world.stop();
  const NoteVerifier key = ledger_vkey(world.config.ledger_folder()).value();
  std::vector<Hash> leaves;
  std::vector<std::string> kinds;
  const LogReading reading = read_log(world.config.ledger_folder(), [&](std::int64_t, std::string_view entry) {
    leaves.push_back(leaf_hash(entry));
    kinds.emplace_back(member_of(entry, "kind"));
    return true;
  });
  // What the management listener published while the gate ran is a checkpoint of this very log.
  const auto earlier = open_checkpoint(published.substr(published.find("\r\n\r\n") + 4), key);
  REQUIRE(earlier);
  const auto before = static_cast<std::size_t>(earlier->size);
  REQUIRE(before <= leaves.size());
  const auto newest = parse_checkpoint(body_of(reading.checkpoint)).value();
  CHECK(consistent(earlier->size, earlier->root, newest.size, newest.root, consistency_proof(leaves, before)));
  const std::vector<std::string> wanted{"release", "decision"};
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    const auto receipt = parse_receipt(receipts[i]);
    REQUIRE(receipt);
    CHECK(receipt->origin == key.name());
    const auto index = static_cast<std::size_t>(receipt->index);
    REQUIRE(index < leaves.size());
    CHECK(kinds[index] == wanted[i]);
    const RecordProof proof{receipt->index, inclusion_proof(leaves, index), reading.checkpoint};
    CHECK(fault_of(proof, receipt->leaf, key).empty());
  }
}

TEST_CASE("who has no certificate, a foreign one, an expired or a revoked one, gets nowhere (S1, S2)") {
  Ready world;
  const auto reaches = [&](const demo::Identity* identity) {
    auto client = world.connect(identity);
    return client->connected() ? client->ask("POST", "/brp/personen", ask_name, {"x-doelbinding: doel"}).status : 0;
  };
  CHECK(reaches(nullptr) == 0);
  std::filesystem::create_directories(world.folder.path() + "/elders");
  demo::Authority foreign(world.folder.path() + "/elders", "ca");
  const auto forged = foreign.issue("gemeente", {test::caller_oin});
  CHECK(reaches(&forged) == 0);
  const auto expired = world.authority->issue("verlopen", {test::caller_oin}, -1);
  CHECK(reaches(&expired) == 0);
  CHECK(reaches(&world.caller) == 200);
}

TEST_CASE("the OIN of the certificate decides, one and no more (S1)") {
  Ready world;
  const auto code_for = [&](const std::vector<std::string>& oins,
                            const std::vector<std::string>& headers = {"x-doelbinding: doel"}) {
    static int number = 0;
    const auto identity = world.authority->issue("wie" + std::to_string(++number), oins);
    return code_of(world.connect(&identity)->ask("POST", "/brp/personen", ask_name, headers));
  };
  CHECK(code_for({}) == "KP-101");
  CHECK(code_for({test::caller_oin, test::other_oin}) == "KP-101");
  CHECK(code_for({"123"}) == "KP-101");
  CHECK(code_for({test::other_oin}) == "KP-102");
  CHECK(code_for({test::other_oin}, {"x-doelbinding: doel", std::string("x-origin-oin: ") + test::caller_oin}) ==
        "KP-102");
  CHECK(code_for({test::provider_oin}) == "KP-203");
  CHECK(code_for({test::provider_oin}, {"x-doelbinding: doel", std::string("x-origin-oin: ") + test::caller_oin}) ==
        "KP-103");
}

TEST_CASE(
    "a revoked certificate on an open connection is refused at its next request (S4), and reload drops nobody else "
    "(S6)") {
  Ready world;
  auto open = world.connect(&world.caller);
  const auto other = world.authority->issue("collega", {test::caller_oin});
  auto kept = world.connect(&other);
  const auto ask = [&](demo::Client& client) {
    return client.ask("POST", "/brp/personen", ask_name, {"x-doelbinding: doel"}).status;
  };
  REQUIRE(ask(*open) == 200);
  REQUIRE(ask(*kept) == 200);
  world.authority->revoke(world.caller);
  world.server->reload();
  CHECK(ask(*open) == 0);
  CHECK(ask(*kept) == 200);
  CHECK(ask(*world.connect(&world.caller)) == 0);
  // A broken new file: the old one stays.
  std::ofstream(world.authority->revocations_file()) << "kapot";
  world.server->reload();
  CHECK(ask(*kept) == 200);
  CHECK(ask(*world.connect(&other)) == 200);
}

TEST_CASE("refusals are problem documents in the caller's language") {
  Ready world;
  const auto dutch = world.ask(ask_name, "");
  CHECK(dutch.status == 403);
  CHECK(dutch.header("Content-Type").starts_with("application/problem+json"));
  const json::value body = json::parse(dutch.body);
  for (const char* member : {"type", "status", "title", "detail", "instance", "code", "findings", "remedy", "decision"})
    CHECK(body.as_object().contains(member));
  CHECK(body.at("detail").as_string() == "Er is geen doel opgegeven.");
  const auto english = world.ask(ask_name, "", {"Accept-Language: en-GB,nl;q=0.5"});
  CHECK(json::parse(english.body).at("detail").as_string() == "No purpose was declared.");
  CHECK(world.provider->requests() == 0);
}

TEST_CASE("a refusal is the same whether or not the person exists") {
  bool exists = true;
  Ready world([&](const demo::ProviderRequest&) {
    return demo::ProviderAnswer{200, "application/json", exists ? answer_name : R"({"type":"x","personen":[]})", {}};
  });
  const auto refusal = [&] {
    auto body = world.ask(ask_name, "anders").body;
    const auto at = body.find("urn:uuid:");
    return body.substr(0, at) + body.substr(body.find("\"code\""), body.find("\"decision\"") - body.find("\"code\""));
  };
  const auto one = refusal();
  exists = false;
  CHECK(refusal() == one);
  CHECK(world.provider->requests() == 0);
}

TEST_CASE("an answer that is withheld rests on its decision, and says so in its receipt") {
  Ready world([](const demo::ProviderRequest&) { return demo::ProviderAnswer{500, "application/json", "{}", {}}; });
  const auto response = world.ask(ask_name);
  CHECK(response.status == 502);
  const auto receipt = parse_receipt(response.header("Koppelpoort-Receipt"));
  REQUIRE(receipt);
  world.stop();
  read_log(world.config.ledger_folder(), [&](std::int64_t index, std::string_view entry) {
    if (index != receipt->index) return true;
    CHECK(member_of(entry, "kind") == "decision");
    CHECK(leaf_hash(entry) == receipt->leaf);
    return false;
  });
}

TEST_CASE("what the provider does wrong never reaches the caller") {
  demo::ProviderAnswer answer;
  Ready world([&](const demo::ProviderRequest&) { return answer; });
  const auto code_for = [&](demo::ProviderAnswer given) {
    answer = std::move(given);
    const auto response = world.ask(ask_name);
    CHECK(response.status == 502);
    CHECK(response.body.find("Jo") == std::string::npos);
    return code_of(response);
  };
  const std::string json_type = "application/json";
  CHECK(code_for({500, json_type, answer_name, {}}) == "KP-904");
  CHECK(code_for({302, json_type, answer_name, {}}) == "KP-904");
  CHECK(code_for({206, json_type, answer_name, {}}) == "KP-904");
  CHECK(code_for({200, "text/html", answer_name, {}}) == "KP-803");
  CHECK(code_for({200, "application/json; charset=utf-16", answer_name, {}}) == "KP-803");
  CHECK(code_for({200, json_type, "{\"personen\":[{\"naam\":{\"voornamen\":\"Jo\"}}", {}}) == "KP-803");
  CHECK(code_for({200, json_type, R"({"type":"x","personen":[{"naam":{"voornamen":"999990676"}}]})", {}}) == "KP-804");
  const std::string body = answer_name;
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
  CHECK(code_for({0, "", "", head + "\r\n" + body}) == "KP-904");                         // no length
  CHECK(code_for({0, "", "", head + "Content-Length: 900\r\n\r\n" + body}) == "KP-904");  // cut off (H12)
  CHECK(code_for({0, "", "",
                  head + "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                      body}) == "KP-803");
  CHECK(code_for({0, "", "", head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" + body}) == "KP-904");
  CHECK(code_for({0, "", "", "HTTP/1.1 101 Switching\r\n\r\n"}) == "KP-904");
  const std::string metrics = world.metrics();
  for (const char* code : {"KP-803", "KP-804", "KP-904"})
    CHECK(metrics.find("koppelpoort_findings_total{code=\"" + std::string(code)) != std::string::npos);
}

TEST_CASE("an answer about more people than were asked about is no answer") {
  Ready world([](const demo::ProviderRequest&) {
    return demo::ProviderAnswer{
        200,
        "application/json",
        R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}},{"naam":{"voornamen":"Ander"}}]})",
        {}};
  });
  const auto response = world.ask(ask_name);
  CHECK(response.status == 502);
  CHECK(code_of(response) == "KP-803");
  CHECK(response.body.find("Ander") == std::string::npos);
}

TEST_CASE("what a crash cut off is closed as unknown at the next start") {
  World world(good);
  world.apply(test::brp_registers(world.provider->port(), necessary));
  {
    Ledger ledger(world.config.ledger_folder(), "n", world.config.ledger_key_file(), {});
    RecordWriter record("decision");
    record.add("tx", "afgebroken").add("verdict", "permit");
    ledger.append(record.finish(), {});
  }
  world.start();
  CHECK(world.ask(ask_name).status == 200);
  world.stop();
  const auto outcomes = records(world.config.ledger_folder(), "outcome");
  REQUIRE(outcomes.size() == 2);
  CHECK(member_of(outcomes.front(), "tx") == "afgebroken");
  CHECK(member_of(outcomes.front(), "outc") == "unknown-crash");
  CHECK(test::verified(world.config.ledger_folder()).fault.empty());
}

TEST_CASE("an answer with a second one behind it is given once, and never to somebody else (H11)") {
  const std::string body = answer_name;
  const std::string one =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  Ready world([&](const demo::ProviderRequest&) {
    return demo::ProviderAnswer{
        0, "", "", one + "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"};
  });
  for (int i = 0; i < 3; ++i) CHECK(world.ask(ask_name).body == body);
}

TEST_CASE("a provider's refusal passes without its data") {
  Ready world([](const demo::ProviderRequest&) {
    return demo::ProviderAnswer{
        400,
        "application/problem+json",
        R"({"type":"t","title":"Fout","status":400,"detail":"bsn 999990676","instance":"/x/999990676","code":"paramsValidation","invalidParams":[{"name":"fields","code":"required","reason":"r","waarde":"999990676"}]})",
        {}};
  });
  const auto response = world.ask(ask_name);
  CHECK(response.status == 400);
  CHECK(
      response.body ==
      R"({"type":"t","title":"Fout","status":400,"code":"paramsValidation","invalidParams":[{"name":"fields","code":"required","reason":"r"}]})");
}

TEST_CASE("a certificate of the wrong organisation is no provider, whatever its name") {
  World world(good);
  world.apply(test::brp_registers(world.provider->port(), necessary));
  const auto other = world.authority->issue("ander", {test::other_oin});
  demo::Provider wrong(world.authority->certificate_file(), other, good);
  auto registers = test::brp_registers(wrong.port(), necessary);
  world.apply(registers);
  world.start();
  const auto response = world.ask(ask_name);
  CHECK(response.status == 502);
  CHECK(code_of(response) == "KP-904");
  CHECK(wrong.requests() == 0);
}

TEST_CASE("no record, no exchange: a sealed ledger answers 503 and nobody is asked (KP-902)") {
  // The disk breaks: the ledger's folder is gone from under the running gate, and the next segment cannot be made.
  World world(good);
  world.apply(test::brp_registers(world.provider->port(), necessary));
  world.start();
  REQUIRE(world.ask(ask_name).status == 200);
  world.server->break_storage();
  const std::size_t heard = world.provider->requests();
  for (int i = 0; i < 3; ++i) {
    const auto response = world.ask(ask_name);
    CHECK(response.status == 503);
    CHECK(code_of(response) == "KP-902");
  }
  CHECK(world.provider->requests() == heard);
  CHECK(world.metrics().find("koppelpoort_ledger_sealed 1") != std::string::npos);
}

TEST_CASE("a suspended purpose stops new exchanges without a restart") {
  Ready world;
  REQUIRE(world.ask(ask_name).status == 200);
  std::string registers = test::brp_registers(world.provider->port(), necessary);
  registers.replace(registers.find("state = \"active\""), 16, "state = \"suspended\"");
  world.apply(registers);
  std::string code;
  for (int tries = 0; tries < 40 && code != "KP-206"; ++tries) {
    std::this_thread::sleep_for(100ms);
    code = code_of(world.ask(ask_name));
  }
  CHECK(code == "KP-206");
}

TEST_CASE("how often a person is asked about is counted, over a restart too (KP-503)") {
  World world(good);
  std::string registers = test::brp_registers(world.provider->port(), necessary);
  const auto at = registers.find("[[necessity]]\nid = \"n\"\n");
  registers.insert(at + 23, "per_person_per_month = 3\n");
  world.apply(registers);
  world.start();
  CHECK(world.ask(ask_name).status == 200);
  CHECK(world.ask(ask_name).status == 200);
  world.stop();
  world.start();
  CHECK(world.ask(ask_name).status == 200);
  CHECK(code_of(world.ask(ask_name)) == "KP-503");
  const std::string other =
      R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999991760"],"fields":["naam.voornamen"]})";
  CHECK(world.ask(other).status == 200);
}

TEST_CASE("two purposes cannot bring two sources together about one person, over a restart neither (KP-602)") {
  World world(good);
  const std::string registers = test::brp_registers(world.provider->port(), necessary);
  // A second source for a second purpose: copies of the first under other names.
  const auto block = [&](std::string_view begins) {
    const auto from = registers.find(begins);
    return registers.substr(from, registers.find("[[", from + 2) - from);
  };
  const auto renamed = [](std::string text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
      text.replace(at, what.size(), with);
    return text;
  };
  std::string service = renamed(block("[[service]]\nid = \"brp\""), "\"brp\"", "\"elders\"");
  service = renamed(service, "\"/brp\"", "\"/elders\"");
  std::string purpose = renamed(block("[[purpose]]"), "\"doel\"", "\"ander-doel\"");
  purpose = renamed(purpose, "\"brp-1\"]", "\"elders\"]");
  std::string necessity = renamed(block("[[necessity]]\nid = \"n\""), "\"doel\"", "\"ander-doel\"");
  necessity = renamed(renamed(necessity, "\"brp\"", "\"elders\""), "\"n\"", "\"m\"");
  world.apply(registers + service + purpose + necessity);
  world.start();
  const auto other = [&](const std::string& body) {
    return world.connect(&world.caller)->ask("POST", "/elders/personen", body, {"x-doelbinding: ander-doel"});
  };
  CHECK(world.ask(ask_name).status == 200);
  CHECK(code_of(other(ask_name)) == "KP-602");
  CHECK(world.ask(ask_name).status == 200);
  const std::string somebody_else =
      R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999991760"],"fields":["naam.voornamen"]})";
  CHECK(other(somebody_else).status == 200);
  world.stop();
  world.start();
  CHECK(code_of(other(ask_name)) == "KP-602");
  CHECK(code_of(world.ask(somebody_else)) == "KP-602");
}

TEST_CASE("the claim headers of a connection have the names that its client uses") {
  World world(good);
  world.apply(test::brp_registers(world.provider->port(), necessary));
  HeaderNames centric;
  centric.purpose = "x-request-application";
  world.config.headers_of[test::caller_oin] = centric;
  world.start();
  CHECK(world.ask(ask_name, "", {"x-request-application: doel"}).status == 200);
  CHECK(code_of(world.ask(ask_name)) == "KP-201");
  CHECK(code_of(world.ask(ask_name, "", {"x-request-application: " + std::string(300, 'a')})) == "KP-901");
}

TEST_CASE("the older GET shape works end to end") {
  std::string target;
  World world([&](const demo::ProviderRequest& request) {
    target = request.target;
    return demo::ProviderAnswer{
        200,
        "application/hal+json",
        R"({"burgerservicenummer":"999990676","naam":{"voornamen":"Jo","geslachtsnaam":"V"},"_links":{"self":"/x/999990676"}})",
        {}};
  });
  world.apply(test::brp_registers(world.provider->port(), necessary));
  world.start();
  const auto response =
      world.connect(&world.caller)
          ->ask("GET", "/brp1/ingeschrevenpersonen/999990676?fields=naam.voornamen,naam.geslachtsnaam", "",
                {"x-doelbinding: doel"});
  CHECK(response.status == 200);
  CHECK(response.body == R"({"naam":{"voornamen":"Jo"}})");
  CHECK(target == "/ingeschrevenpersonen/999990676?fields=naam.voornamen");
}

TEST_CASE("a hopeless request is refused without asking for its body (H7)") {
  Ready world;
  auto client = world.connect(&world.caller);
  const std::string head =
      "POST /brp/personen HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: "
      "100-continue\r\nContent-Length: " +
      std::to_string(std::string(ask_name).size()) + "\r\n";
  REQUIRE(client->send(head + "x-doelbinding: onbekend\r\n\r\n"));
  const auto refused = client->receive();
  CHECK(refused.status == 403);
  CHECK(refused.header("Connection") == "close");
  client = world.connect(&world.caller);
  REQUIRE(client->send(head + "x-doelbinding: doel\r\n\r\n"));
  CHECK(client->receive().status == 100);
  REQUIRE(client->send(ask_name));
  CHECK(client->receive().status == 200);
}

TEST_CASE("every request has exactly one decision record, the malformed ones too, and no person number is in clear") {
  Ready world;
  const std::string number = test::person;
  world.ask(ask_name);
  world.ask(ask_name, number);          // a number as purpose
  world.ask("{\"" + number + "\":1}");  // as a field name
  world.ask(
      ask_name, "doel",
      {"x-origin-oin: " + number, "x-gebruiker: " + number, "x-signaal: " + number, "x-bewijs: " + number + "=1"});
  world.connect(&world.caller)->ask("GET", "/brp/" + number + "?x=" + number, "", {"x-doelbinding: doel"});
  world.connect(&world.caller)->ask("GET", "/" + number, "", {});
  auto client = world.connect(&world.caller);
  client->send("GET /" + number + " HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  CHECK(client->receive().status == 400);
  const std::string metrics = world.metrics();
  world.stop();
  CHECK(records(world.config.ledger_folder(), "decision").size() == 7);
  CHECK(test::verified(world.config.ledger_folder()).fault.empty());
  CHECK(metrics.find(number) == std::string::npos);
  for (const auto& item : std::filesystem::recursive_directory_iterator(world.config.data)) {
    if (!item.is_regular_file()) continue;
    std::ifstream file(item.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    INFO(item.path().string());
    CHECK(bytes.find(number) == std::string::npos);
  }
}

TEST_CASE("health and metrics say how it is") {
  Ready world;
  world.ask(ask_name);
  world.ask(ask_name, "");
  // An exchange is counted when its answer has left: a moment after the caller has it.
  std::string text;
  for (int i = 0; i < 100 && text.find("koppelpoort_exchange_seconds_count 2") == std::string::npos; ++i) {
    if (i > 0) std::this_thread::sleep_for(20ms);
    text = world.metrics();
  }
  for (const char* line :
       {"koppelpoort_decisions_total{verdict=\"permit\"} 1", "koppelpoort_decisions_total{verdict=\"block\"} 1",
        "koppelpoort_blocks_total{kind=\"missing\"} 1", "koppelpoort_findings_total{code=\"KP-201\"} 1",
        "koppelpoort_register_version 7", "koppelpoort_ledger_sealed 0", "koppelpoort_exchange_seconds_count 2"}) {
    INFO(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("only modern TLS (S5)") {
  Ready world;
  const auto connects = [&](int version, const char* ciphers) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    if (ciphers != nullptr) SSL_CTX_set_cipher_list(context, ciphers);
    SSL_CTX_use_certificate_chain_file(context, world.caller.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context, world.caller.key.c_str(), SSL_FILETYPE_PEM);
    BIO* bio = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(bio, ("127.0.0.1:" + std::to_string(world.config.port)).c_str());
    const bool done = BIO_do_connect(bio) == 1;
    BIO_free_all(bio);
    SSL_CTX_free(context);
    return done;
  };
  CHECK(connects(TLS1_3_VERSION, nullptr));
  CHECK(connects(TLS1_2_VERSION, "ECDHE-ECDSA-AES256-GCM-SHA384"));
  CHECK_FALSE(connects(TLS1_2_VERSION, "ECDHE-ECDSA-AES256-SHA"));
  CHECK_FALSE(connects(TLS1_1_VERSION, "ALL:@SECLEVEL=0"));
}
