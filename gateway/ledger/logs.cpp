#include "gateway/ledger/logs.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/members.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view folder_prefix = "log-";

std::string damage_in(const LogFolder& log, const std::string& what) {
  return log.base == 0 ? what : log.path + ": " + what;
}

}  // namespace

std::string log_folder_name(std::int64_t base) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "log-%012lld", static_cast<long long>(base));
  return name.data();
}

std::vector<LogFolder> logs_in(const std::string& ledger) {
  std::vector<LogFolder> logs{{ledger, 0}};
  std::error_code error;
  for (const auto& item : fs::directory_iterator(ledger, error)) {
    const std::string name = item.path().filename().string();
    if (!name.starts_with(folder_prefix)) continue;
    const std::int64_t base = std::strtoll(name.c_str() + folder_prefix.size(), nullptr, 10);
    if (base > 0 && name == log_folder_name(base)) logs.push_back({ledger + "/" + name, base});
  }
  if (error) throw LogError(ledger + ": " + error.message());
  std::ranges::sort(logs, {}, &LogFolder::base);
  return logs;
}

std::optional<NoteVerifier> ledger_vkey(const std::string& folder) {
  std::ifstream in(folder + "/" + ledger_vkey_name);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  auto verifier = NoteVerifier::parse(line);
  if (!verifier) throw LogError(folder + "/" + ledger_vkey_name + ": holds no public key of a log; restore it");
  return verifier;
}

std::optional<Opening> parse_opening(std::string_view record) {
  if (member_of(record, "kind") != "opens") return std::nullopt;
  Opening opening;
  std::string root;
  for (Members members(record); members.next();) {
    if (members.name() == "base") opening.base = members.number();
    if (members.name() == "previous") opening.previous = members.text();
    if (members.name() == "root") root = members.text();
    if (members.name() == "size") opening.head.size = members.number();
    if (members.name() == "why") opening.why = members.text();
  }
  const auto bytes = from_base64(root);
  if (!bytes || bytes->size() != opening.head.root.size()) return std::nullopt;
  std::ranges::copy(*bytes, opening.head.root.begin());
  return opening;
}

void EndsReader::see(std::int64_t index, std::string_view entry) {
  if (index == 0) first_ = entry;
  last_ = entry;
}

void EndsReader::put_into(LogEnds& ends) const {
  ends.opening = parse_opening(first_);
  ends.last_kind = member_of(last_, "kind");
  if (ends.last_kind == "closes") ends.closed_for = member_of(last_, "next");
}

bool may_fork(const LogEnds& before, const NoteVerifier& key) {
  if (!before.key) return false;
  if (before.key->under(key.name()).text() == key.text()) return true;
  const auto named = NoteVerifier::parse(before.closed_for);
  return named && named->under(key.name()).text() == key.text();
}

std::string fault_between(const LogEnds& before, const LogEnds& next) {
  if (!before.key || !next.key) return "a log without its public key (`vkey`)";
  const std::string name = next.key->name();
  if (!next.opening) return name + " does not say which log it follows";
  const Opening& opening = *next.opening;
  const std::string previous = before.key->name();
  if (opening.previous != before.key->text()) return name + " follows another log than " + previous;
  if (opening.base != next.folder.base) return name + " lies in another folder than the one it opened";
  if (opening.head != before.head)
    return name + " follows " + std::to_string(opening.head.size) + " records of " + previous + ", and here are " +
           (opening.head.size == before.head.size ? "others" : std::to_string(before.head.size));
  if (opening.why == "fork") {
    return may_fork(before, *next.key) ? std::string() : name + " has another key than the log it forks from";
  }
  if (before.closed_for != next.key->text()) return previous + " was not closed for " + name;
  if (before.known && before.known->size > before.head.size)
    return previous + " has lost records that were acknowledged";
  return {};
}

LedgerReading read_ledger(const std::string& ledger, const EntryVisitor& visit, const PartVisitor& parts,
                          std::vector<TreeHashes>* hashes) {
  LedgerReading reading;
  for (const auto& log : logs_in(ledger)) {
    LogEnds ends;
    ends.folder = log;
    ends.key = ledger_vkey(log.path);
    EndsReader seen;
    bool stopped = false;
    const EntryVisitor look = [&](std::int64_t index, std::string_view entry) {
      seen.see(index, entry);
      stopped = visit && !visit(log.base + index, entry);
      return !stopped;
    };
    const PartVisitor look_parts = [&](std::int64_t index, std::string_view entry, std::string_view sealed) {
      parts(log.base + index, entry, sealed);
    };
    if (hashes != nullptr) hashes->emplace_back();
    reading.last = read_log(log.path, look, ends.key ? &*ends.key : nullptr, Signatures::newest,
                            parts ? look_parts : PartVisitor(), hashes == nullptr ? nullptr : &hashes->back());
    seen.put_into(ends);
    ends.head = reading.last.head;
    ends.known = reading.last.known;
    ends.checkpoint = reading.last.checkpoint;
    const bool begun = log.base == 0 || ends.head.size > 0;  // else power loss came between its folder and its opening
    if (!reading.logs.empty() && begun && !stopped && reading.last.damage.empty())
      reading.damage = fault_between(reading.logs.back(), ends);
    if (!reading.last.damage.empty()) reading.damage = damage_in(log, reading.last.damage);
    reading.bad_position = log.base + reading.last.bad_index;
    reading.logs.push_back(std::move(ends));
    if (stopped || !reading.damage.empty()) break;
  }
  return reading;
}

void read_ledger_from(const std::string& ledger, std::int64_t first, const EntryVisitor& visit) {
  const auto logs = logs_in(ledger);
  auto log = std::ranges::find_if(logs, [&](const LogFolder& each) { return each.base > first; }) - 1;
  for (bool on = true; on && log != logs.end(); ++log) {
    const auto look = [&](std::int64_t index, std::string_view entry) { return on = visit(log->base + index, entry); };
    read_log_from(log->path, std::max<std::int64_t>(first - log->base, 0), look);
  }
}

LedgerPlace place_near_end(const std::string& ledger) {
  const LogFolder log = logs_in(ledger).back();
  LedgerPlace place;
  place.log = log.path;
  place.at = log_place_near_end(log.path);
  place.next = log.base + place.at.next;
  return place;
}

void read_ledger_on(const std::string& ledger, LedgerPlace& place, const EntryVisitor& visit,
                    const PartVisitor& parts) {
  const auto logs = logs_in(ledger);
  auto log = place.log.empty() ? logs.begin() : std::ranges::find(logs, place.log, &LogFolder::path);
  while (log != logs.end()) {
    place.log = log->path;
    bool stopped = false;
    const auto look = [&](std::int64_t index, std::string_view entry) {
      place.next = log->base + index + 1;
      stopped = !visit(log->base + index, entry);
      return !stopped;
    };
    const auto look_parts = [&](std::int64_t index, std::string_view entry, std::string_view sealed) {
      parts(log->base + index, entry, sealed);
    };
    const LogReading reading = read_log_on(log->path, place.at, look, look_parts);
    if (stopped || !reading.damage.empty() || ++log == logs.end()) return;
    place.at = {};
    place.next = log->base;
  }
}

}  // namespace koppelpoort
