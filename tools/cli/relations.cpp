// `koppelpoort relations load|list`: whom a controller knows in which capacity, for one purpose.
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>

#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/exchange/client_relations.hpp"
#include "gateway/exchange/pseudonym.hpp"
#include "gateway/keys/key_settings.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct RelationOptions {
  std::string config, purpose, capacity, reason, file = "-";
  bool json = false, empty = false;
};

std::int32_t day_number(Date date) { return static_cast<std::int32_t>(date.time_since_epoch().count()); }

// `number`, `number,from` or `number,from,until`. What is wrong is said by its line alone: never the number.
class Lines {
 public:
  Lines(Keys& keys, int year, std::string controller) : keys_(keys), year_(year), controller_(std::move(controller)) {}

  void add(std::string& line) {
    ++count_;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (line.empty()) return;
    const std::size_t first = line.find(','), second = first == std::string::npos ? first : line.find(',', first + 1);
    std::string number = line.substr(0, first);
    if (!passes_eleven_test(number)) fail("no burgerservicenummer: nine digits that pass the eleven-test", line);
    RelationRow row;
    row.from = first == std::string::npos ? std::numeric_limits<std::int32_t>::min() : day(line, first + 1, second);
    row.until = second == std::string::npos ? std::numeric_limits<std::int32_t>::max()
                                            : day(line, second + 1, std::string::npos);
    if (row.until <= row.from) fail("it ends before it begins", line);
    row.person = relation_name_of(keys_, year_, controller_, number);
    wipe(number);
    rows.push_back(row);
  }

  std::vector<RelationRow> rows;

 private:
  std::int32_t day(std::string& line, std::size_t begin, std::size_t end) {
    const auto date = parse_date(std::string_view(line).substr(begin, end == std::string::npos ? end : end - begin));
    if (!date) fail("no date (2026-11-25)", line);
    return day_number(*date);
  }

  [[noreturn]] void fail(const char* what, std::string& line) {
    wipe(line);
    throw Failure("line " + std::to_string(count_) + ": " + what + "; nothing was loaded");
  }

  Keys& keys_;
  int year_;
  std::string controller_;
  std::int64_t count_ = 0;
};

int load(const RelationOptions& options) {
  constexpr std::size_t reason_least = 8;
  if (options.reason.size() < reason_least) throw Failure("say why, in a few words: it is recorded");
  const Config config = config_or_fail(options.config);
  const auto keys = open_keys(config.keys());
  Problems problems;
  const auto registers = fold(RegisterEvents(config.registers_file(), Database::Mode::read).all(),
                              std::numeric_limits<std::int64_t>::max(), problems);
  const auto purpose = registers.purposes.find(options.purpose);
  if (purpose == registers.purposes.end())
    throw Failure("there is no purpose `" + options.purpose + "`; see `koppelpoort register export`");
  const auto& capacities = purpose->second.capacities;
  if (std::ranges::find(capacities, options.capacity) == capacities.end())
    throw Failure("purpose `" + options.purpose + "` is not for persons in the capacity `" + options.capacity + "`");
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  const int year = year_of(dutch_date(now));
  const auto begin = std::chrono::steady_clock::now();
  Lines lines(*keys, year, purpose->second.controller);
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file);
    if (!file) throw Failure(options.file + " cannot be read");
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  for (std::string line; std::getline(in, line);) {
    // What was cut off in the middle would be another period, or a part of the set.
    const bool whole = !in.eof();
    if (!whole && !line.empty()) {
      wipe(line);
      throw Failure("the last line has no end, so it may be cut off; nothing was loaded");
    }
    lines.add(line);
    wipe(line);
  }
  if (in.bad()) throw Failure(options.file + " could not be read to its end; nothing was loaded");
  if (lines.rows.empty() && !options.empty)
    throw Failure("there are no relations in it; give --empty when nobody is " + options.capacity + " any more");
  Relations store(config.relations_file(), Database::Mode::create);
  RelationSet set;
  set.at = now;
  set.purpose = options.purpose;
  set.capacity = options.capacity;
  set.year = year;
  set.author = "cli:" + login_of(::getpid(), ::getuid());
  set.reason = options.reason;
  const std::int64_t version = store.replace(set, lines.rows);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::cout << lines.rows.size() << " relations as " << options.capacity << " for " << options.purpose << ", version "
            << version << ", in " << seconds << " s; whoever was in the set before and is not now, is no client\n";
  return exit_yes;
}

int list(const RelationOptions& options) {
  const Config config = config_or_fail(options.config);
  json::array all;
  for (const auto& set : Relations(config.relations_file(), Database::Mode::read).after(0)) {
    if (options.json)
      all.push_back({{"version", set.version},
                     {"at", to_text(set.at)},
                     {"purpose", set.purpose},
                     {"capacity", set.capacity},
                     {"persons", set.persons},
                     {"author", set.author},
                     {"reason", set.reason}});
    else
      std::cout << set.version << "  " << to_text(set.at) << "  " << set.purpose << "  " << set.capacity << "  "
                << set.persons << " persons  " << set.author << "  " << set.reason << "\n";
  }
  if (options.json) std::cout << json::serialize(all) << "\n";
  return exit_yes;
}

}  // namespace

void add_relations(CLI::App& app, int& result) {
  auto options = std::make_shared<RelationOptions>();
  auto* command = app.add_subcommand("relations", "whom a controller knows, in which capacity, for one purpose");
  command->require_subcommand(1);
  const auto with_config = [&](CLI::App* each) {
    each->add_option("--config", options->config, "configuration of the gate")->required();
  };
  auto* loaded = command->add_subcommand("load", "replace the set of one purpose and capacity");
  with_config(loaded);
  loaded->add_option("file", options->file, "lines of `number`, `number,from` or `number,from,until`; - reads them")
      ->capture_default_str();
  loaded->add_option("--purpose", options->purpose, "id")->required();
  loaded->add_option("--capacity", options->capacity, "client, applicant…: one that the purpose names")->required();
  loaded->add_option("--reason", options->reason, "why; stays on record")->required();
  loaded->add_flag("--empty", options->empty, "an empty set is meant so");
  loaded->footer(
      "Example: set -o pipefail; zcat clients.csv.gz | koppelpoort relations load --config koppelpoort.toml --purpose "
      "pw-aanvraag "
      "--capacity client --reason \"nightly\"\nNumbers are turned into keyed names at once and stored nowhere.");
  loaded->callback([options, &result] { result = load(*options); });

  auto* listed = command->add_subcommand("list", "every set that was loaded: when, by whom, how many");
  with_config(listed);
  listed->add_flag("--json", options->json, "for machines");
  listed->footer("Example: koppelpoort relations list --config koppelpoort.toml");
  listed->callback([options, &result] { result = list(*options); });
}

}  // namespace koppelpoort::cli
