#include "gateway/audit/audit_desk.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/audit/witness_client.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/proof.hpp"

namespace koppelpoort {
namespace {

Answer plain(int status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

// One sentence for what is not there and for what is not theirs, so that nobody learns which.
Answer unknown() { return plain(404, "there is no such thing here\n"); }

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

Answer AuditDesk::answer(const std::string& caller, const http::Head& head, std::string_view body) {
  const std::unique_lock only(one_, std::try_to_lock);
  if (!only) return plain(503, "another proof is being made; ask again in a moment\n");
  if (head.method == "POST" && head.target == "/audit/witness/add-checkpoint") {
    Witness::Answer witnessed = witness_.add_checkpoint(body);
    Answer answer = plain(witnessed.status, std::move(witnessed.body));
    answer.content_type = witnessed.type;
    return answer;
  }
  return head.method == "GET" ? get(caller, head.target) : unknown();
}

Answer AuditDesk::get(const std::string& caller, std::string_view target) const {
  const auto below = [&](std::string_view prefix) {
    const bool fits = target.starts_with(prefix);
    return fits ? std::optional(target.substr(prefix.size())) : std::nullopt;
  };
  if (target == "/audit/checkpoint") return plain(200, ledger_.checkpoint());
  if (target == "/audit/cosigned") {
    std::string note = read_file(ledger_.log_folder() + "/" + cosigned_name);
    return note.empty() ? unknown() : plain(200, std::move(note));
  }
  if (target == "/audit/vkey") return plain(200, ledger_.verifier().text() + "\n");
  if (target == "/audit/logs") return plain(200, keys());
  if (target == "/audit/witness/vkey") return plain(200, witness_.verifier().text() + "\n");
  if (const auto index = below("/audit/v1/proof/")) return proof(caller, *index);
  if (const auto query = below("/audit/v1/consistency?")) return consistency(*query);
  if (const auto rest = below("/audit/witness/"); rest && rest->ends_with("/checkpoint")) {
    auto note = witness_.newest(rest->substr(0, rest->size() - std::string_view("/checkpoint").size()));
    return note ? plain(200, std::move(*note)) : unknown();
  }
  return unknown();
}

// The public keys of all logs, oldest first, one a line.
std::string AuditDesk::keys() const {
  std::string lines;
  for (const auto& log : ledger_.closed()) lines += log.ends.key->text() + "\n";
  return lines + ledger_.verifier().text() + "\n";
}

// `<index>`, with `?log=<origin>` when it is in a log that was closed since: of a decision or release of an exchange in
// which the caller took part.
Answer AuditDesk::proof(const std::string& caller, std::string_view question) const {
  constexpr std::string_view log_is = "?log=";
  const std::size_t mark = question.find('?');
  const auto index = number_of(question.substr(0, mark));
  std::string_view origin = ledger_.origin();
  if (mark != std::string_view::npos) {
    if (!question.substr(mark).starts_with(log_is)) return unknown();
    origin = question.substr(mark + log_is.size());
  }
  const auto closed = std::ranges::find(
      ledger_.closed(), origin, [](const ClosedLog& log) -> const std::string& { return log.ends.key->name(); });
  const bool open = origin == ledger_.origin();
  if (!open && closed == ledger_.closed().end()) return unknown();
  const std::string note = open ? ledger_.checkpoint() : closed->ends.checkpoint;
  const auto checkpoint = parse_checkpoint(body_of(note));
  if (!index || !checkpoint || *index >= checkpoint->size) return unknown();
  bool theirs = false;
  read_log_from(open ? ledger_.log_folder() : closed->ends.folder.path, *index,
                [&](std::int64_t, std::string_view record) {
                  for (const char* party : {"src", "dst", "deleg"})
                    theirs = theirs || member_of(record, party) == caller;
                  return false;
                });
  if (!theirs) return unknown();
  Proof hashes = open ? ledger_.inclusion(checkpoint->size, *index) : ledger_.inclusion_in(*closed, *index);
  return plain(200, RecordProof{*index, std::move(hashes), note}.text());
}

// `from=…&to=…`: hashes, one a line.
Answer AuditDesk::consistency(std::string_view query) const {
  const auto between = query.find("&to=");
  if (!query.starts_with("from=") || between == std::string_view::npos) return unknown();
  const auto from = number_of(query.substr(5, between - 5)), to = number_of(query.substr(between + 4));
  if (!from || !to || *from > *to || *to > ledger_.log_size()) return unknown();
  std::string lines;
  for (const Hash& hash : ledger_.consistency(*to, *from)) lines += text_of(hash) + "\n";
  return plain(200, std::move(lines));
}

}  // namespace koppelpoort
