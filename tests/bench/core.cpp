// The gate's inner parts, each beside a peer in the same run: the answer filter beside a document-based one, the ledger
// beside the disk itself and SQLite. Usage: bench_core ANSWER-FILE FOLDER (bench_prepare makes the answer).
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <semaphore>
#include <set>
#include <sstream>

#include "adapters/store/sqlite/database.hpp"
#include "adapters/wire/json/answer_filter.hpp"
#include "gateway/exchange/records.hpp"
#include "gateway/keys/seal.hpp"
#include "policies/decide.hpp"
#include "policies/registers/events.hpp"
#include "tests/support/world.hpp"

namespace {

using namespace koppelpoort;
using Clock = std::chrono::steady_clock;

double seconds_of(const std::function<void()>& work) {
  const auto begin = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// As one would write it with a document: parse, take out, write again.
std::string document_filter(const std::string& text, const std::set<std::string>& keep) {
  boost::json::monotonic_resource memory;
  boost::json::value document = boost::json::parse(text, &memory);
  for (auto& person : document.at("personen").as_array()) {
    auto& members = person.as_object();
    for (auto at = members.begin(); at != members.end();)
      at = keep.contains(std::string(at->key())) ? std::next(at) : members.erase(at);
  }
  return boost::json::serialize(document);
}

void bench_filter(const std::string& answer) {
  Problems problems;
  const auto known = test::knowledge();
  const auto mapping = load_mapping(test::source_folder() + "/adapters/wire/brp/brp-personen-2.toml", known->taxonomy,
                                    known->catalogue.words, problems);
  const Operation* operation = mapping->operation("POST", "/personen");
  ElementSet allowed;
  for (std::size_t i = 0; i < known->taxonomy.elements.size(); ++i)
    for (const auto* part :
         {"persoon.burgerservicenummer", "persoon.naam", "persoon.geboorte", "persoon.verblijfplaats"})
      if (known->taxonomy.elements[i].id.starts_with(part)) allowed.set(static_cast<ElementIndex>(i));
  const std::set<std::string> keep{"burgerservicenummer", "naam", "geboorte", "verblijfplaats"};

  const std::string open = R"({"type":"RaadpleegMetBurgerservicenummer","personen":[)";
  const std::string person = answer.substr(open.size(), answer.size() - open.size() - 2);
  std::string large = open + person;
  while (large.size() < (1u << 20u)) large += "," + person;
  large += "]}";
  for (const auto& [name, text] : {std::pair{"2 KiB", answer}, std::pair{"1 MiB", large}}) {
    const std::size_t rounds = (std::size_t{48} << 20u) / text.size();
    std::vector<double> ours, theirs;
    for (int i = 0; i < 5; ++i) {
      ours.push_back(seconds_of([&] {
        for (std::size_t n = 0; n < rounds; ++n)
          if (filter_answer(*mapping, *operation, text, allowed).fault != nullptr) std::abort();
      }));
      theirs.push_back(seconds_of([&] {
        for (std::size_t n = 0; n < rounds; ++n)
          if (document_filter(text, keep).empty()) std::abort();
      }));
    }
    const double bytes = static_cast<double>(rounds * text.size()) / 1e6;
    std::printf("filter, %s: %.0f MB/s; Boost.JSON document %.0f MB/s; ratio %.2f\n", name, bytes / median(ours),
                bytes / median(theirs), median(theirs) / median(ours));
  }
}

double bare_syncs(const std::string& folder) {
  const std::string path = folder + "/bare";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  const std::string zeros(1u << 20u, '\0'), record(500, 'x');
  for (int i = 0; i < 4; ++i)
    if (::write(file, zeros.data(), zeros.size()) < 0) std::abort();
  ::fsync(file);
  constexpr int count = 2000;
  off_t at = 0;
  const double time = seconds_of([&] {
    for (int i = 0; i < count; ++i, at += static_cast<off_t>(record.size()))
      if (::pwrite(file, record.data(), record.size(), at) < 0 || ::fdatasync(file) != 0) std::abort();
  });
  ::close(file);
  return count / time;
}

double lone_records(Ledger& ledger) {
  constexpr int count = 2000;
  std::binary_semaphore done{0};
  const double time = seconds_of([&] {
    for (int i = 0; i < count; ++i) {
      RecordWriter record("decision");
      record.add("node", std::string(300, 'x'));
      ledger.append(record.finish(), [&](const Receipt&) { done.release(); });
      done.acquire();
    }
  });
  return count / time;
}

// Decisions with their records, of one exchange over and over.
class Decider {
 public:
  Decider(Ledger& ledger, const Snapshot& snapshot, const Exchange& exchange)
      : lists_(ledger), snapshot_(snapshot), exchange_(exchange) {
    facts_.node = "bench";
    facts_.provider = test::provider_oin;
    facts_.key_print = std::string(64, 'a');
    facts_.part.subjects = {std::string(32, 's')};
    facts_.blind = random_bytes(blind_bytes);
    facts_.key = std::make_shared<const DataKey>(1, random_bytes(32));
  }
  PendingRecord next() {
    facts_.tx = new_decision_id();
    return decision_record(facts_, snapshot_, exchange_, decide(snapshot_, exchange_), lists_);
  }

 private:
  FieldLists lists_;
  ExchangeFacts facts_;
  const Snapshot& snapshot_;
  const Exchange& exchange_;
};

// As many under way as the queue takes comfortably.
double ledger_decisions(Ledger& ledger, Decider& decider) {
  constexpr int count = 400'000;
  std::counting_semaphore<> room{2000};
  std::atomic<int> refused{0};
  const double time = seconds_of([&] {
    for (int i = 0; i < count; ++i) {
      room.acquire();
      ledger.append(decider.next(), [&](const Receipt& receipt) {
        if (receipt.durable != Durable::yes) ++refused;
        room.release();
      });
    }
    ledger.settle();
  });
  if (refused != 0) std::abort();
  return count / time;
}

// The same decisions into SQLite, a thousand to a transaction.
double sqlite_decisions(const std::string& folder, Decider& decider) {
  Database database(folder + "/peer.sqlite", Database::Mode::create);
  database.execute("CREATE TABLE record(id INTEGER PRIMARY KEY, tx TEXT UNIQUE, text TEXT)");
  constexpr int count = 100'000, group = 1000;
  return count / seconds_of([&] {
           auto insert = database.prepare("INSERT INTO record(tx, text) VALUES(?, ?)");
           for (int i = 0; i < count / group; ++i) {
             Transaction transaction(database);
             for (int n = 0; n < group; ++n) {
               const PendingRecord record = decider.next();
               insert.bind(1, record.decision).bind(2, record.text).run();
             }
             transaction.commit();
           }
         });
}

void bench_ledger(const std::string& folder) {
  std::vector<std::string> necessary;
  for (const auto& element : test::knowledge()->taxonomy.elements)
    if (element.id.starts_with("persoon.naam") || element.id.starts_with("persoon.geboorte"))
      necessary.push_back(element.id);
  Problems problems;
  constexpr std::int64_t version = 1;
  Settings settings;
  settings.accepted = {Confidence::verified, Confidence::verified_2017};
  const auto compiled = Snapshot::compile(test::knowledge(), test::registers_of(test::brp_registers(1, necessary)),
                                          version, settings, problems);
  if (compiled == nullptr) throw std::runtime_error(to_text(problems));
  const Snapshot& snapshot = *compiled;
  Exchange exchange;
  exchange.consumer = test::caller_oin;
  exchange.purpose = "doel";
  exchange.service = "brp";
  exchange.at = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  for (std::size_t i = 0; i < necessary.size() && i < 20; ++i)
    exchange.elements.push_back({test::knowledge()->taxonomy.find(necessary[i]), Use::deliver, {}});
  if (decide(snapshot, exchange).verdict == Verdict::block) std::printf("(the measured decision is a refusal)\n");

  constexpr int decisions = 500'000;
  const double deciding = seconds_of([&] {
    for (int i = 0; i < decisions; ++i)
      if (decide(snapshot, exchange).register_version != version) std::abort();
  });
  std::printf("decisions alone, %zu elements: %.0f/s\n", exchange.elements.size(), decisions / deciding);

  const auto opened = test::open_ledger(folder);
  Ledger& ledger = *opened;
  std::vector<double> bare, lone;
  for (int i = 0; i < 5; ++i) {
    bare.push_back(bare_syncs(folder));
    lone.push_back(lone_records(ledger));
  }
  std::printf("one record at a time: %.0f/s; bare pwrite and fdatasync %.0f/s; ratio %.2f\n", median(lone),
              median(bare), median(lone) / median(bare));
  std::vector<double> ours, theirs;
  Decider decider(ledger, snapshot, exchange);
  for (int i = 0; i < 3; ++i) {
    ours.push_back(ledger_decisions(ledger, decider));
    theirs.push_back(sqlite_decisions(folder, decider));
    std::filesystem::remove(folder + "/peer.sqlite");
  }
  std::printf("durable decisions, records of %zu bytes: %.0f/s; SQLite in thousands %.0f/s; ratio %.1f\n",
              decider.next().text.size(), median(ours), median(theirs), median(ours) / median(theirs));
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "bench_core ANSWER-FILE FOLDER\n");
    return 2;
  }
  std::ifstream file(arguments[1]);
  std::stringstream text;
  text << file.rdbuf();
  bench_filter(text.str());
  bench_ledger(arguments[2]);
  return 0;
}
