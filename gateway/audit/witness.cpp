#include "gateway/audit/witness.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/succession.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t proof_max = 63;
constexpr std::size_t logs_of_a_node = 32;
constexpr std::string_view old_word = "old ";

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

struct Request {
  std::int64_t old_size = 0;
  Proof proof;
  std::string_view note;
};

std::optional<Request> parse_request(std::string_view text) {
  Request request;
  const std::string_view first = take_line(text);
  if (!first.starts_with(old_word)) return std::nullopt;
  const std::string_view number = first.substr(old_word.size());
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), request.old_size);
  if (error != std::errc{} || end != number.data() + number.size() || std::to_string(request.old_size) != number)
    return std::nullopt;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) {
      request.note = text;
      return request;
    }
    const auto bytes = from_base64(line);
    if (!bytes || bytes->size() != sizeof(Hash) || request.proof.size() == proof_max) return std::nullopt;
    std::ranges::copy(*bytes, request.proof.emplace_back().begin());
  }
  return std::nullopt;
}

std::string origin_of(std::string_view note) { return std::string(note.substr(0, note.find('\n'))); }

}  // namespace

std::string origin_digest(std::string_view origin) {
  const Hash hash = sha256_of(origin);
  return hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::string checkpoint_request(std::int64_t old_size, const Proof& proof, std::string_view note) {
  std::string text = std::string(old_word) + std::to_string(old_size) + "\n";
  for (const Hash& hash : proof) text += text_of(hash) + "\n";
  return text + "\n" + std::string(note);
}

Witness::Witness(std::string folder, NoteSigner signer, std::vector<NoteVerifier> logs, Clock clock)
    : folder_(std::move(folder)), signer_(std::move(signer)), logs_(std::move(logs)), clock_(std::move(clock)) {
  fs::create_directories(folder_);
  for (const auto& item : fs::directory_iterator(folder_)) {
    if (item.path().extension() != ".note") continue;
    const std::string path = item.path().string(), note = read_file(path), origin = origin_of(note);
    const auto log = key_of(note);
    const bool ours = signer_.verifier().signed_by(note) && path == path_of(origin);
    if (ours && !log) continue;  // of a log that is not witnessed any more
    if (ours && log->name() == origin && !log->signed_by(note) && !is_named(origin)) {
      other_key_.insert(origin);  // of a key that is not given any more: nothing is signed for it under another
      continue;
    }
    const auto checkpoint = log ? open_checkpoint(note, *log) : std::nullopt;
    if (!checkpoint || path != path_of(origin) || !signer_.verifier().signed_by(note))
      throw LogError(path + ": is not what this witness signed; restore it from the newest backup, or it might sign " +
                     "for two branches of one log");
    seen_[origin] = {*checkpoint, note};
  }
}

// The key that this note's log must have. One node's logs come and go: those that nobody named are witnessed under each
// key that the node is known by, the one that signed before others.
std::optional<NoteVerifier> Witness::key_of(std::string_view note) const {
  const std::string origin = origin_of(note);
  if (const auto named = std::ranges::find(logs_, origin, &NoteVerifier::name); named != logs_.end()) return *named;
  std::optional<NoteVerifier> found;
  if (year_of_origin(origin) == 0) return found;
  for (const auto& log : logs_) {
    if (family_of(log.name()) != family_of(origin)) continue;
    NoteVerifier own = log.under(origin);
    if (own.signed_by(note)) return own;
    found = std::move(own);
  }
  return found;
}

bool Witness::is_named(std::string_view origin) const {
  return std::ranges::find(logs_, origin, &NoteVerifier::name) != logs_.end();
}

std::string Witness::path_of(const std::string& origin) const {
  return folder_ + "/" + origin_digest(origin) + ".note";
}

Witness::Answer Witness::add_checkpoint(std::string_view text) {
  const auto request = parse_request(text);
  if (!request) return {400, "the request is not `old`, proof, empty line, checkpoint\n"};
  const auto log = key_of(request->note);
  if (!log) return {404, "this log is not known here\n"};
  if (other_key_.contains(log->name())) return {403, "this log was signed by another key before\n"};
  const auto checkpoint = open_checkpoint(request->note, *log);
  if (!checkpoint) return {403, "the checkpoint is not signed by the log's key\n"};
  if (request->old_size > checkpoint->size) return {400, "the old size is larger than the new one\n"};

  const std::lock_guard guard(mutex_);
  const auto before = seen_.find(log->name());
  const Checkpoint last = before == seen_.end() ? Checkpoint{log->name(), 0, sha256_of({})} : before->second.checkpoint;
  if (before == seen_.end() && seen_.size() >= logs_.size() * logs_of_a_node)
    return {403, "too many logs of one node\n"};
  if (request->old_size != last.size) return {409, std::to_string(last.size) + "\n", "text/x.tlog.size"};
  if (checkpoint->size == 0 && checkpoint->root != sha256_of({})) return {422, "an empty log has another root\n"};
  if (!consistent(last.size, last.root, checkpoint->size, checkpoint->root, request->proof))
    return {422, "this log is not the one seen before, only longer\n"};
  const std::string line = signer_.cosign(checkpoint->body(), clock_());
  const std::string note = std::string(request->note) + line;
  keep(log->name(), note);
  seen_[log->name()] = {*checkpoint, note};
  return {200, line};
}

void Witness::keep(const std::string& origin, const std::string& note) const { write_durably(path_of(origin), note); }

std::optional<std::string> Witness::newest(std::string_view digest) const {
  const std::lock_guard guard(mutex_);
  for (const auto& [origin, seen] : seen_)
    if (origin_digest(origin) == digest) return seen.note;
  return std::nullopt;
}

std::vector<Witness::Seen> Witness::seen() const {
  const std::lock_guard guard(mutex_);
  std::vector<Seen> all;
  all.reserve(seen_.size());
  for (const auto& [origin, seen] : seen_) all.push_back(seen);
  return all;
}

}  // namespace koppelpoort
