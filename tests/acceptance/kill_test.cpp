// kill -9 at random moments under load: whatever answer a caller holds, its release record is in the ledger, and the
// ledger verifies after each restart.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "gateway/ledger/members.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/support/world.hpp"

namespace koppelpoort {
namespace {

using test::World;
using namespace std::chrono_literals;

constexpr const char* body =
    R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676"],"fields":["naam.voornamen"]})";

std::string config_text(const Config& config) {
  const auto tls = [](const TlsFiles& files) {
    return "certificate = \"" + files.certificate + "\"\nkey = \"" + files.key + "\"\nauthorities = \"" +
           files.authorities + "\"\nrevocations = \"" + files.revocations + "\"\n";
  };
  return "[node]\ndata = \"" + config.data +
         "\"\nlog_level = \"error\"\n[listener]\naddress = \"127.0.0.1\"\nport = " + std::to_string(config.port) +
         "\n" + tls(config.listener_tls) + "[upstream]\nallow_local = true\n" + tls(config.upstream_tls) +
         "[management]\nport = " + std::to_string(config.management_port) + "\n[catalogue]\nfolder = \"" +
         config.knowledge + "\"\naccept_unreleased = [\"verified\", \"verified-2017\"]\n";
}

pid_t spawn_gate(const std::string& config) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(KOPPELPOORT_PROGRAM, "koppelpoort", "serve", "--config", config.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  return child;
}

bool wait_until_up(const World& world) {
  for (int tries = 0; tries < 400; ++tries) {
    if (world.connect(&world.caller)->connected()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

std::set<std::string> released_in(const std::string& folder) {
  std::set<std::string> released;
  read_log(folder, [&](std::int64_t, std::string_view entry) {
    if (member_of(entry, "kind") == "release") released.emplace(member_of(entry, "tx"));
    return true;
  });
  return released;
}

}  // namespace

TEST_CASE("kill -9 under load loses no acknowledged record", "[acceptance]") {
  const char* wanted = std::getenv("KOPPELPOORT_KILLS");
  const int kills = wanted == nullptr ? 200 : std::atoi(wanted);
  World world([](const demo::ProviderRequest&) {
    return demo::ProviderAnswer{
        200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})", {}};
  });
  world.apply(test::brp_registers(world.provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}));
  const std::string config = world.folder.file("gate.toml", config_text(world.config));
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::size_t answers = 0;
  std::mutex mutex;
  std::set<std::string> held;  // decision ids of the answers that callers hold
  for (int round = 0; round < kills; ++round) {
    const pid_t gate = spawn_gate(config);
    REQUIRE(wait_until_up(world));
    std::atomic<bool> over{false};
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i)
      callers.emplace_back([&] {
        while (!over) {
          auto client = world.connect(&world.caller);
          while (!over && client->connected()) {
            const auto response = client->ask("POST", "/brp/personen", body, {"x-doelbinding: doel"});
            if (response.status == 0) break;
            if (response.status != 200) continue;
            const std::lock_guard guard(mutex);
            held.insert(response.header("Koppelpoort-Decision"));
          }
        }
      });
    std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(5, 120)(random)));
    ::kill(gate, SIGKILL);
    ::waitpid(gate, nullptr, 0);
    over = true;
    for (auto& caller : callers) caller.join();
    // Every start checks the log; every signature of it is checked now and then, for there are many.
    if (round % 20 != 0 && round + 1 != kills) continue;
    const LedgerReport report = test::verified(world.config.ledger_folder());
    INFO("round " << round << ": " << report.fault);
    REQUIRE(report.fault.empty());
  }
  const auto released = released_in(world.config.ledger_folder());
  for (const auto& id : held) {
    INFO(id);
    REQUIRE(released.contains(id));
  }
  answers = held.size();
  REQUIRE(answers > static_cast<std::size_t>(kills));
  std::cout << "kills: " << kills << ", answers held by callers: " << answers
            << ", all with a durable release record\n";
}

}  // namespace koppelpoort
