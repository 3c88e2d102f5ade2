// This gate as a witness of other logs (C2SP tlog-witness): it signs that a log only grew since it last saw it, and
// never signs for two branches. What it signed is on disk before anybody hears of it.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/ledger/note.hpp"
#include "gateway/ledger/tree.hpp"

namespace koppelpoort {

class Witness {
 public:
  using Clock = std::function<std::int64_t()>;  // seconds since 1970
  struct Answer {
    int status = 200;
    std::string body;
    std::string type = "text/plain; charset=utf-8";
  };

  // `folder` keeps the newest checkpoint of each log; made when it is not there. Throws LogError when one of those was
  // changed.
  Witness(std::string folder, NoteSigner signer, std::vector<NoteVerifier> logs, Clock clock);

  // `old <size>`, proof lines, an empty line, the log's note. 200 with our line; 400, 403, 404, 409, 422 as the
  // standard has them. Safe for several threads.
  Answer add_checkpoint(std::string_view request);

  // The newest checkpoint signed for the log whose origin has this SHA-256 (hexadecimal).
  std::optional<std::string> newest(std::string_view origin_digest) const;

  struct Seen {
    Checkpoint checkpoint;
    std::string note;  // with our signature
  };
  std::vector<Seen> seen() const;
  const NoteVerifier& verifier() const { return signer_.verifier(); }

 private:
  std::optional<NoteVerifier> key_of(std::string_view note) const;
  bool is_named(std::string_view origin) const;
  std::string path_of(const std::string& origin) const;
  void keep(const std::string& origin, const std::string& note) const;

  std::string folder_;
  std::set<std::string> other_key_;  // origins
  NoteSigner signer_;
  std::vector<NoteVerifier> logs_;
  Clock clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Seen> seen_;  // by origin
};

// What a log sends to its witness.
std::string checkpoint_request(std::int64_t old_size, const Proof& proof, std::string_view note);

std::string origin_digest(std::string_view origin);  // SHA-256, hexadecimal

}  // namespace koppelpoort
