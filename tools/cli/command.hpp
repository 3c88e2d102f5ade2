// What the subcommands of `koppelpoort` share: how they are added, and the three exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "gateway/config/config.hpp"
#include "policies/registers/events.hpp"

namespace koppelpoort::cli {

inline constexpr int exit_yes = 0;
inline constexpr int exit_no = 1;     // the answer is no: blocked, differs, not verified
inline constexpr int exit_wrong = 2;  // wrong use or bad input

// Bad input or a situation that the command cannot go on from; the text says what to do.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Every command sets `result` when it runs.
void add_init(CLI::App& app, int& result);
void add_serve(CLI::App& app, int& result);
void add_check(CLI::App& app, int& result);
void add_explain(CLI::App& app, int& result);
void add_replay(CLI::App& app, int& result);  // and simulate
void add_gaps(CLI::App& app, int& result);
void add_report(CLI::App& app, int& result);
void add_catalogue(CLI::App& app, int& result);
void add_register(CLI::App& app, int& result);
void add_analysis(CLI::App& registers, int& result);  // map and lint, below `register`
void add_import(CLI::App& registers, int& result);    // likewise
void add_relations(CLI::App& app, int& result);
void add_practise(CLI::App& app, int& result);
void add_ledger(CLI::App& app, int& result);
void add_subject(CLI::App& app, int& result);
void add_keys(CLI::App& app, int& result);
void add_user(CLI::App& app, int& result);
void add_demo(CLI::App& app, int& result);

std::shared_ptr<const Knowledge> knowledge_or_fail(const std::string& folder);
Config config_or_fail(const std::string& path);
std::vector<RegisterEvent> events_of_files(const std::vector<std::string>& files);  // all of them right, or Failure
Instant instant_or_fail(const std::string& text);  // 2026-11-25, or 2026-11-25T10:00:00Z
bool person_watches();                             // standard output is a terminal

}  // namespace koppelpoort::cli
