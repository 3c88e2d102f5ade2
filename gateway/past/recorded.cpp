#include "gateway/past/recorded.hpp"

#include <algorithm>
#include <filesystem>
#include <future>
#include <thread>
#include <unordered_map>

#include "adapters/store/sqlite/ledger_index.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "adapters/store/sqlite/releases.hpp"
#include "gateway/ledger/logs.hpp"
#include "gateway/ledger/members.hpp"
#include "policies/decide.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t snapshots_kept = 8;
constexpr std::size_t batch_bytes = 4u << 20u;
constexpr std::int64_t unknown_max = 10'000;  // fields of one request; more fit in no request

// What is not registered is not recorded by its name: somebody may have typed anything there.
std::string name_kept(std::string name) { return name == "unknown" ? "(not kept)" : std::move(name); }

// One worker's reading of decision records.
class Reader {
 public:
  Reader(Past& past, ReadAs as) : past_(past), as_(as) {}

  RecordedDecision& read(std::string_view entry, const FieldNames& lists) {
    out_ = {};
    allowed_.clear(), asked_.clear(), searched_.clear();
    unknown_ = unknown_search_ = 0;
    for (Members members(entry); members.next();)
      if (const auto field = fields().find(members.name()); field != fields().end()) field->second(*this, members);
    const Taxonomy& taxonomy = taxonomy_of(out_.catalogue);
    out_.allowed = set_of(allowed_, lists, taxonomy);
    add(set_of(searched_, lists, taxonomy), Use::search);
    add(set_of(asked_, lists, taxonomy), Use::deliver);
    add(unknown_search_, Use::search);
    add(unknown_, Use::deliver);
    return out_;
  }

 private:
  // By the members' names; others (`node`, `prev`…) say nothing about the decision.
  using Field = void (*)(Reader&, const Members&);
  static const std::unordered_map<std::string_view, Field>& fields() {
    static const std::unordered_map<std::string_view, Field> all{
        {"allowed", [](Reader& own, const Members& member) { own.allowed_ = member.text(); }},
        {"asked", [](Reader& own, const Members& member) { own.asked_ = member.text(); }},
        {"at", [](Reader& own,
                  const Members& member) { own.out_.exchange.at = parse_instant(member.text()).value_or(Instant{}); }},
        {"bases", [](Reader& own, const Members& member) { own.out_.bases = member.texts(); }},
        {"block", [](Reader& own, const Members& member) { own.out_.block = member.text(); }},
        {"catalogue", [](Reader& own, const Members& member) { own.out_.catalogue = member.text(); }},
        {"codes", [](Reader& own, const Members& member) { own.out_.codes = member.texts(); }},
        {"deleg", [](Reader& own, const Members& member) { own.out_.exchange.on_behalf_of = member.text(); }},
        {"evidence", [](Reader& own, const Members& member) { own.read_evidence(member); }},
        {"history",
         [](Reader& own, const Members& member) {
           own.out_.exchange.history.same_person_this_month = static_cast<int>(member.number());
         }},
        {"obtained", [](Reader& own, const Members& member) { own.read_obtained(member); }},
        {"op", [](Reader& own, const Members& member) { own.out_.exchange.operation = member.text(); }},
        {"purpose", [](Reader& own, const Members& member) { own.out_.exchange.purpose = name_kept(member.text()); }},
        {"registers", [](Reader& own, const Members& member) { own.out_.registers = member.number(); }},
        {"relations",
         [](Reader& own, const Members& member) {
           for (auto& capacity : member.texts()) own.out_.exchange.relations.push_back({std::move(capacity), {}});
         }},
        {"searched", [](Reader& own, const Members& member) { own.searched_ = member.text(); }},
        {"signal",
         [](Reader& own, const Members& member) { own.out_.exchange.signal = member.number() != 0 ? "recorded" : ""; }},
        {"src", [](Reader& own, const Members& member) { own.out_.exchange.consumer = member.text(); }},
        {"svc", [](Reader& own, const Members& member) { own.out_.exchange.service = name_kept(member.text()); }},
        {"ts", [](Reader& own, const Members& member) { own.out_.written_at = member.text(); }},
        {"tx", [](Reader& own, const Members& member) { own.out_.id = member.text(); }},
        {"unknown", [](Reader& own, const Members& member) { own.unknown_ = member.number(); }},
        {"unknown_search", [](Reader& own, const Members& member) { own.unknown_search_ = member.number(); }},
        {"verdict", [](Reader& own, const Members& member) { own.out_.verdict = member.text(); }},
        {"volume", [](Reader& own, const Members& member) { own.read_volume(member.text()); }},
    };
    return all;
  }

  void read_evidence(const Members& member) {
    for (auto& each : member.texts()) out_.exchange.evidence.push_back({std::move(each), "recorded", {}});
  }

  void read_obtained(const Members& member) {
    for (const auto& pair : member.texts()) {
      const auto space = pair.find(' ');
      out_.exchange.history.obtained.push_back({pair.substr(0, space), pair.substr(space + 1)});
    }
  }

  void read_volume(const std::string& text) {
    for (const auto& [name, volume] : volume_names())
      if (name == text) out_.exchange.volume = volume;
  }

  void add(const ElementSet& set, Use use) {
    for (std::size_t i = set._Find_first(); i < set.size(); i = set._Find_next(i))
      out_.exchange.elements.push_back({static_cast<ElementIndex>(i), use, {}});
  }

  void add(std::int64_t unknown, Use use) {
    for (std::int64_t i = 0; i < std::min(unknown, unknown_max); ++i)
      out_.exchange.elements.push_back({std::nullopt, use, "recorded " + std::to_string(i + 1)});
  }

  const Taxonomy& taxonomy_of(const std::string& catalogue) {
    if (as_ == ReadAs::today) return past_.today()->knowledge->taxonomy;
    if (release_ == nullptr || catalogue != catalogue_) {
      release_ = past_.release(catalogue);
      catalogue_ = catalogue;
      sets_.clear();
    }
    return release_->knowledge->taxonomy;
  }

  const ElementSet& set_of(const std::string& id, const FieldNames& lists, const Taxonomy& taxonomy) {
    if (const auto known = sets_.find(id); known != sets_.end()) return known->second;
    ElementSet set;
    for (const auto& name : lists.elements(id))
      if (const auto index = taxonomy.find(name)) set.set(*index);
    return sets_[id] = set;
  }

  Past& past_;
  ReadAs as_;
  std::string catalogue_;
  std::shared_ptr<const Release> release_;
  std::unordered_map<std::string, ElementSet> sets_;
  RecordedDecision out_;
  std::string allowed_, asked_, searched_;
  std::int64_t unknown_ = 0, unknown_search_ = 0;
};

// Decision records copied out of the log, with the lists known when they were read.
struct Batch {
  std::string bytes;
  struct Entry {
    std::int64_t position = 0;
    std::size_t offset = 0, size = 0, sealed = 0;  // the private part follows the record
  };
  std::vector<Entry> entries;
  std::shared_ptr<const FieldNames> lists = std::make_shared<FieldNames>();

  void add(std::int64_t position, std::string_view entry, std::string_view sealed) {
    entries.push_back({position, bytes.size(), entry.size(), sealed.size()});
    bytes += entry;
    bytes += sealed;
  }
  std::string_view entry(const Entry& at) const { return std::string_view(bytes).substr(at.offset, at.size); }
  std::string_view sealed(const Entry& at) const {
    return std::string_view(bytes).substr(at.offset + at.size, at.sealed);
  }
};

void refuse_damage(const Config& config, const LedgerReading& reading) {
  if (!reading.logs.front().key)
    throw NotThere(config.ledger_folder() + ": there is no ledger here, or its `vkey` is missing");
  if (!reading.damage.empty())
    throw NotThere(config.ledger_folder() + ": damaged from record " + std::to_string(reading.bad_position) +
                   " on; run `koppelpoort ledger verify` first");
}

}  // namespace

std::size_t workers() { return std::max(1u, std::thread::hardware_concurrency()); }

void read_decisions(const Config& config, Past& past, ReadAs as, const DecisionVisitor& visit, bool parts) {
  std::vector<Reader> readers(workers(), Reader(past, as));
  std::vector<std::future<void>> running(workers());
  std::size_t next = 0;
  Batch batch;
  const auto hand_out = [&] {
    if (batch.entries.empty()) return;
    const std::size_t worker = next++ % running.size();
    if (running[worker].valid()) running[worker].get();
    auto work = [&visit, &reader = readers[worker], worker, parts, own = std::move(batch)] {
      for (const auto& each : own.entries) {
        RecordedDecision& decision = reader.read(own.entry(each), *own.lists);
        decision.position = each.position;
        if (parts) {
          decision.record = own.entry(each);
          decision.sealed = own.sealed(each);
        }
        visit(worker, decision);
      }
    };
    batch = Batch{};
    running[worker] = std::async(std::launch::async, std::move(work));
  };
  std::shared_ptr<const FieldNames> lists = batch.lists;
  std::string_view sealed;
  const auto take_part = [&](std::int64_t, std::string_view, std::string_view part) { sealed = part; };
  const auto take = [&](std::int64_t position, std::string_view entry) {
    const std::string_view part = std::exchange(sealed, {});
    const std::string_view kind = member_of(entry, "kind");
    if (kind == "fields") {
      hand_out();
      auto more = std::make_shared<FieldNames>(*lists);
      more->add(entry);
      lists = std::move(more);
    } else if (kind == "decision") {
      batch.lists = lists;
      batch.add(position, entry, part);
      if (batch.bytes.size() > batch_bytes) hand_out();
    }
    return true;
  };
  const LedgerReading reading =
      read_ledger(config.ledger_folder(), take, parts ? PartVisitor(take_part) : PartVisitor());
  hand_out();
  for (auto& each : running)
    if (each.valid()) each.get();
  refuse_damage(config, reading);
}

RecordedDecision read_decision(Past& past, ReadAs as, std::int64_t position, std::string_view record,
                               const FieldNames& lists) {
  RecordedDecision decision = Reader(past, as).read(record, lists);
  decision.position = position;
  return decision;
}

RecordedDecision find_decision(const Config& config, Past& past, const std::string& id) {
  std::int64_t position = -1;
  try {
    position = LedgerIndex(config.index_file(), Database::Mode::read).find(id).value_or(-1);
  } catch (const StoreError&) {
    // No index yet: look through the whole ledger.
  }
  Reader reader(past, ReadAs::recorded);
  std::optional<RecordedDecision> found;
  const auto look_until = [&](std::int64_t last) {
    FieldNames lists;
    const auto take = [&](std::int64_t index, std::string_view entry) {
      if (last >= 0 && index > last) return false;
      const std::string_view kind = member_of(entry, "kind");
      if (kind == "fields") lists.add(entry);
      if (kind == "decision" && member_of(entry, "tx") == id) {
        found = reader.read(entry, lists);
        found->position = index;
      }
      return !found;
    };
    refuse_damage(config, read_ledger(config.ledger_folder(), take));
  };
  look_until(position);
  if (!found && position >= 0) look_until(-1);  // the index says where it should be; the ledger says where it is
  if (!found) throw NotThere("the ledger holds no decision `" + id + "`");
  return *found;
}

Past::Past(const Config& config, std::shared_ptr<const Knowledge> today)
    : registers_file_(config.registers_file()),
      releases_file_(config.releases_file()),
      today_(std::make_shared<Release>(Release{std::move(today), config.settings})),
      today_address_(address_of_release(*today_->knowledge, today_->settings)),
      events_(RegisterEvents(config.registers_file(), Database::Mode::read).all()) {}

void Past::catch_up() {
  const std::lock_guard guard(mutex_);
  const auto later = RegisterEvents(registers_file_, Database::Mode::read).after(newest());
  events_.insert(events_.end(), later.begin(), later.end());
}

std::shared_ptr<const Release> Past::release(const std::string& address) {
  if (is_today(address)) return today_;
  const std::lock_guard guard(mutex_);
  if (const auto known = releases_.find(address); known != releases_.end()) return known->second;
  auto release = today_;  // where it was not kept
  if (!std::filesystem::exists(releases_file_)) return release;
  if (auto found = Releases(releases_file_, Database::Mode::read).find(address)) {
    Problems problems;
    auto knowledge = read_knowledge(std::move(found->texts), problems);
    if (knowledge == nullptr) throw NotThere("release " + found->address + " cannot be used:\n" + to_text(problems));
    if (address_of_release(*knowledge, found->settings) != found->address)
      throw NotThere("release " + found->address + " is not what its address says; restore the file of releases");
    release = std::make_shared<Release>(Release{std::move(knowledge), std::move(found->settings)});
  }
  return releases_[address] = release;
}

std::shared_ptr<const Snapshot> Past::snapshot(std::int64_t version, const std::shared_ptr<const Release>& release) {
  const std::lock_guard guard(mutex_);
  const std::pair key{version, release.get()};
  if (const auto known = snapshots_.find(key); known != snapshots_.end()) return known->second;
  Problems problems;
  auto snapshot =
      Snapshot::compile(release->knowledge, fold(events_, version, problems), version, release->settings, problems);
  if (snapshot == nullptr || !problems.empty()) throw NotThere(to_text(problems));
  if (snapshots_.size() >= snapshots_kept) snapshots_.erase(snapshots_.begin());
  snapshots_[key] = snapshot;
  return snapshot;
}

std::int64_t Past::version_of(const std::string& text) const {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos && text.size() < 10;
  if (digits) {
    const std::int64_t version = std::stoll(text);
    if (version > newest()) throw NotThere("the newest register version is " + std::to_string(newest()));
    return version;
  }
  auto moment = parse_instant(text);
  if (!moment) throw NotThere("`" + text + "` is neither a register version nor a date (2026-11-25)");
  if (text.size() == 10) *moment += std::chrono::hours{24};  // a day counts to its end
  std::int64_t version = 0;
  for (const auto& event : events_)
    if (event.at < *moment) version = event.version;
  return version;
}

std::string difference_of(const RecordedDecision& recorded, const Decision& decision) {
  std::vector<std::string> codes;
  for (const auto& finding : decision.findings)
    if (std::string code = to_text(finding.code); codes.empty() || codes.back() != code)
      codes.push_back(std::move(code));
  if (recorded.verdict != name_of(decision.verdict))
    return "verdict " + recorded.verdict + ", now " + std::string(name_of(decision.verdict));
  if (recorded.block != name_of(decision.kind))
    return "block " + recorded.block + ", now " + std::string(name_of(decision.kind));
  if (recorded.codes != codes) return "other codes";
  if (recorded.bases != decision.bases) return "other legal bases";
  if (recorded.allowed != decision.allowed) return "other elements may pass";
  return {};
}

}  // namespace koppelpoort
