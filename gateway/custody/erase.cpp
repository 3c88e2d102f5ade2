#include "gateway/custody/erase.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "gateway/exchange/pseudonym.hpp"
#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/members.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t batch = 1000;
// A part is sealed and appended within one step of an exchange; after this none is under way with an old key.
constexpr std::chrono::seconds grace{2};

void record(Ledger& ledger, PendingRecord pending) {
  if (ledger.write(std::move(pending)).durable != Durable::yes)
    throw LogError("the erasure cannot be recorded, so nothing was erased; check the ledger");
}

// The bytes that count: sealed again, where they were.
std::string newest_of(DataKeys& keys, std::int64_t position, std::string_view sealed) {
  if (keys.find(key_of_part(sealed)) != nullptr) return std::string(sealed);
  return keys.part_again(position).value_or(std::string(sealed));
}

struct Found {
  std::set<std::int64_t> positions, keys;
  std::string digest;  // over the places and bytes that go
  std::int64_t held = 0;
};

Found find_parts(const std::string& folder, DataKeys& keys, const std::vector<std::string>& subjects) {
  std::set<std::int64_t> on_hold;
  for (const auto& row : keys.all())
    if (!row.hold.empty()) on_hold.insert(row.id);
  Found found;
  const PartVisitor look = [&](std::int64_t position, std::string_view entry, std::string_view sealed) {
    // Who looked at this person stays on record: nobody erases the trace of their own look.
    if (member_of(entry, "kind") != "decision") return;
    const auto part = open_part(position, entry, sealed, keys);
    const auto theirs = [&](const std::string& name) { return std::ranges::find(subjects, name) != subjects.end(); };
    if (!part || std::ranges::none_of(part->subjects, theirs)) return;
    const std::string bytes = newest_of(keys, position, sealed);
    if (on_hold.contains(key_of_part(bytes))) {
      ++found.held;
      return;
    }
    found.positions.insert(position);
    found.keys.insert(key_of_part(bytes));
    found.digest = text_of(sha256_of(found.digest, std::to_string(position) + bytes));
  };
  const LedgerReading reading = read_ledger(folder, {}, look);
  if (!reading.damage.empty()) throw LogError("the ledger is damaged, so nothing was erased: " + reading.damage);
  return found;
}

// Everybody else's parts under these keys, sealed again under the keys that take their place.
std::int64_t keep_others(const std::string& folder, DataKeys& keys, const Found& found,
                         const std::map<std::int64_t, std::shared_ptr<const DataKey>>& instead) {
  std::int64_t kept = 0;
  std::vector<std::pair<std::int64_t, std::string>> parts;
  const auto save = [&] {
    keys.keep_parts(parts);
    kept += static_cast<std::int64_t>(parts.size());
    parts.clear();
  };
  const PartVisitor again = [&](std::int64_t position, std::string_view, std::string_view sealed) {
    const std::string bytes = newest_of(keys, position, sealed);
    const auto fresh = instead.find(key_of_part(bytes));
    if (fresh == instead.end() || found.positions.contains(position)) return;
    auto moved = seal_again(bytes, *keys.find(fresh->first), *fresh->second);
    if (!moved) throw LogError("record " + std::to_string(position) + ": its private part cannot be opened");
    parts.emplace_back(position, std::move(*moved));
    if (parts.size() == batch) save();
  };
  const LedgerReading reading = read_ledger(folder, {}, again);
  if (!reading.damage.empty()) throw LogError("the ledger is damaged, so nothing was erased: " + reading.damage);
  save();
  return kept;
}

}  // namespace

Erased erase_person(Ledger& ledger, const std::string& folder, DataKeys& keys, const std::vector<std::string>& subjects,
                    const std::string& node, const std::string& ground) {
  const Found found = find_parts(folder, keys, subjects);
  Erased erased;
  erased.held = found.held;
  if (found.positions.empty()) return erased;
  std::map<std::int64_t, std::shared_ptr<const DataKey>> instead;
  for (const auto& row : keys.all())
    if (found.keys.contains(row.id)) instead[row.id] = keys.replace(row);
  std::this_thread::sleep_for(grace);
  ledger.settle();
  erased.kept = keep_others(folder, keys, found, instead);
  erased.parts = static_cast<std::int64_t>(found.positions.size());
  RecordWriter leaf("erase");
  leaf.add("digest", found.digest).add("ground", ground).add("kept", erased.kept).add("node", node);
  leaf.add("parts", erased.parts);
  record(ledger, leaf.finish());
  for (const std::int64_t id : found.keys) keys.destroy(id);
  return erased;
}

std::size_t erase_due(Ledger& ledger, DataKeys& keys, Keys& secrets, const std::string& node, Date today) {
  const auto due = keys.due(today);
  for (const auto& row : due) {
    RecordWriter leaf("erase");
    leaf.add("class", row.retention).add("ground", "retention").add("month", row.month).add("node", node);
    record(ledger, leaf.finish());
    keys.destroy(row.id);
  }
  if (due.empty()) return 0;
  std::set<std::string> living;  // years of which something can still be read
  for (const auto& row : keys.all())
    if (!row.wrapped.empty()) living.insert(row.month.substr(0, 4));
  for (const int year : secrets.years()) {
    if (year >= year_of(today) || living.contains(std::to_string(year))) continue;
    RecordWriter leaf("keyevent");
    leaf.add("event", "pseudonym key destroyed").add("node", node).add("year", std::int64_t{year});
    record(ledger, leaf.finish());
    secrets.destroy_year(year);
  }
  return due.size();
}

}  // namespace koppelpoort
