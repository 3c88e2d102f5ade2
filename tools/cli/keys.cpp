// `koppelpoort keys init|list|hold|release`: the keys of persons and private parts.
#include <iostream>

#include "gateway/keys/data_keys.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct KeysOptions {
  std::string config, month, retention, reason;
  bool json = false;
};

int init_keys(const KeysOptions& options) {
  const Config config = config_or_fail(options.config);
  create_keys(config.keys());
  const DataKeyStore store(config.data_keys_file(), Database::Mode::create);
  std::cout << "the keys are there"
            << (config.token.module.empty() ? ", as files in " + config.keys().folder : ", in the token") << "\n";
  return exit_yes;
}

int list(const KeysOptions& options) {
  const Config config = config_or_fail(options.config);
  const auto secrets = open_keys(config.keys());
  json::array years, keys;
  for (const int year : secrets->years()) years.emplace_back(year);
  for (const auto& row : DataKeyStore(config.data_keys_file(), Database::Mode::read).all())
    keys.push_back({{"id", row.id},
                    {"class", row.retention},
                    {"month", row.month},
                    {"until", row.keep_until},
                    {"hold", row.hold},
                    {"destroyed", row.wrapped.empty()}});
  if (options.json) {
    std::cout << json::serialize(json::object{{"years", years}, {"data_keys", keys}}) << "\n";
    return exit_yes;
  }
  std::cout << "pseudonym keys:";
  for (const auto& year : years) std::cout << " " << year.as_int64();
  std::cout << "\n";
  for (const auto& each : keys) {
    const auto text = [&](const char* name) { return each.at(name).as_string().c_str(); };
    std::cout << "  " << text("month") << "  " << text("class") << "  ";
    if (each.at("destroyed").as_bool())
      std::cout << "destroyed\n";
    else
      std::cout << "until " << text("until") << (each.at("hold").as_string().empty() ? "" : ", held: ") << text("hold")
                << "\n";
  }
  return exit_yes;
}

int hold(const KeysOptions& options, const char* what) {
  const Config config = config_or_fail(options.config);
  const json::object done = ask_custody(
      config, {{"ask", what}, {"month", options.month}, {"class", options.retention}, {"reason", options.reason}});
  const auto count = done.at("keys").to_number<std::int64_t>();
  std::cout << count << " keys of " << options.month
            << (std::string(what) == "hold" ? " are held\n" : " are released\n");
  return count > 0 ? exit_yes : exit_no;
}

}  // namespace

void add_keys(CLI::App& app, int& result) {
  auto options = std::make_shared<KeysOptions>();
  auto* command = app.add_subcommand("keys", "the keys that name persons and seal private parts");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, const char* example) {
    auto* each = command->add_subcommand(name, what);
    each->add_option("--config", options->config, "configuration of the gate")->required();
    each->footer(std::string("Example: koppelpoort keys ") + example);
    return each;
  };
  add("init", "make what is not there yet: key files, or keys in the token", "init --config koppelpoort.toml")
      ->callback([options, &result] { result = init_keys(*options); });
  auto* listed =
      add("list", "years, months and classes, until when, and what is held", "list --config koppelpoort.toml");
  listed->add_flag("--json", options->json, "for machines");
  listed->callback([options, &result] { result = list(*options); });
  const auto holding = [&](const char* name, const char* what, const char* example) {
    auto* each = add(name, what, example);
    each->add_option("--month", options->month, "2026-11")->required();
    each->add_option("--class", options->retention, "one retention class; all when left out");
    each->add_option("--reason", options->reason, "why; recorded with your name")->required();
    each->callback([options, &result, name] { result = hold(*options, name); });
  };
  holding("hold", "keep a month from erasure and retention (legal hold)",
          "hold --config koppelpoort.toml --month 2026-11 --reason \"bezwaar Z-2026-4\"");
  holding("release", "lift a hold", "release --config koppelpoort.toml --month 2026-11 --reason \"bezwaar afgedaan\"");
}

}  // namespace koppelpoort::cli
