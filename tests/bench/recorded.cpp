// Writes a data folder with many recorded decisions, for `koppelpoort simulate` and `replay`: forty municipalities that
// ask the population register about many people, each with its own question; one in ten asks what it may not have.
#include <filesystem>
#include <fstream>
#include <random>
#include <semaphore>

#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/exchange/records.hpp"
#include "gateway/keys/key_files.hpp"
#include "gateway/keys/seal.hpp"
#include "gateway/ledger/ledger.hpp"
#include "policies/decide.hpp"
#include "policies/registers/events.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

constexpr int municipalities = 40;
constexpr const char* config_text =
    "[node]\ndata = \"data\"\n[listener]\ncertificate = \"x\"\nkey = \"x\"\nauthorities = \"x\"\nrevocations = \"x\"\n"
    "[upstream]\ncertificate = \"x\"\nkey = \"x\"\nauthorities = \"x\"\nrevocations = \"x\"\n"
    "[catalogue]\naccept_unreleased = [\"verified\", \"verified-2017\"]\n";

std::string oin_of(int municipality) { return std::to_string(10'000 + municipality).insert(0, "000000990000000"); }

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// The registers of the tests, with the caller, its purpose and its necessity once a municipality.
std::string registers_text(const std::vector<std::string>& necessary) {
  const std::string one = test::brp_registers(1, necessary);
  std::string all = one;
  for (int i = 0; i < municipalities; ++i) {
    std::string tables;
    std::size_t at = 0;
    while (at < one.size()) {
      std::size_t end = one.find("\n[[", at + 1);
      if (end == std::string::npos) end = one.size();
      const std::string table = one.substr(at, end - at);
      const bool of_caller =
          (table.find("[[organisation]]") != std::string::npos && table.find(test::caller_oin) != std::string::npos) ||
          table.find("[[purpose]]") != std::string::npos || table.find("[[necessity]]") != std::string::npos;
      if (of_caller) tables += "\n" + table;
      at = end;
    }
    replace_all(tables, test::caller_oin, oin_of(i));
    replace_all(tables, "\"doel\"", "\"doel-" + std::to_string(i) + "\"");
    replace_all(tables, "id = \"n", "id = \"n" + std::to_string(i) + "-");
    all += tables;
  }
  return all;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "bench_recorded FOLDER COUNT\n");
    return 2;
  }
  const std::string folder = arguments[1];
  const auto wanted = std::strtoll(arguments[2], nullptr, 10);
  std::filesystem::create_directories(folder + "/data/ledger");
  std::ofstream(folder + "/koppelpoort.toml") << config_text;
  std::vector<std::string> names{"persoon.burgerservicenummer"};
  for (const auto& element : test::knowledge()->taxonomy.elements)
    if (element.id.starts_with("persoon.naam") || element.id.starts_with("persoon.geboorte"))
      names.push_back(element.id);
  const std::string text = registers_text(names);
  std::ofstream(folder + "/registers.toml") << text;
  Problems problems;
  const auto document = TomlDocument::parse(text, "registers", problems);
  auto events = document ? read_register_file(*document, problems) : std::vector<RegisterEvent>{};
  RegisterEvents::create(folder + "/data/registers.sqlite");
  const std::int64_t version = RegisterEvents(folder + "/data/registers.sqlite").append(events, 0);
  events = RegisterEvents(folder + "/data/registers.sqlite").all();
  Settings settings;
  settings.accepted = {Confidence::verified, Confidence::verified_2017};
  const auto snapshot =
      Snapshot::compile(test::knowledge(), fold(events, version, problems), version, settings, problems);
  if (snapshot == nullptr || !problems.empty()) {
    std::fprintf(stderr, "%s", to_text(problems).c_str());
    return 1;
  }

  KeyFiles::create(folder + "/data/keys");
  KeyFiles keys(folder + "/data/keys");
  DataKeys data_keys(folder + "/data/data-keys.sqlite", keys, {}, Database::Mode::create);
  const auto opened = test::open_ledger(folder + "/data/ledger");
  Ledger& ledger = *opened;
  FieldLists lists(ledger);
  std::counting_semaphore<> room{4000};
  std::mt19937_64 random(1);
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  const Instant begin = *parse_instant("2026-01-01T08:00:00Z");
  for (std::int64_t i = 0; i < wanted; ++i) {
    const int municipality = static_cast<int>(below(municipalities));
    Exchange exchange;
    exchange.consumer = oin_of(municipality);
    exchange.purpose = "doel-" + std::to_string(municipality);
    exchange.service = "brp";
    exchange.operation = "POST /personen";
    exchange.at = begin + std::chrono::seconds{i * 27'000'000 / wanted};
    exchange.elements.push_back({test::knowledge()->taxonomy.find(names[0]), Use::search, {}});
    for (std::size_t n = 1; n < names.size(); ++n)
      if ((n * 7 + static_cast<std::size_t>(municipality)) % 3 != 0)
        exchange.elements.push_back({test::knowledge()->taxonomy.find(names[n]), Use::deliver, {}});
    if (below(10) == 0)
      exchange.elements.push_back({test::knowledge()->taxonomy.find("persoon.overlijden.datum"), Use::deliver, {}});
    ExchangeFacts facts;
    facts.tx = new_decision_id();
    facts.node = "bench";
    facts.provider = test::provider_oin;
    facts.key_print = std::string(64, 'a');
    std::string person = std::to_string(below(2'000'000));
    facts.part.subjects = {std::string(32 - person.size(), 's') + person};
    facts.blind = random_bytes(blind_bytes);
    facts.key = data_keys.current(exchange.purpose, dutch_date(exchange.at));
    room.acquire();
    ledger.append(decision_record(facts, *snapshot, exchange, decide(*snapshot, exchange), lists),
                  [&](const Receipt&) { room.release(); });
  }
  ledger.settle();
  std::printf("%lld decisions of %d municipalities in %s\n", static_cast<long long>(wanted), municipalities,
              folder.c_str());
  return 0;
}
