// A person number put in fifty places of requests and answers is nowhere afterwards: not in a file of the gate, not in
// what it prints, not in metrics, errors or exports, and not in the memory that a core would hold (L1).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "gateway/exchange/pseudonym.hpp"
#include "gateway/keys/data_keys.hpp"
#include "gateway/ledger/encoding.hpp"
#include "tests/support/receiver.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

// Of the official test range, like the person of the other tests; only this one is looked for.
constexpr const char* canary = "999993653";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::size_t count_in(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

struct Place {
  std::string method = "POST", target = "/brp/personen", body;
  std::vector<std::string> headers{"x-doelbinding: doel"};
};

std::vector<Place> places() {
  const std::string number = canary;
  const std::string ask =
      R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":[")" + number +
      R"("]})";
  std::vector<Place> all;
  const auto add = [&](Place place) { all.push_back(std::move(place)); };
  add({"POST", "/brp/personen", ask, {"x-doelbinding: doel"}});
  add({"POST", "/brp/personen", ask, {"x-doelbinding: geen"}});
  add({"POST", "/brp/personen", ask, {}});
  for (const std::string& target : std::vector<std::string>{
           "/" + number, "/brp/" + number, "/brp/personen/" + number, "/brp/personen?bsn=" + number,
           "/brp/personen?" + number, "/brp/personen?fields=" + number, "/audit/" + number, "/audit/v1/proof/" + number,
           "/brp/%39" + number.substr(1), "/brp/personen;" + number, "/brp//" + number, "/brp/../" + number})
    for (const char* method : {"GET", "POST"}) add({method, target, "", {"x-doelbinding: doel"}});
  for (const std::string& header :
       std::vector<std::string>{"x-doelbinding", "x-gebruiker", "x-toepassing", "x-verwerking", "x-signaal", "x-bewijs",
                                "x-origin-oin", "traceparent", "cookie", "authorization", "accept-language",
                                "content-type", "x-" + number, "referer", "user-agent"})
    add({"POST",
         "/brp/personen",
         ask,
         {header == "x-doelbinding" ? "x: y" : "x-doelbinding: doel", header + ": " + number}});
  add({"POST",
       "/brp/personen",
       ask,
       {"x-doelbinding: doel", "traceparent: 00-" + std::string(23, '0') + number + "-00f067aa0ba902b7-01"}});
  add({"POST",
       "/brp/personen",
       ask,
       {"x-doelbinding: doel", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-" + number + "0000000-01"}});
  add({"POST", "/brp/personen", ask, {"x-doelbinding: doel", "x-origin-oin: 00000000000" + number}});
  for (const std::string& body : std::vector<std::string>{
           "{" + number, "[" + number + "]", "{\"" + number + "\":1}",
           R"({"type":")" + number + R"(","fields":["naam.voornamen"],"burgerservicenummer":["999990676"]})",
           R"({"type":"RaadpleegMetBurgerservicenummer","fields":[")" + number +
               R"("],"burgerservicenummer":["999990676"]})",
           R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":")" + number +
               R"("})",
           R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":[)" + number +
               "]}",
           R"({"type":"RaadpleegMetBurgerservicenummer","fields":["naam.voornamen"],"burgerservicenummer":[")" +
               number + R"(",")" + number + R"("]})",
           R"({"type":"RaadpleegMetBurgerservicenummer","gemeenteVanInschrijving":")" + number +
               R"(","fields":["naam.voornamen"],"burgerservicenummer":["999990676"]})"})
    add({"POST", "/brp/personen", body, {"x-doelbinding: doel"}});
  return all;
}

struct Watched : test::World {
  test::Receiver receiver;
  std::string told, printed_file;
  std::mutex mutex;
  pid_t gate_process = 0;

  Watched()
      : World([this](const demo::ProviderRequest&) { return answer(); }),
        receiver([this](const test::Received& received) {
          const std::lock_guard guard(mutex);
          told += received.head + received.body;
          return test::Reply{};
        }) {
    apply(test::brp_registers(provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
    fs::create_directories(config.ledger_folder());
    const auto tls = [](const TlsFiles& files) {
      return "certificate = \"" + files.certificate + "\"\nkey = \"" + files.key + "\"\nauthorities = \"" +
             files.authorities + "\"\nrevocations = \"" + files.revocations + "\"\n";
    };
    const auto exported = [&](const char* name) {
      return "[[export]]\nname = \"" + std::string(name) + "\"\nkind = \"" + name + "\"\nurl = \"" + receiver.url("/") +
             "\"\n";
    };
    const std::string file = folder.file("koppelpoort.toml",
                                         "[node]\nname = \"test\"\ndata = \"data\"\nlog_level = "
                                         "\"debug\"\n[listener]\naddress = \"127.0.0.1\"\nport = " +
                                             std::to_string(config.port) + "\n" + tls(config.listener_tls) +
                                             "[upstream]\nallow_local = true\n" + tls(config.upstream_tls) +
                                             "[management]\nport = " + std::to_string(config.management_port) +
                                             "\n[catalogue]\nfolder = \"" + config.knowledge +
                                             "\"\naccept_unreleased = [\"verified\", \"verified-2017\"]\n" +
                                             exported("adl") + exported("ldv") + exported("blocks"));
    printed_file = folder.path() + "/printed";
    gate_process = ::fork();
    if (gate_process == 0) {
      std::FILE* out = std::freopen(printed_file.c_str(), "w", stdout);
      std::FILE* err = std::freopen(printed_file.c_str(), "a", stderr);
      if (out == nullptr || err == nullptr) ::_exit(1);
      ::execl(KOPPELPOORT_PROGRAM, "koppelpoort", "serve", "--config", file.c_str(), nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 200 && managed("/health/ready").find("200") == std::string::npos; ++i)
      std::this_thread::sleep_for(50ms);
  }
  ~Watched() {
    ::kill(gate_process, SIGTERM);
    ::waitpid(gate_process, nullptr, 0);
  }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  // The provider, too, puts the number where it can.
  demo::ProviderAnswer answer() {
    const std::string number = canary;
    static std::atomic<int> turn{0};
    const auto raw = [](const std::string& text) { return demo::ProviderAnswer{200, "", "", text}; };
    switch (turn++ % 8) {
      case 0:
        return {200,
                "application/json",
                R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"},"burgerservicenummer":")" + number + R"("}]})",
                {}};
      case 1: return {200, "application/json", "{\"" + number + "\":", {}};
      case 2:
        return {404, "application/problem+json", R"({"title":"no )" + number + R"(","detail":")" + number + "\"}", {}};
      case 3: return raw("HTTP/1.1 200 " + number + "\r\nX-" + number + ": " + number + "\r\n\r\n");
      case 4: return raw(number);
      case 5: return {500, "text/" + number, number, {}};
      case 6: return {200, "application/json", R"({"type":"x","personen":[{"onbekend":")" + number + R"("}]})", {}};
      default: return {200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})", {}};
    }
  }

  // In how many places of the process's memory the number stands.
  std::size_t in_memory() const {
    std::ifstream maps("/proc/" + std::to_string(gate_process) + "/maps");
    std::ifstream memory("/proc/" + std::to_string(gate_process) + "/mem", std::ios::binary);
    std::size_t found = 0;
    for (std::string line; std::getline(maps, line);) {
      std::uint64_t begin = 0, end = 0;
      std::array<char, 5> rights{};
      if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights.data()) != 3 || rights[1] != 'w') continue;
      std::string bytes(end - begin, '\0');
      memory.clear();
      memory.seekg(static_cast<std::streamoff>(begin));
      memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      found += count_in(bytes, canary);
    }
    return found;
  }
};

}  // namespace

TEST_CASE("a person number in fifty places of requests and answers is nowhere afterwards (L1)") {
  Watched world;
  const auto all = places();
  CHECK(all.size() >= 50);
  std::size_t answered = 0, passed = 0, leaked = 0;
  for (const auto& place : all) {
    const auto response = world.connect(&world.caller)->ask(place.method, place.target, place.body, place.headers);
    answered += response.status > 0 ? 1u : 0u;
    passed += response.status == 200 ? 1u : 0u;
    // What the caller may have comes back to the caller; an error never repeats what was sent.
    if (response.status != 200) leaked += count_in(response.body, canary);
  }
  CHECK(answered >= all.size() - 2);
  CHECK(passed > 0);
  CHECK(leaked == 0);
  std::this_thread::sleep_for(2500ms);  // exports, index, metrics
  std::size_t files = 0;
  for (const auto& item : fs::recursive_directory_iterator(world.config.data)) {
    if (!item.is_regular_file()) continue;
    ++files;
    INFO(item.path());
    CHECK(count_in(text_of(item.path()), canary) == 0);
  }
  CHECK(files > 10);
  CHECK(count_in(text_of(world.printed_file), canary) == 0);
  CHECK(count_in(world.metrics(), canary) == 0);
  {
    const std::lock_guard guard(world.mutex);
    CHECK_FALSE(world.told.empty());
    CHECK(count_in(world.told, canary) == 0);
  }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  std::cout << "canary: memory is not searched under a sanitizer, whose allocator keeps what is freed\n";
#else
  const std::size_t memory = world.in_memory();
  std::cout << "canary: " << all.size() << " places, " << answered << " answered, " << files << " files searched, "
            << memory << " left in memory\n";
  CHECK(memory == 0);
#endif
}

TEST_CASE("a copy of the data without its keys confirms no guessed person number (L2)") {
  Watched world;
  for (const auto& place : places())
    world.connect(&world.caller)->ask(place.method, place.target, place.body, place.headers);
  std::this_thread::sleep_for(1500ms);
  // What somebody with the copy can compute who knows the number and how pseudonyms are made, but not their key.
  const test::Folder mine;
  create_keys({mine.path() + "/keys", {}});
  const auto own_keys = open_keys({mine.path() + "/keys", {}});
  const int year = year_of(dutch_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())));
  own_keys->make_year(year);
  std::vector<std::string> guesses;
  const auto guess = [&](const std::string& bytes) {
    guesses.push_back(bytes);
    guesses.push_back(hex(bytes).substr(0, 24));
    guesses.push_back(base64(bytes).substr(0, 24));
  };
  const auto raw = [](const Hash& hash) { return std::string(hash.begin(), hash.end()); };
  for (const auto& salt : {std::string(), std::string(test::caller_oin), world.config.node, std::to_string(year)})
    for (const auto& text : {std::string(canary) + salt, salt + canary, salt + '\0' + canary})
      guess(raw(sha256_of(text)));
  guesses.push_back(pseudonym_of(*own_keys, year, test::caller_oin, canary));
  std::size_t searched = 0, confirmed = 0;
  for (const auto& item : fs::recursive_directory_iterator(world.config.data)) {
    if (!item.is_regular_file()) continue;
    ++searched;
    const std::string bytes = text_of(item.path());
    for (const auto& each : guesses) confirmed += count_in(bytes, each);
  }
  CHECK(searched > 10);
  CHECK(confirmed == 0);
  // Nor do the sealed parts open: the copy of their keys is wrapped by one that is not in it.
  CHECK_THROWS_AS(
      DataKeys(world.config.data_keys_file(), *own_keys, world.config.retention, Database::Mode::read).find(1),
      std::exception);
  const auto keys = open_keys(world.config.keys());
  CHECK(DataKeys(world.config.data_keys_file(), *keys, world.config.retention, Database::Mode::read).find(1) !=
        nullptr);
}
