// `koppelpoort serve`: run the gate until SIGTERM; SIGHUP reloads certificates and CRLs.
#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <iostream>

#include "gateway/server/server.hpp"
#include "tools/cli/command.hpp"

namespace koppelpoort::cli {
namespace {

struct ServeOptions {
  std::string config;
  bool check = false;
};

// Signals are taken by one thread only, so they are blocked before any other starts.
void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

// A core file could hold a person number.
void forbid_cores() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

int serve(const ServeOptions& options) {
  Problems problems;
  auto config = load_config(options.config, problems);
  if (!config) throw Failure(to_text(problems));
  if (options.check) {
    check_config(*config);
    std::cout << options.config << ": all is well; nothing was started\n";
    return exit_yes;
  }
  block_signals();
  forbid_cores();
  spdlog::set_default_logger(spdlog::stderr_color_mt("koppelpoort"));
  spdlog::set_level(spdlog::level::from_str(config->log_level));
  Server server(std::move(*config));
  server.start();
  server.run_until_signal();
  return exit_yes;
}

}  // namespace

void add_serve(CLI::App& app, int& result) {
  auto options = std::make_shared<ServeOptions>();
  auto* command = app.add_subcommand("serve", "run the gate");
  command->add_option("--config", options->config, "configuration file")->required();
  command->add_flag("--check-config", options->check, "check everything that starting would, and stop");
  command->footer("Example: koppelpoort serve --config /etc/koppelpoort/koppelpoort.toml");
  command->callback([options, &result] { result = serve(*options); });
}

}  // namespace koppelpoort::cli
