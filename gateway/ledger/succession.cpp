#include "gateway/ledger/succession.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <sstream>

#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/lock.hpp"
#include "gateway/ledger/members.hpp"
#include "legal_bases/date.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view audit_part = "/audit/";
constexpr std::string_view next_key = ".next";
constexpr std::string_view newest_name = "newest";  // in the ledger's folder: the newest log's folder
// Records that are lost had positions, and others may speak of those: an index, a cursor, a part that was sealed again.
// More than one log ever held.
constexpr std::int64_t fork_leap = 1'000'000'000;

// What the ledger's folder says of its newest log: the log's folder, its public key.
struct Newest {
  std::string folder, key;
};
Newest newest_of(const std::string& ledger) {
  std::istringstream text(read_file(ledger + "/" + std::string(newest_name)));
  Newest newest;
  std::getline(text, newest.folder);
  std::getline(text, newest.key);
  return newest;
}

// A log that once was whole is not one that power loss cut off as it began, whatever is left of it.
bool was_begun(const std::string& ledger, const LogEnds& log, const LogReading& reading) {
  if (newest_of(ledger).folder == fs::path(log.folder.path).filename().string()) return true;
  if (log.known && log.known->size > 0) return true;
  if (reading.damage.empty() || !log.key) return false;  // its key is the first thing that is written of a log
  return !reading.at_tail || checkpoints_behind(log.folder.path, reading, log.key->name()) > 1;
}

}  // namespace

std::string_view family_of(std::string_view origin) {
  const auto at = origin.rfind(audit_part);
  return at == std::string_view::npos ? origin : origin.substr(0, at + audit_part.size());
}

int year_of_origin(std::string_view origin) {
  const std::string year(origin.substr(family_of(origin).size()).substr(0, 4));
  return year.size() == 4 && year.find_first_not_of("0123456789") == std::string::npos ? std::stoi(year) : 0;
}

int year_of_micros(std::int64_t micros) {
  const Date day = std::chrono::floor<std::chrono::days>(instant_at(micros / 1'000'000));
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

std::string next_origin(const std::vector<LogEnds>& logs, const std::string& node, int year,
                        const std::vector<std::string>& taken_keys) {
  const bool known = !logs.empty() && logs.back().key && logs.back().key->name().find(audit_part) != std::string::npos;
  const std::string family = known ? std::string(family_of(logs.back().key->name())) : node + std::string(audit_part);
  const std::string plain = family + std::to_string(year);
  std::string name = plain;
  const auto is_log = [&](const LogEnds& log) { return log.key && log.key->name() == name; };
  const auto is_named = [&](const std::string& key) { return key.starts_with(name + "+"); };
  const auto taken = [&] { return std::ranges::any_of(logs, is_log) || std::ranges::any_of(taken_keys, is_named); };
  for (int i = 2; taken(); ++i) name = plain + "-" + std::to_string(i);
  return name;
}

PendingRecord closing_record(const NoteVerifier& next, const std::string& node, const std::string& reason) {
  RecordWriter record("closes");
  record.add("next", next.text()).add("node", node).add("reason", reason).add("v", std::int64_t{1});
  return record.finish();
}

std::unique_ptr<NoteSigner> signer_after(const LogEnds& closed, const std::string& key_file) {
  const auto next = NoteVerifier::parse(closed.closed_for);
  if (!next) throw LogError(closed.folder.path + ": its last record names no key for the next log");
  const auto fits = [&](const std::string& file) {
    return fs::exists(file) && NoteSigner(next->name(), file).verifier().text() == next->text();
  };
  const std::string fresh = key_file + std::string(next_key);
  if (!fits(key_file)) {
    if (!fits(fresh))
      throw LogError(key_file + ": the ledger goes on with another key (" + next->text() + "); put that key here");
    rename_durably(fresh, key_file);
  }
  return std::make_unique<NoteSigner>(next->name(), key_file);
}

Hash append_alone(SegmentWriter& writer, PendingRecord record, std::int64_t micros) {
  record.text.replace(record.time_at, time_text_size, time_text(micros));
  const Hash leaf = leaf_hash(record.text);
  writer.begin_group(record.text.size(), 1);
  writer.append(record.text, leaf);
  writer.sync();
  return leaf;
}

BegunLog begin_log(const std::string& ledger, const LogEnds& before, std::unique_ptr<NoteSigner> signer,
                   const std::string& node, const std::string& why, const std::string& reason, std::int64_t micros) {
  BegunLog begun;
  std::int64_t end = before.head.size;
  if (why == "fork") {
    // Also behind a later log that is lost: its folder's name says where it began.
    const std::string lost = newest_of(ledger).folder;
    const std::size_t digits = lost.find_first_of("0123456789");
    const std::int64_t lost_base = digits == std::string::npos ? 0 : std::stoll(lost.substr(digits));
    end = std::max({end, before.known ? before.known->size : 0, lost_base - before.folder.base}) + fork_leap;
  }
  const std::string name = log_folder_name(before.folder.base + end);
  begun.folder = {ledger + "/" + name, before.folder.base + end};
  begun.signer = std::move(signer);
  write_durably(begun.folder.path + "/" + ledger_vkey_name, begun.signer->verifier().text() + "\n");
  const LogReading cut_off = read_log(begun.folder.path, {});
  LogEnds left;
  left.folder = begun.folder;
  left.key = begun.signer->verifier();
  left.known = cut_off.known;
  if (cut_off.head.size > 0 || was_begun(ledger, left, cut_off))
    throw LogError(begun.folder.path +
                   ": there is a log here that was in use, and it is damaged; keep the files, and " +
                   "restore the newest ledger");
  if (!cut_off.file.empty()) drop_tail(begun.folder.path, cut_off);
  begun.writer = std::make_unique<SegmentWriter>(begun.folder.path, cut_off, *begun.signer);
  RecordWriter opens("opens");
  opens.add("base", begun.folder.base);
  if (before.known) opens.add("known", before.known->size);
  opens.add("node", node).add("previous", before.key->text()).add("reason", reason);
  opens.add("root", text_of(before.head.root)).add("size", before.head.size).add("v", std::int64_t{1}).add("why", why);
  begun.opening = append_alone(*begun.writer, opens.finish(), micros);
  remember_newest(ledger, begun.folder, begun.signer->verifier());
  return begun;
}

// Syncs the ledger's folder too.
void remember_newest(const std::string& ledger, const LogFolder& log, const NoteVerifier& key) {
  const std::string name = fs::path(log.path).filename().string();
  if (const Newest known = newest_of(ledger); known.folder == name && known.key == key.text()) return;
  write_durably(ledger + "/" + std::string(newest_name), name + "\n" + key.text() + "\n");
}

std::string fault_of_newest(const std::string& ledger, const std::vector<LogEnds>& logs) {
  const std::string name = newest_of(ledger).folder;
  const auto is_there = [&](const LogEnds& log) { return log.head.size > 0 && log.folder.path == ledger + "/" + name; };
  if (name.empty() || std::ranges::any_of(logs, is_there)) return {};
  return ledger + "/" + name + ": this log is missing or empty";
}

void refuse_lost_log(const std::string& ledger, const LedgerReading& reading) {
  if (!reading.damage.empty()) return;  // what stands behind the damage was not read
  if (const std::string fault = fault_of_newest(ledger, reading.logs); !fault.empty())
    throw LogError(fault + "; restore the whole ledger, with the folders in it. Only when it is lost for good, " +
                   "`koppelpoort ledger declare-fork` goes on without it");
}

bool drop_unbegun(const std::string& ledger, LedgerReading& reading) {
  if (reading.logs.size() == 1 || reading.logs.back().head.size > 0) return false;
  if (was_begun(ledger, reading.logs.back(), reading.last)) return false;
  reading.damage.clear();
  reading.logs.pop_back();
  return true;
}

bool is_torn_tail(const std::string& folder, const LogReading& reading, const std::string& origin) {
  return reading.damage.empty() || (reading.at_tail && checkpoints_behind(folder, reading, origin) <= 1);
}

std::string declare_fork(const std::string& ledger, const std::string& node, const std::string& key_file,
                         const std::string& reason, std::int64_t micros) {
  const LedgerLock lock(ledger);
  std::int64_t last = 0;
  const auto look = [&](std::int64_t, std::string_view entry) {
    last = std::max(last, micros_of(member_of(entry, "ts")));
    return true;
  };
  LedgerReading reading = read_ledger(ledger, look);
  const std::string last_folder = reading.logs.back().folder.path;
  std::vector<std::string> taken{newest_of(ledger).key};  // origins that logs had which are not here any more
  const bool emptied = reading.logs.size() > 1 && reading.logs.back().head.size == 0;
  if (emptied) {
    if (reading.logs.back().key) taken.push_back(reading.logs.back().key->text());
    if (reading.last.at_tail) reading.damage.clear();
    reading.logs.pop_back();
  }
  taken.push_back(reading.logs.back().closed_for);
  const bool torn = !emptied && reading.last.at_tail && reading.logs.back().key &&
                    is_torn_tail(last_folder, reading.last, reading.logs.back().key->name());
  if (torn) reading.damage.clear();
  const LogEnds& newest = reading.logs.back();
  if (!reading.damage.empty()) throw LogError("nothing was changed; the ledger is damaged: " + reading.damage);
  if (newest.head.size == 0 || !newest.key) throw LogError("nothing was changed; there is no ledger in " + ledger);
  auto signer = std::make_unique<NoteSigner>(next_origin(reading.logs, node, year_of_micros(micros), taken), key_file);
  if (!may_fork(newest, signer->verifier()))
    throw LogError("nothing was changed; " + key_file + " is not the key of this ledger (" + newest.key->text() + ")");
  if (torn) drop_tail(last_folder, reading.last);
  // What is left of an emptied log is kept as it is, and is no log of the row.
  if (emptied) rename_durably(last_folder, ledger + "/emptied-" + fs::path(last_folder).filename().string());
  return begin_log(ledger, newest, std::move(signer), node, "fork", reason, std::max(last, micros))
      .signer->verifier()
      .text();
}

std::string rotate_key(const std::string& ledger, const std::string& node, const std::string& key_file,
                       const std::string& reason) {
  const std::string fresh = key_file + std::string(next_key);
  if (!fs::exists(fresh)) NoteSigner::create_key(fresh);  // it may be there of a rotation that was cut off
  {
    Ledger closing(ledger, node, key_file, {});
    closing.close(fresh, reason);
  }
  return Ledger(ledger, node, key_file, {}).verifier().text();
}

}  // namespace koppelpoort
