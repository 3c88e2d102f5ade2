// The decision at registers of different sizes. An entry is one element that is necessary for one purpose at one
// service. Usage: bench_registers [ENTRIES…]; without any: a thousand, a hundred thousand, a million.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>

#include "policies/decide.hpp"
#include "policies/registers/events.hpp"
#include "tests/support/world.hpp"

namespace {

using namespace koppelpoort;
using Clock = std::chrono::steady_clock;

constexpr std::size_t elements_of_one = 20, services_of_a_purpose = 10;

double micros_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

double resident_mib() {
  std::ifstream status("/proc/self/statm");
  std::size_t pages = 0, resident = 0;
  status >> pages >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

// Organisations, services and purposes like those of the tests, many times over.
Registers registers_of(std::size_t entries) {
  std::vector<std::string> elements;
  for (const auto& element : test::knowledge()->taxonomy.elements)
    if (element.id.starts_with("persoon.") && elements.size() < elements_of_one &&
        (element.id.starts_with("persoon.naam") || element.id.starts_with("persoon.geboorte.d") ||
         element.id.starts_with("persoon.adressering") || element.id.starts_with("persoon.verblijfplaats")))
      elements.push_back(element.id);
  const Registers base = test::registers_of(test::brp_registers(1, elements));
  Registers registers;
  registers.organisations = base.organisations;
  std::vector<std::string> services;
  for (std::size_t i = 0; i < services_of_a_purpose; ++i) {
    Service service = base.services.at("brp");
    service.id = service.source = "dienst-" + std::to_string(i);
    service.path = "/" + service.id;
    services.push_back(service.id);
    registers.services[service.id] = service;
  }
  const std::size_t purposes = std::max<std::size_t>(1, entries / (elements.size() * services.size()));
  for (std::size_t i = 0; i < purposes; ++i) {
    Purpose purpose = base.purposes.at("doel");
    purpose.id = "doel-" + std::to_string(i);
    for (auto& evidence : purpose.evidence)
      if (evidence.for_what == "dpia") evidence.covers = services;
    registers.purposes[purpose.id] = purpose;
    Linkage linkage;
    linkage.id = linkage.title = "koppeling-" + std::to_string(i);
    linkage.purposes = {purpose.id};
    linkage.sources.insert(services.begin(), services.end());
    linkage.join_key = "persoon.burgerservicenummer";
    linkage.proportionality = base.necessities.at("n").proportionality;
    linkage.subsidiarity = base.necessities.at("n").subsidiarity;
    linkage.state = PurposeState::active;
    linkage.approval = purpose.approval;
    registers.linkages[linkage.id] = linkage;
    for (const auto& service : services) {
      Necessity necessity = base.necessities.at("n");
      necessity.id = purpose.id + "/" + service;
      necessity.purpose = purpose.id;
      necessity.service = service;
      registers.necessities[necessity.id] = necessity;
    }
  }
  return registers;
}

void measure(std::size_t entries) {
  const double before = resident_mib();
  Registers registers = registers_of(entries);
  const std::size_t purposes = registers.purposes.size();
  const auto compiling = Clock::now();
  Problems problems;
  Settings settings;
  settings.accepted = {Confidence::verified, Confidence::verified_2017};
  const auto snapshot = Snapshot::compile(test::knowledge(), std::move(registers), 1, settings, problems);
  const double compiled = micros_since(compiling) / 1e6;
  if (snapshot == nullptr) throw std::runtime_error(to_text(problems));
  const double after = resident_mib();

  const auto rebuilding = Clock::now();
  Registers changed = snapshot->registers();
  changed.necessities.begin()->second.review_by = *parse_date("2027-01-01");
  const auto next = Snapshot::compile(test::knowledge(), std::move(changed), 2, settings, problems);
  const double rebuilt = micros_since(rebuilding) / 1e6;
  if (next == nullptr) throw std::runtime_error(to_text(problems));

  std::mt19937_64 random(1);
  Exchange exchange;
  exchange.consumer = test::caller_oin;
  exchange.at = *parse_instant("2026-11-25T10:00:00Z");
  for (const auto& id : snapshot->registers().necessities.begin()->second.elements)
    exchange.elements.push_back({test::knowledge()->taxonomy.find(id), Use::deliver, {}});
  constexpr std::size_t rounds = 200'000;
  std::vector<double> times;
  times.reserve(rounds);
  std::size_t permitted = 0;
  const auto all = Clock::now();
  for (std::size_t i = 0; i < rounds; ++i) {
    exchange.purpose = "doel-" + std::to_string(random() % purposes);
    exchange.service = "dienst-" + std::to_string(random() % services_of_a_purpose);
    const auto begin = Clock::now();
    permitted += decide(*snapshot, exchange).verdict == Verdict::permit ? 1u : 0u;
    times.push_back(micros_since(begin));
  }
  const double seconds = micros_since(all) / 1e6;
  std::ranges::sort(times);
  std::printf(
      "%8zu entries: p50 %.2f us, p99 %.2f us, %.0f decisions/s (%zu of %zu permitted, %zu elements); compiled in %.2f "
      "s, after one change in %.2f s; %.0f bytes an entry\n",
      entries, times[rounds / 2], times[rounds * 99 / 100], rounds / seconds, permitted, rounds,
      exchange.elements.size(), compiled, rebuilt, (after - before) * (1 << 20) / static_cast<double>(entries));
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::size_t> sizes{1'000, 100'000, 1'000'000};
  if (count > 1) sizes.clear();
  for (int i = 1; i < count; ++i) sizes.push_back(std::strtoull(arguments[i], nullptr, 10));
  for (const std::size_t size : sizes) measure(size);
  return 0;
}
