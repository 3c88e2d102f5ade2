#include "gateway/ledger/note.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <functional>
#include <stdexcept>

#include "gateway/ledger/encoding.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t key_bytes = 32, id_bytes = 4, signature_bytes = 64, time_bytes = 8;
constexpr std::string_view dash = "\u2014 ";

using Key = std::unique_ptr<evp_pkey_st, FreeKey>;

std::string key_id(std::string_view name, std::string_view public_key, NoteKey type) {
  std::string bytes(name);
  bytes += '\n';
  bytes += static_cast<char>(type);
  bytes += public_key;
  const Hash hash = sha256_of(bytes);
  return {reinterpret_cast<const char*>(hash.data()), id_bytes};
}

// No space, no plus, no control character: C2SP signed-note.
bool is_key_name(std::string_view name) {
  if (name.empty()) return false;
  for (const char c : name)
    if (static_cast<unsigned char>(c) <= ' ' || c == '+' || c == '\x7f') return false;
  return true;
}

// What a witness signs (C2SP tlog-cosignature).
std::string cosigned_message(std::uint64_t time, std::string_view body) {
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(body);
}

std::uint64_t time_of(std::string_view bytes) {
  std::uint64_t time = 0;
  for (const char c : bytes.substr(0, time_bytes)) time = time << 8u | static_cast<unsigned char>(c);
  return time;
}

// Every signature line, as name and bytes; false when the note is malformed behind its body.
bool each_signature(std::string_view note, const std::function<void(std::string_view, std::string_view)>& visit) {
  const std::string_view body = body_of(note);
  if (body.empty()) return false;
  std::string_view lines = note.substr(body.size() + 1);
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (end == std::string_view::npos) return false;  // a note ends in a newline
    std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    if (!line.starts_with(dash)) return false;
    line.remove_prefix(dash.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return false;
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() < id_bytes) return false;
    visit(line.substr(0, space), *bytes);
  }
  return true;
}

std::string public_bytes(const Key& key) {
  std::string bytes(key_bytes, '\0');
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size) != 1 ||
      size != key_bytes)
    throw std::runtime_error("the ledger's key is no Ed25519 key; make one with `koppelpoort init`");
  return bytes;
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }
void FreeKey::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

std::string Checkpoint::body() const { return origin + "\n" + std::to_string(size) + "\n" + text_of(root) + "\n"; }

std::optional<Checkpoint> parse_checkpoint(std::string_view body) {
  const std::size_t first = body.find('\n');
  const std::size_t second = first == std::string_view::npos ? first : body.find('\n', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  Checkpoint checkpoint;
  checkpoint.origin = body.substr(0, first);
  const std::string_view number = body.substr(first + 1, second - first - 1);
  std::from_chars(number.data(), number.data() + number.size(), checkpoint.size);
  std::string_view root = body.substr(second + 1);
  if (root.size() != hash_text_size + 1) return std::nullopt;
  root.remove_suffix(1);
  const auto bytes = from_base64(root);
  if (!bytes || bytes->size() != checkpoint.root.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), checkpoint.root.begin());
  if (checkpoint.origin.empty() || checkpoint.size < 0 || checkpoint.body() != body) return std::nullopt;
  return checkpoint;
}

NoteVerifier::NoteVerifier(std::string name, std::string_view public_key, NoteKey type)
    : type_(type),
      name_(std::move(name)),
      public_key_(public_key),
      id_(key_id(name_, public_key, type)),
      key_(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                       reinterpret_cast<const unsigned char*>(public_key_.data()), public_key_.size()),
           FreeKey{}) {}

std::optional<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
  // base64 may hold a plus, so the separators are the first two.
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos || !is_key_name(vkey.substr(0, first))) return std::nullopt;
  const auto key = from_base64(vkey.substr(second + 1));
  if (!key || key->size() != key_bytes + 1) return std::nullopt;
  const auto type = static_cast<NoteKey>(key->front());
  if (type != NoteKey::log && type != NoteKey::witness) return std::nullopt;
  NoteVerifier verifier(std::string(vkey.substr(0, first)), std::string_view(*key).substr(1), type);
  if (verifier.key_ == nullptr || verifier.text() != vkey) return std::nullopt;
  return verifier;
}

std::string NoteVerifier::text() const {
  return name_ + "+" + hex(id_) + "+" + base64(static_cast<char>(type_) + public_key_);
}

bool NoteVerifier::fits(std::string_view signature, std::string_view body) const {
  std::string message;
  if (type_ == NoteKey::witness && signature.size() == time_bytes + signature_bytes) {
    message = cosigned_message(time_of(signature), body);
    signature.remove_prefix(time_bytes);
  } else if (type_ == NoteKey::log) {
    message = body;
  }
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return signature.size() == signature_bytes && !message.empty() && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

bool NoteVerifier::signed_by(std::string_view note) const {
  const std::string_view body = body_of(note);
  bool found = false, wrong = false;
  const bool whole = each_signature(note, [&](std::string_view name, std::string_view bytes) {
    if (name != name_ || !bytes.starts_with(id_)) return;
    (fits(bytes.substr(id_bytes), body) ? found : wrong) = true;
  });
  return whole && found && !wrong;
}

std::optional<std::int64_t> NoteVerifier::cosigned_at(std::string_view note) const {
  if (type_ != NoteKey::witness || !signed_by(note)) return std::nullopt;
  std::int64_t newest = 0;
  each_signature(note, [&](std::string_view name, std::string_view bytes) {
    if (name == name_ && bytes.starts_with(id_))
      newest = std::max(newest, static_cast<std::int64_t>(time_of(bytes.substr(id_bytes))));
  });
  return newest;
}

NoteSigner::NoteSigner(std::string name, std::unique_ptr<evp_pkey_st, FreeKey> key, NoteKey type)
    : key_(std::move(key)) {
  if (!is_key_name(name))
    throw std::runtime_error("`" + name + "` cannot name a log: no spaces, no plus sign; change [node] name");
  verifier_ = std::make_unique<NoteVerifier>(std::move(name), public_bytes(key_), type);
  ready_.reset(EVP_MD_CTX_new());
  if (ready_ == nullptr || EVP_DigestSignInit(ready_.get(), nullptr, nullptr, nullptr, key_.get()) != 1)
    throw std::runtime_error("the ledger's key cannot sign");
}

NoteSigner::NoteSigner(std::string name, const std::string& key_file, NoteKey type)
    : NoteSigner(
          std::move(name),
          [&] {
            const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(key_file.c_str(), "r"), std::fclose);
            if (file == nullptr)
              throw std::runtime_error(key_file +
                                       ": the key that signs the ledger cannot be read; `koppelpoort init` makes one");
            Key key(PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr));
            if (key == nullptr) throw std::runtime_error(key_file + ": holds no key in PEM form");
            return key;
          }(),
          type) {}

NoteSigner NoteSigner::of_seed(std::string name, std::string_view seed, NoteKey type) {
  return {std::move(name),
          Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                           reinterpret_cast<const unsigned char*>(seed.data()), seed.size())),
          type};
}

void NoteSigner::create_key(const std::string& key_file) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const int handle = ::open(key_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  std::FILE* file = handle < 0 ? nullptr : ::fdopen(handle, "w");
  const bool written = key != nullptr && file != nullptr &&
                       PEM_write_PKCS8PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
                       std::fflush(file) == 0 && ::fsync(handle) == 0;
  if (file != nullptr) std::fclose(file);
  if (!written)
    throw std::runtime_error(key_file + ": the key that signs the ledger could not be made; is it there already?");
}

std::string NoteSigner::signature_of(std::string_view message) const {
  std::string signature(signature_bytes, '\0');
  std::size_t size = signature.size();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (context == nullptr || EVP_MD_CTX_copy_ex(context.get(), ready_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(message.data()), message.size()) != 1 ||
      size != signature.size())
    throw std::runtime_error("the ledger's key could not sign");
  return signature;
}

std::string NoteSigner::sign(std::string_view body) const {
  const std::string bytes = verifier_->id() + signature_of(body);
  return std::string(body) + "\n" + std::string(dash) + verifier_->name() + " " + base64(bytes) + "\n";
}

std::string NoteSigner::cosign(std::string_view body, std::int64_t time) const {
  std::string bytes = verifier_->id();
  const auto seconds = static_cast<std::uint64_t>(time);
  for (unsigned shift = 64; shift > 0;) bytes += static_cast<char>((seconds >> (shift -= 8)) & 255u);
  bytes += signature_of(cosigned_message(seconds, body));
  return std::string(dash) + verifier_->name() + " " + base64(bytes) + "\n";
}

std::string_view body_of(std::string_view note) {
  const std::size_t end = note.find("\n\n");
  return end == std::string_view::npos ? std::string_view() : note.substr(0, end + 1);
}

std::optional<Checkpoint> open_checkpoint(std::string_view note, const NoteVerifier& verifier) {
  if (!verifier.signed_by(note)) return std::nullopt;
  auto checkpoint = parse_checkpoint(body_of(note));
  // The logs of one node share a key, and the name beside a signature is not signed: the origin is.
  if (checkpoint && checkpoint->origin != verifier.name()) return std::nullopt;
  return checkpoint;
}

}  // namespace koppelpoort
