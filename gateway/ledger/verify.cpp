#include "gateway/ledger/verify.hpp"

#include <algorithm>
#include <cstring>

#include "gateway/ledger/members.hpp"
#include "gateway/ledger/succession.hpp"

namespace koppelpoort {
namespace {

constexpr std::int64_t progress_every = 65'536;

enum : std::uint8_t { decided = 1, passing = 2, released = 4, ended = 8 };  // what is known of one exchange

}  // namespace

Semantics::Id Semantics::id_of(const std::string& tx) {
  const Hash hash = sha256_of(tx);
  Id id{};
  std::memcpy(id.data(), hash.data(), sizeof id);
  return id;
}

std::string Semantics::check(std::string_view entry) {
  const std::string time(member_of(entry, "ts"));
  if (time < last_time_) return "time runs back";
  last_time_ = time;
  const std::string_view kind = member_of(entry, "kind");
  const std::string tx(member_of(entry, "tx"));
  if (kind == "decision") return decision(tx, member_of(entry, "verdict") != "block");
  if (kind == "release") return release(tx);
  if (kind == "outcome") return outcome(tx);
  return {};
}

std::string Semantics::decision(const std::string& tx, bool passes) {
  ++report_.decisions;
  std::uint8_t& state = exchanges_[id_of(tx)];
  if (tx.empty()) return "a decision without an id";
  if ((state & decided) != 0) return "a second decision for one exchange";
  state = static_cast<std::uint8_t>(state | decided | (passes ? passing : 0));
  return {};
}

std::string Semantics::release(const std::string& tx) {
  ++report_.releases;
  std::uint8_t& state = exchanges_[id_of(tx)];
  if ((state & passing) == 0) return "a release without a decision that lets it pass";
  if ((state & released) != 0) return "a second release for one exchange";
  state = static_cast<std::uint8_t>(state | released);
  return {};
}

std::string Semantics::outcome(const std::string& tx) {
  ++report_.outcomes;
  std::uint8_t& state = exchanges_[id_of(tx)];
  if ((state & decided) == 0) return "an outcome without its decision";
  if ((state & ended) != 0) return "a second outcome for one exchange";
  state = static_cast<std::uint8_t>(state | ended);
  return {};
}

SinceCheck::SinceCheck(std::vector<Held> held) : held_(std::move(held)) {
  std::ranges::sort(held_, {}, [](const Held& each) { return each.checkpoint.size; });
}

void SinceCheck::add(std::string_view entry) {
  if (next_ == held_.size()) return;
  edge_.append(leaf_hash(entry));
  for (; next_ < held_.size() && held_[next_].checkpoint.size <= edge_.size(); ++next_) {
    const Held& held = held_[next_];
    if (fault_.empty() && held.checkpoint.size == edge_.size() && held.checkpoint.root != edge_.root())
      fault_ = "the first " + std::to_string(held.checkpoint.size) + " records are not those of the checkpoint from " +
               held.from;
  }
}

std::string SinceCheck::fault() const {
  if (!fault_.empty() || next_ == held_.size()) return fault_;
  return "there are " + std::to_string(edge_.size()) + " records, and the checkpoint from " + held_[next_].from +
         " is about " + std::to_string(held_[next_].checkpoint.size);
}

namespace {

std::vector<Held> of_log(const std::vector<Held>& held, const std::string& origin) {
  std::vector<Held> theirs;
  for (const auto& each : held)
    if (each.checkpoint.origin == origin) theirs.push_back(each);
  return theirs;
}

std::string fault_of_row(const std::string& folder, const std::vector<LogEnds>& logs, const NoteVerifier& trusted,
                         const std::vector<Held>& held) {
  const auto has = [&](const std::string& key) {
    return std::ranges::any_of(logs, [&](const LogEnds& log) { return log.key->text() == key; });
  };
  if (!has(trusted.text())) return "no log here is of the key " + trusted.text();
  if (const std::string& next = logs.back().closed_for; !next.empty())
    return "the newest log was closed, and the one after it (" + next + ") is not here";
  if (std::string fault = fault_of_newest(folder, logs); !fault.empty()) return fault;
  for (const auto& each : held)
    if (std::ranges::none_of(logs, [&](const LogEnds& log) { return log.key->name() == each.checkpoint.origin; }))
      return "the log " + each.checkpoint.origin + " is not here, and there is a checkpoint of it from " + each.from;
  return {};
}

}  // namespace

LedgerReport verify_row(const std::string& folder, const NoteVerifier& trusted, const std::vector<Held>& held,
                        const std::function<void(std::int64_t)>& progress, const LogChecker& check) {
  LedgerReport report;
  Semantics semantics(report);
  std::vector<LogEnds> logs;
  for (const auto& log : logs_in(folder)) {
    // Of a single log the trusted key is the log's, whatever lies beside it.
    const auto lying = log.base == 0 && logs_in(folder).size() == 1 ? trusted : ledger_vkey(log.path);
    if (!lying) {
      report.fault = log.path + ": its public key (`vkey`) is missing";
      return report;
    }
    SinceCheck earlier(of_log(held, lying->name()));
    std::string wrong;
    EndsReader seen;
    LogCheck found = check(log, *lying, [&](std::int64_t index, std::string_view entry) {
      ++report.records;
      seen.see(index, entry);
      earlier.add(entry);
      if (progress && report.records % progress_every == 0) progress(report.records);
      wrong = semantics.check(entry);
      if (!wrong.empty()) wrong = "record " + std::to_string(log.base + index) + ": " + wrong;
      return wrong.empty();
    });
    LogEnds& ends = found.ends;
    ends.folder = log;
    ends.key = lying;
    seen.put_into(ends);
    report.unsigned_records = found.unsigned_records;
    report.checkpoint = ends.checkpoint;
    report.sound += ends.head.size;
    report.head_known = ends.known.has_value();
    report.origins.push_back(lying->name());
    if (ends.opening && ends.opening->why == "fork") report.forks.push_back(lying->name());
    report.fault = wrong.empty() ? found.fault : wrong;
    if (report.fault.empty()) report.fault = earlier.fault();
    if (report.fault.empty() && !logs.empty()) report.fault = fault_between(logs.back(), ends);
    logs.push_back(std::move(ends));
    if (!report.fault.empty()) return report;
  }
  report.fault = fault_of_row(folder, logs, trusted, held);
  return report;
}

LedgerReport verify_ledger(const std::string& folder, const NoteVerifier& key, const std::vector<Held>& held,
                           const std::function<void(std::int64_t)>& progress) {
  const auto logs = logs_in(folder);
  return verify_row(
      folder, key, held, progress, [&](const LogFolder& log, const NoteVerifier& log_key, const EntryVisitor& visit) {
        LogCheck found;
        const LogReading reading = read_log(log.path, visit, &log_key);
        found.unsigned_records = reading.unsigned_records;
        found.ends.checkpoint = reading.checkpoint;
        found.ends.head = reading.head;
        found.ends.known = reading.known;
        const auto& known = reading.known;
        const bool newest = log.path == logs.back().path;  // of a closed one the next log says how long it is
        if (!reading.damage.empty())
          found.fault = "record " + std::to_string(log.base + reading.bad_index) + ": " + reading.damage;
        else if (reading.head.size == 0)
          found.fault = newest && log.base > 0 ? log.path + ": a log was begun here and holds nothing"
                                               : "there is no ledger here";
        else if (newest && known && known->size > reading.head.size)
          found.fault = "records " + std::to_string(reading.head.size) + " to " + std::to_string(known->size - 1) +
                        " are gone, although they were acknowledged";
        return found;
      });
}

}  // namespace koppelpoort
