// Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint): "the log of this origin has this many records and
// this root", with Ed25519 signatures that foreign verifiers read too.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/ledger/record.hpp"

struct evp_pkey_st;
struct evp_md_ctx_st;

namespace koppelpoort {

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  Hash root{};

  std::string body() const;  // origin, size and root, each on its line
  bool operator==(const Checkpoint&) const = default;
};

// Nothing when it is not exactly the text that `body` makes.
std::optional<Checkpoint> parse_checkpoint(std::string_view body);

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
  void operator()(evp_md_ctx_st* context) const;
};

// A public key with its name: `name+keyid+base64(type || key)`.
class NoteVerifier {
 public:
  // Nothing when the text is no such key, or its id is not that of its name and key.
  static std::optional<NoteVerifier> parse(std::string_view vkey);
  NoteVerifier(std::string name, std::string_view public_key);

  const std::string& name() const { return name_; }
  const std::string& id() const { return id_; }  // four bytes
  std::string text() const;
  // That one of the note's signatures is this key's and fits, and none of this key's does not. Others are ignored.
  bool signed_by(std::string_view note) const;

 private:
  std::string name_, public_key_, id_;
  std::shared_ptr<evp_pkey_st> key_;
};

class NoteSigner {
 public:
  // Reads a PEM file with an Ed25519 key. Throws std::runtime_error with what to do.
  NoteSigner(std::string name, const std::string& key_file);
  static NoteSigner of_seed(std::string name, std::string_view seed);  // 32 bytes
  // Makes the file, readable by its owner alone. Throws when it exists.
  static void create_key(const std::string& key_file);

  std::string sign(std::string_view body) const;  // the whole note
  const NoteVerifier& verifier() const { return *verifier_; }

 private:
  NoteSigner(std::string name, std::unique_ptr<evp_pkey_st, FreeKey> key);
  std::unique_ptr<evp_pkey_st, FreeKey> key_;
  std::unique_ptr<evp_md_ctx_st, FreeKey> ready_;  // prepared once: preparing costs half of a signature
  std::unique_ptr<NoteVerifier> verifier_;
};

// The body of a note: what stands before its first empty line, with the newline. Empty when there is none.
std::string_view body_of(std::string_view note);
// The checkpoint of a note that this key signed; nothing otherwise.
std::optional<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& verifier);

}  // namespace koppelpoort
