// Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint): "the log of this origin has this many records and
// this root", with Ed25519 signatures that foreign verifiers read too.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

// What a key signs: a log its own notes; a witness that it saw this checkpoint grow from the one before, at a time
// (C2SP tlog-cosignature). One key never does both.
enum class NoteKey : char { log = 1, witness = 4 };

// A public key with its name: `name+keyid+base64(type || key)`.
class NoteVerifier {
 public:
  // Nothing when the text is no such key, or its id is not that of its name and key.
  static std::optional<NoteVerifier> parse(std::string_view vkey);
  NoteVerifier(std::string name, std::string_view public_key, NoteKey type = NoteKey::log);

  const std::string& name() const { return name_; }
  const std::string& id() const { return id_; }  // four bytes
  NoteKey type() const { return type_; }
  std::string text() const;
  // The same key under another name.
  NoteVerifier under(std::string name) const { return {std::move(name), public_key_, type_}; }
  // That one of the note's signatures is this key's and fits, and none of this key's does not. Others are ignored.
  bool signed_by(std::string_view note) const;
  // Of a witness: when it signed this note, seconds since 1970; nothing when it did not.
  std::optional<std::int64_t> cosigned_at(std::string_view note) const;

 private:
  bool fits(std::string_view signature, std::string_view body) const;
  NoteKey type_;
  std::string name_, public_key_, id_;
  std::shared_ptr<evp_pkey_st> key_;
};

class NoteSigner {
 public:
  // Reads a PEM file with an Ed25519 key. Throws std::runtime_error with what to do.
  NoteSigner(std::string name, const std::string& key_file, NoteKey type = NoteKey::log);
  static NoteSigner of_seed(std::string name, std::string_view seed, NoteKey type = NoteKey::log);  // 32 bytes
  // Makes the file, readable by its owner alone. Throws when it exists.
  static void create_key(const std::string& key_file);

  std::string sign(std::string_view body) const;  // the whole note
  // A line for behind the note: that this was seen at `time`, seconds since 1970.
  std::string cosign(std::string_view body, std::int64_t time) const;
  const NoteVerifier& verifier() const { return *verifier_; }

 private:
  NoteSigner(std::string name, std::unique_ptr<evp_pkey_st, FreeKey> key, NoteKey type);
  std::string signature_of(std::string_view message) const;
  std::unique_ptr<evp_pkey_st, FreeKey> key_;
  std::unique_ptr<evp_md_ctx_st, FreeKey> ready_;  // prepared once: preparing costs half of a signature
  std::unique_ptr<NoteVerifier> verifier_;
};

// The body of a note: what stands before its first empty line, with the newline. Empty when there is none.
std::string_view body_of(std::string_view note);
// The checkpoint of a note that this key signed; nothing otherwise.
std::optional<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& verifier);

}  // namespace koppelpoort
