// The office at a large country's size: purposes and necessity in the store, pages of the management API, a change
// until it decides, and client relations. Usage: bench_office [PURPOSES [ENTRIES [RELATIONS]]]; without any: a hundred
// thousand, a million, ten million.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "adapters/store/sqlite/relations.hpp"
#include "gateway/accounts/one_time_code.hpp"
#include "gateway/api/api.hpp"
#include "gateway/exchange/client_relations.hpp"
#include "gateway/exchange/published.hpp"
#include "gateway/keys/key_files.hpp"
#include "gateway/keys/key_settings.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "tests/support/people.hpp"
#include "tests/support/world.hpp"

namespace {

using namespace koppelpoort;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

double resident_mib() {
  std::ifstream status("/proc/self/statm");
  std::size_t pages = 0, resident = 0;
  status >> pages >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

Config config_in(const test::Folder& folder) {
  Config config;
  config.data = folder.path();
  config.knowledge = test::source_folder();
  config.mappings = {test::source_folder() + "/adapters/wire/brp"};
  config.settings.accepted = {Confidence::verified, Confidence::verified_2017};
  create_keys(config.keys());
  RegisterEvents::create(config.registers_file());
  return config;
}

// The purpose and necessity of the tests, under many ids.
void fill(const Config& config, std::size_t purposes, std::size_t entries) {
  Problems problems;
  std::vector<std::string> elements;
  for (const auto& element : test::knowledge()->taxonomy.elements)
    if (element.id.starts_with("persoon.naam") || element.id.starts_with("persoon.verblijfplaats"))
      elements.push_back(element.id);
  const auto document = TomlDocument::parse(test::brp_registers(1, elements), "registers", problems);
  const auto base = read_register_file(*document, problems);
  std::vector<RegisterEvent> events;
  const auto copy = [&](RegisterEvent event, const std::string& id, const std::string& from, const std::string& to) {
    event.id = id;
    for (std::size_t at = 0; (at = event.body.find(from, at)) != std::string::npos; at += to.size())
      event.body.replace(at, from.size(), to);
    events.push_back(std::move(event));
  };
  RegisterEvent purpose, necessity;
  for (const auto& each : base) {
    if (each.kind == "purpose")
      purpose = each;
    else if (each.kind == "necessity" && each.id == "n")
      necessity = each;
    else if (each.kind != "necessity")
      events.push_back(each);
  }
  for (std::size_t i = 0; i < purposes; ++i)
    copy(purpose, "doel-" + std::to_string(i), "'doel'", "'doel-" + std::to_string(i) + "'");
  for (std::size_t i = 0; i < entries; ++i) {
    const std::string of = "'doel-" + std::to_string(i % purposes) + "'", id = "n-" + std::to_string(i);
    copy(necessity, id, "'doel'", of);
    std::string& body = events.back().body;
    body.replace(body.find("'n'"), 3, "'" + id + "'");
    const auto list = body.find("elements = [");
    body.replace(list, body.find(']', list) - list, "elements = ['" + elements[i / purposes % elements.size()] + "'");
  }
  for (auto& event : events) event.author = event.author_role = event.reason = "bench";
  const auto begin = Clock::now();
  RegisterEvents(config.registers_file()).append(events, 0);
  std::printf("%zu purposes, %zu necessity entries: written in %.1f s\n", purposes, entries, seconds_since(begin));
}

void measure_gate(const Config& config) {
  const auto knowledge = test::knowledge();
  const double empty = resident_mib();
  RegisterEvents store(config.registers_file());
  const auto loading = Clock::now();
  Problems problems;
  auto events = store.all();
  const std::int64_t version = events.back().version;
  Registers registers = fold(events, version, problems);
  events = {};
  auto snapshot = Snapshot::compile(knowledge, std::move(registers), version, config.settings, problems);
  if (snapshot == nullptr) throw std::runtime_error(to_text(problems));
  auto published = publish(snapshot, config.mappings, problems);
  std::printf("the gate: loaded and compiled in %.2f s, %.0f MiB\n", seconds_since(loading), resident_mib() - empty);

  RegisterEvent change;
  for (const auto& each : store.after(version - 1)) change = each;
  std::vector<double> enforced;
  for (int i = 0; i < 5; ++i) {
    change.reason = "change " + std::to_string(i);
    const auto begin = Clock::now();
    const std::int64_t before = store.version();
    store.append({change}, before);
    Registers next = fold_onto(snapshot->registers(), store.after(before), problems);
    snapshot = Snapshot::compile(knowledge, std::move(next), before + 1, config.settings, problems);
    published = publish(snapshot, config.mappings, problems);
    enforced.push_back(seconds_since(begin));
  }
  std::ranges::sort(enforced);
  std::printf("a change decides after %.2f s (median of five; the gate also looks only once in 50 ms)\n", enforced[2]);
}

void measure_office(const Config& config) {
  const auto knowledge = test::knowledge();
  const double before = resident_mib();
  const auto opening = Clock::now();
  Workflow workflow(config, knowledge, [] {});
  workflow.registers();
  std::printf("the office: opened in %.2f s, %.0f MiB\n", seconds_since(opening), resident_mib() - before);
  Accounts accounts(config.accounts_file(), Database::Mode::create);
  const auto keys = open_keys(config.keys());
  std::filesystem::create_directories(config.ledger_folder());
  Recent recent(config.ledger_folder(), [] { return 0; });
  std::int64_t now = 1'800'000'000;
  api::Api api({workflow,
                accounts,
                recent,
                *keys,
                *knowledge,
                "{}",
                [&] { return now; },
                [](const std::string&, std::string_view, std::string_view) { return true; },
                [] { return nullptr; },
                [](const std::string&) { return std::nullopt; },
                [](const RecentDecision&) { return RecordedDecision{}; },
                [] { return api::Api::Health{}; },
                {}});
  const auto person = test::add_person(config, "fatma", {AccountRole::fg});
  const auto signed_in = SignIn(accounts, *keys).sign_in("fatma", person.password, code_at(person.secret, now), now);
  std::vector<double> pages;
  for (const char* page : {"1", "2", "100", "2500", "5000"}) {
    api::Request request;
    request.method = "GET";
    request.path = "/beheer/v1/doelen";
    request.query = {{"pagina", page}, {"aantal", "20"}};
    request.headers["cookie"] = "__Host-koppelpoort=" + signed_in->token;
    const auto begin = Clock::now();
    const auto answer = api.answer(request);
    pages.push_back(seconds_since(begin) * 1000);
    if (answer.status != 200) throw std::runtime_error(answer.body);
  }
  std::printf("a page of the list of purposes:");
  for (const double each : pages) std::printf(" %.1f", each);
  std::printf(" ms (pages 1, 2, 100, 2500, 5000)\n");
}

void measure_relations(const Config& config, std::size_t count) {
  const auto keys = open_keys(config.keys());
  keys->make_year(2026);
  const double empty = resident_mib();
  const auto naming = Clock::now();
  std::vector<RelationRow> rows;
  rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back({relation_name_of(*keys, 2026, test::caller_oin, std::to_string(100'000'000 + i)), 0,
                    std::numeric_limits<std::int32_t>::max()});
  const double named = seconds_since(naming);
  RelationSet set;
  set.purpose = "doel-1";
  set.capacity = "applicant";
  set.year = 2026;
  set.author = set.reason = "bench";
  const auto storing = Clock::now();
  Relations(config.relations_file(), Database::Mode::create).replace(set, rows);
  const double stored = seconds_since(storing), memory = resident_mib() - empty;
  rows = {};
  ClientRelations relations(*keys, config.relations_file());
  std::mt19937_64 random(1);
  std::vector<double> times;
  std::size_t found = 0;
  const Date day = *parse_date("2026-11-27");
  for (int i = 0; i < 50'000; ++i) {
    const std::vector<std::string> person{std::to_string(100'000'000 + random() % (2 * count))};
    const auto begin = Clock::now();
    found += relations.of_all("doel-1", test::caller_oin, person, day).size();
    times.push_back(seconds_since(begin) * 1e6);
  }
  std::ranges::sort(times);
  std::printf(
      "%zu client relations: named in %.1f s, stored in %.1f s, %.0f MiB meanwhile, %.0f MiB on disk; looked up in p50 "
      "%.1f us, p99 %.1f us (%zu of %zu found)\n",
      count, named, stored, memory,
      static_cast<double>(std::filesystem::file_size(config.relations_file())) / (1 << 20), times[times.size() / 2],
      times[times.size() * 99 / 100], found, times.size());
}

// In a process of its own, so that the memory of one is not the memory of another.
void apart(const std::function<void()>& work) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%.400s\n", error.what());
      std::fflush(stdout);
      std::_Exit(1);
    }
    std::fflush(stdout);
    std::_Exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) std::exit(1);
}

}  // namespace

int main(int count, char** arguments) {
  const auto number = [&](int place, std::size_t otherwise) {
    return count > place ? static_cast<std::size_t>(std::strtoull(arguments[place], nullptr, 10)) : otherwise;
  };
  const test::Folder folder;
  const Config config = config_in(folder);
  apart([&] { fill(config, number(1, 100'000), number(2, 1'000'000)); });
  apart([&] { measure_gate(config); });
  apart([&] { measure_office(config); });
  apart([&] { measure_relations(config, number(3, 10'000'000)); });
  return 0;
}
