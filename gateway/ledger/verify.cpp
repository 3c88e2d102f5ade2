#include "gateway/ledger/verify.hpp"

#include <algorithm>
#include <cstring>

#include "gateway/ledger/members.hpp"

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

LedgerReport verify_ledger(const std::string& folder, const NoteVerifier& key, const std::vector<Held>& held,
                           const std::function<void(std::int64_t)>& progress) {
  LedgerReport report;
  Semantics semantics(report);
  SinceCheck earlier(held);
  const LogReading reading = read_log(
      folder,
      [&](std::int64_t index, std::string_view entry) {
        report.records = index + 1;
        earlier.add(entry);
        if (progress && report.records % progress_every == 0) progress(report.records);
        if (std::string wrong = semantics.check(entry); !wrong.empty()) {
          report.fault = "record " + std::to_string(index) + ": " + wrong;
          return false;
        }
        return true;
      },
      &key);
  report.unsigned_records = reading.unsigned_records;
  report.checkpoint = reading.checkpoint;
  report.sound = reading.head.size;
  const auto& known = reading.known;
  report.head_known = known.has_value();
  if (!reading.damage.empty())
    report.fault = "record " + std::to_string(reading.bad_index) + ": " + reading.damage;
  else if (report.fault.empty() && reading.head.size == 0)
    report.fault = "there is no ledger here";
  else if (report.fault.empty() && known && known->size > reading.head.size)
    report.fault = "records " + std::to_string(reading.head.size) + " to " + std::to_string(known->size - 1) +
                   " are gone, although they were acknowledged";
  else if (report.fault.empty())
    report.fault = earlier.fault();
  return report;
}

}  // namespace koppelpoort
