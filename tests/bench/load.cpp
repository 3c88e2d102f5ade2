// Load over mutual TLS for the benchmarks: `load rate|latency|handshakes|idle …`. Loopback only, bounded in time.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "tools/stage/client.hpp"

namespace {

using namespace koppelpoort;
using Clock = std::chrono::steady_clock;

constexpr const char* body =
    R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676"],"fields":["naam","geboorte","verblijfplaats","nationaliteiten"]})";

struct Options {
  std::uint16_t port = 0;
  std::string tls;  // folder with ca.pem, client.pem, client.key.pem
  int connections = 32, seconds = 3;
  pid_t subject = 0;
  std::string target = "/brp/personen";
};

// User and system time of a process and its children that still run, in microseconds.
double cpu_of(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/stat");
  std::string word;
  double ticks = 0;
  for (int i = 1; in >> word && i <= 15; ++i)
    if (i == 14 || i == 15) ticks += std::atof(word.c_str());
  return ticks * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double memory_of(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  return 0;
}

class Load {
 public:
  explicit Load(Options options)
      : options_(std::move(options)),
        authority_(options_.tls + "/ca.pem"),
        identity_{options_.tls + "/client.pem", options_.tls + "/client.key.pem"} {}

  // Requests a second, and CPU microseconds of the subject a request.
  int rate() {
    std::atomic<bool> counting{false}, over{false};
    std::atomic<long> done{0}, failed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < options_.connections; ++i)
      threads.emplace_back([&] {
        while (!over) {
          demo::Client client(options_.port, authority_, &identity_);
          while (!over && client.connected()) {
            const auto response = one(client);
            if (response.status == 0) break;
            if (counting) ++(response.status == 200 ? done : failed);
          }
        }
      });
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    const double cpu = cpu_of(options_.subject);
    const auto begin = Clock::now();
    counting = true;
    std::this_thread::sleep_for(std::chrono::seconds(options_.seconds));
    counting = false;
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const double used = cpu_of(options_.subject) - cpu;
    over = true;
    for (auto& thread : threads) thread.join();
    std::printf("%.0f %.2f %ld\n", static_cast<double>(done) / seconds,
                used / static_cast<double>(std::max(1L, done.load())), failed.load());
    return 0;
  }

  // Microseconds at one connection: median and 99th of a hundred.
  int latency() {
    std::vector<double> times;
    demo::Client client(options_.port, authority_, &identity_);
    for (int i = 0; i < 900; ++i) {
      const auto begin = Clock::now();
      if (one(client).status != 200) return 1;
      if (i >= 100) times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    }
    std::ranges::sort(times);
    std::printf("%.0f %.0f\n", times[times.size() / 2], times[times.size() * 99 / 100]);
    return 0;
  }

  int handshakes() {
    const double cpu = cpu_of(options_.subject);
    const auto begin = Clock::now();
    long done = 0;
    while (Clock::now() - begin < std::chrono::seconds(options_.seconds)) {
      demo::Client client(options_.port, authority_, &identity_);
      // In TLS 1.3 the server has finished once it answers.
      if (one(client).status != 0) ++done;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::printf("%.0f %.0f\n", static_cast<double>(done) / seconds,
                (cpu_of(options_.subject) - cpu) / static_cast<double>(std::max(1L, done)));
    return 0;
  }

  // Memory of the subject with a thousand idle connections, above what it had.
  int idle() {
    const double before = memory_of(options_.subject);
    std::vector<std::unique_ptr<demo::Client>> clients;
    for (int i = 0; i < 1000; ++i) {
      clients.push_back(std::make_unique<demo::Client>(options_.port, authority_, &identity_));
      one(*clients.back());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    std::printf("%.1f\n", memory_of(options_.subject) - before);
    return 0;
  }

 private:
  demo::Response one(demo::Client& client) const {
    return client.ask("POST", options_.target, body, {"x-doelbinding: doel"});
  }

  Options options_;
  std::string authority_;
  demo::Identity identity_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) {
    std::cerr << "load rate|latency|handshakes|idle PORT TLS-FOLDER SUBJECT-PID [CONNECTIONS] [SECONDS]\n";
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const std::string mode = arguments[1];
  Options options;
  options.port = static_cast<std::uint16_t>(std::atoi(arguments[2]));
  options.tls = arguments[3];
  options.subject = std::atoi(arguments[4]);
  if (count > 5) options.connections = std::atoi(arguments[5]);
  if (count > 6) options.seconds = std::atoi(arguments[6]);
  Load load(options);
  if (mode == "rate") return load.rate();
  if (mode == "latency") return load.latency();
  if (mode == "handshakes") return load.handshakes();
  return load.idle();
}
