// `koppelpoort check FILE…` decides scenario files; `koppelpoort explain FILE` says why.
#include <filesystem>
#include <iostream>

#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"
#include "tools/scenario/scenario.hpp"

namespace koppelpoort::cli {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  std::string catalogue;
  bool json = false;
};

std::vector<std::string> scenario_files(const std::vector<std::string>& given) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const auto& path : given) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    for (const auto& item : fs::recursive_directory_iterator(path))
      if (item.path().string().ends_with(".scenario.toml")) files.push_back(item.path().string());
  }
  std::ranges::sort(files);
  if (files.empty()) throw Failure("no scenario files found; name a file, or a folder with *.scenario.toml");
  return files;
}

void print_decision(const ScenarioExchange& each, const Decision& decision, const Snapshot& snapshot) {
  std::cout << "  " << each.name << ": " << name_of(decision.verdict);
  if (decision.verdict == Verdict::block) std::cout << " (" << name_of(decision.kind) << ")";
  for (const auto& code : codes_of(decision, false)) std::cout << " " << code;
  std::cout << "\n";
  for (const auto& element : elements_of(snapshot, decision.allowed)) std::cout << "    + " << element << "\n";
}

int run_check(const CheckOptions& options) {
  const auto knowledge = knowledge_or_fail(options.catalogue);
  int result = exit_yes;
  boost::json::array all;
  std::size_t passed = 0, failed = 0;
  for (const auto& file : scenario_files(options.files)) {
    Problems problems;
    const auto scenario = load_scenario(file, knowledge, problems);
    if (!scenario) throw Failure(to_text(problems));
    if (!options.json) std::cout << scenario->title << " (" << file << ")\n";
    for (const auto& each : scenario->exchanges) {
      const Decision decision = decide(*scenario->snapshot, each.exchange);
      std::vector<std::string> wrong;
      if (each.expected) wrong = differences(*scenario->snapshot, each, decision);
      if (options.json) {
        auto object = decision_json(*scenario->snapshot, decision);
        object["file"] = file;
        object["name"] = each.name;
        object["as_expected"] = wrong.empty();
        object["differences"] = texts_json(wrong);
        all.push_back(std::move(object));
      } else if (!each.expected) {
        print_decision(each, decision, *scenario->snapshot);
      } else {
        std::cout << (wrong.empty() ? "  ok    " : "  WRONG ") << each.name << "\n";
        for (const auto& sentence : wrong) std::cout << "        " << sentence << "\n";
      }
      wrong.empty() ? ++passed : ++failed;
      const bool no = each.expected ? !wrong.empty() : decision.verdict == Verdict::block;
      if (no) result = exit_no;
    }
  }
  if (options.json)
    std::cout << boost::json::serialize(all) << "\n";
  else
    std::cout << passed << " passed, " << failed << " failed\n";
  return result;
}

}  // namespace

void add_check(CLI::App& app, int& result) {
  auto options = std::make_shared<CheckOptions>();
  auto* command = app.add_subcommand("check", "decide the exchanges of scenario files offline");
  command->add_option("files", options->files, "scenario files, or folders with *.scenario.toml")->required();
  command->add_option("--catalogue", options->catalogue, "folder with legal_bases/ and policies/");
  command->add_flag("--json", options->json, "for machines");
  command->footer("Example: koppelpoort check tests/scenarios");
  command->callback([options, &result] { result = run_check(*options); });
}

}  // namespace koppelpoort::cli
