// `koppelpoort`: one binary with subcommands. Exit 0: fine; 1: the answer is no; 2: wrong use or bad input.
#include <unistd.h>

#include <cstdio>

#include "adapters/files/files.hpp"
#include "gateway/config/config.hpp"
#include "tools/cli/command.hpp"

namespace koppelpoort::cli {

std::shared_ptr<const Knowledge> knowledge_or_fail(const std::string& folder) {
  Problems problems;
  auto knowledge = load_knowledge(folder.empty() ? default_knowledge_folder() : folder, problems);
  if (knowledge == nullptr) throw Failure("the catalogue cannot be used:\n" + to_text(problems));
  return knowledge;
}

Config config_or_fail(const std::string& path) {
  Problems problems;
  auto config = load_config(path, problems);
  if (!config) throw Failure(to_text(problems));
  return *config;
}

std::vector<RegisterEvent> events_of_files(const std::vector<std::string>& files) {
  Problems problems;
  std::vector<RegisterEvent> all;
  for (const auto& file : files)
    if (const auto document = load_toml(file, problems)) {
      auto events = read_register_file(*document, problems);
      all.insert(all.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
    }
  if (!problems.empty()) throw Failure("nothing was applied:\n" + to_text(problems));
  return all;
}

Instant instant_or_fail(const std::string& text) {
  const auto instant = parse_instant(text);
  if (!instant) throw Failure("`" + text + "` is no date (2026-11-25) or instant (2026-11-25T10:00:00Z)");
  return *instant;
}

bool person_watches() { return ::isatty(STDOUT_FILENO) == 1; }

}  // namespace koppelpoort::cli

namespace {

int run(int count, char** arguments) {
  using namespace koppelpoort;
  CLI::App app{"Koppelpoort: may these data be linked?"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("koppelpoort ") + KOPPELPOORT_VERSION);
  int result = cli::exit_wrong;
  cli::add_init(app, result);
  cli::add_serve(app, result);
  cli::add_check(app, result);
  cli::add_explain(app, result);
  cli::add_replay(app, result);
  cli::add_gaps(app, result);
  cli::add_report(app, result);
  cli::add_catalogue(app, result);
  cli::add_register(app, result);
  cli::add_relations(app, result);
  cli::add_practise(app, result);
  cli::add_ledger(app, result);
  cli::add_subject(app, result);
  cli::add_keys(app, result);
  cli::add_user(app, result);
  cli::add_demo(app, result);
  try {
    app.parse(count, arguments);
    return result;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cli::exit_yes : cli::exit_wrong;
  }
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koppelpoort: %s\n", error.what());
    return koppelpoort::cli::exit_wrong;
  }
}
