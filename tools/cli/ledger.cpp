// `koppelpoort ledger verify`: offline, from the files alone.
#include <chrono>
#include <iostream>

#include "gateway/config/config.hpp"
#include "gateway/ledger/verify.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

struct LedgerOptions {
  std::string config, folder;
  bool json = false;
};

int verify(const LedgerOptions& options) {
  std::string folder = options.folder;
  if (folder.empty()) {
    Problems problems;
    const auto config = load_config(options.config, problems);
    if (!config) throw Failure(to_text(problems));
    folder = config->ledger_folder();
  }
  const auto begin = std::chrono::steady_clock::now();
  const bool watched = person_watches() && !options.json;
  const LedgerReport report = verify_ledger(folder, [&](std::int64_t records) {
    if (watched) std::cout << "\r" << records << " records" << std::flush;
  });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (options.json) {
    const boost::json::object out{{"verified", report.fault.empty()},
                                  {"records", report.records},
                                  {"decisions", report.decisions},
                                  {"releases", report.releases},
                                  {"outcomes", report.outcomes},
                                  {"last_hash", report.last_hash},
                                  {"fault", report.fault},
                                  {"bad_index", report.bad_index}};
    std::cout << boost::json::serialize(out) << "\n";
  } else if (report.fault.empty()) {
    std::cout << (watched ? "\r" : "") << "verified: " << report.records << " records (" << report.decisions
              << " decisions, " << report.releases << " releases, " << report.outcomes << " outcomes) in " << seconds
              << " s\nlast hash " << report.last_hash << "\n";
  } else {
    std::cout << (watched ? "\r" : "") << "NOT verified: " << report.fault << "\n"
              << "Records before " << report.bad_index
              << " are as they were written. Keep the files and compare with your export.\n";
  }
  return report.fault.empty() ? exit_yes : exit_no;
}

}  // namespace

void add_ledger(CLI::App& app, int& result) {
  auto options = std::make_shared<LedgerOptions>();
  auto* command = app.add_subcommand("ledger", "the record of every exchange");
  command->require_subcommand(1);
  auto* verify_command =
      command->add_subcommand("verify", "check every byte and the chain; exit 1 when something was changed");
  auto* config = verify_command->add_option("--config", options->config, "configuration file");
  verify_command->add_option("--folder", options->folder, "the ledger's folder, for a copy elsewhere")
      ->excludes(config);
  verify_command->add_flag("--json", options->json, "for machines");
  verify_command->footer("Example: koppelpoort ledger verify --config koppelpoort.toml");
  verify_command->callback([options, &result] {
    if (options->config.empty() && options->folder.empty()) throw Failure("name --config or --folder");
    result = verify(*options);
  });
}

}  // namespace koppelpoort::cli
