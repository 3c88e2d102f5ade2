#include "gateway/ledger/succession.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

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
constexpr std::int64_t fork_leap = 1'000'000;

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

std::string next_origin(const std::vector<LogEnds>& logs, const std::string& node, int year) {
  const bool known = !logs.empty() && logs.back().key && logs.back().key->name().find(audit_part) != std::string::npos;
  const std::string family = known ? std::string(family_of(logs.back().key->name())) : node + std::string(audit_part);
  const std::string plain = family + std::to_string(year);
  std::string name = plain;
  const auto taken = [&](const LogEnds& log) { return log.key && log.key->name() == name; };
  for (int i = 2; std::ranges::any_of(logs, taken); ++i) name = plain + "-" + std::to_string(i);
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
  if (why == "fork") end = std::max(end, before.known ? before.known->size : 0) + fork_leap;
  const std::string name = log_folder_name(before.folder.base + end);
  begun.folder = {ledger + "/" + name, before.folder.base + end};
  begun.signer = std::move(signer);
  write_durably(begun.folder.path + "/" + ledger_vkey_name, begun.signer->verifier().text() + "\n");
  const LogReading cut_off = read_log(begun.folder.path, {});
  if (!cut_off.file.empty()) drop_tail(begun.folder.path, cut_off);
  begun.writer = std::make_unique<SegmentWriter>(begun.folder.path, cut_off, *begun.signer);
  RecordWriter opens("opens");
  opens.add("base", begun.folder.base);
  if (before.known) opens.add("known", before.known->size);
  opens.add("node", node).add("previous", before.key->text()).add("reason", reason);
  opens.add("root", text_of(before.head.root)).add("size", before.head.size).add("v", std::int64_t{1}).add("why", why);
  begun.opening = append_alone(*begun.writer, opens.finish(), micros);
  write_durably(ledger + "/" + std::string(newest_name), name + "\n");  // syncs the ledger's folder too
  return begun;
}

void refuse_lost_log(const std::string& ledger, const LedgerReading& reading) {
  std::string name = read_file(ledger + "/" + std::string(newest_name));
  while (name.ends_with("\n")) name.pop_back();
  const auto is_newest = [&](const LogEnds& log) {
    return log.head.size > 0 && log.folder.path == ledger + "/" + name;
  };
  if (!name.empty() && reading.damage.empty() && std::ranges::none_of(reading.logs, is_newest))
    throw LogError(ledger + "/" + name + ": this log is missing or empty; restore the whole ledger, with the folders " +
                   "in it. Only when it is lost for good, `koppelpoort ledger declare-fork` goes on without it");
}

bool drop_unbegun(LedgerReading& reading) {
  if (reading.logs.size() == 1 || reading.logs.back().head.size > 0) return false;
  if (reading.last.at_tail) reading.damage.clear();
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
  const bool emptied = drop_unbegun(reading);
  const bool torn = !emptied && reading.last.at_tail && reading.logs.back().key &&
                    is_torn_tail(last_folder, reading.last, reading.logs.back().key->name());
  if (torn) reading.damage.clear();
  const LogEnds& newest = reading.logs.back();
  if (!reading.damage.empty()) throw LogError("nothing was changed; the ledger is damaged: " + reading.damage);
  if (newest.head.size == 0 || !newest.key) throw LogError("nothing was changed; there is no ledger in " + ledger);
  auto signer = std::make_unique<NoteSigner>(next_origin(reading.logs, node, year_of_micros(micros)), key_file);
  if (newest.key->under(signer->verifier().name()).text() != signer->verifier().text())
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
