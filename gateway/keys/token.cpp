#include "gateway/keys/token.hpp"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <sys/stat.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>

#include "gateway/keys/seal.hpp"

namespace koppelpoort {
namespace {

constexpr std::string_view wrapping_label = "koppelpoort-wrapping", pseudonym_prefix = "koppelpoort-pseudonym-";
constexpr CK_ULONG key_bytes = 32, nonce_bytes = 12, tag_bytes = 16;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void must(CK_RV result, const char* what) {
  if (result == CKR_OK) return;
  throw KeyError("the token refused: " + std::string(what) + " (PKCS#11 error " + std::to_string(result) +
                 "); is it connected, and is the PIN right?");
}

std::string pin_of(const std::string& path) {
  struct stat info {};
  std::ifstream in(path);
  std::string pin;
  if (::stat(path.c_str(), &info) != 0 || !std::getline(in, pin))
    throw KeyError(path + ": holds no PIN; write the token's user PIN in it");
  if ((info.st_mode & 077u) != 0) throw KeyError(path + ": others can read the PIN; run `chmod 400` on it");
  return pin;
}

std::string label_of(int year) { return std::string(pseudonym_prefix) + std::to_string(year); }

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, std::string& text) { return {type, text.data(), text.size()}; }

template <class Value>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, Value& value) {
  return {type, &value, sizeof value};
}

}  // namespace

// One session, logged in; the module is loaded once and stays.
struct Token::Session {
  CK_FUNCTION_LIST_PTR module = nullptr;
  CK_SESSION_HANDLE handle = 0;
  CK_OBJECT_HANDLE wrapping = 0;

  explicit Session(const TokenSettings& settings) {
    load(settings.module);
    const CK_SLOT_ID slot = slot_of(settings.label);
    must(module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &handle), "a session");
    std::string pin = pin_of(settings.pin_file);
    const CK_RV in = module->C_Login(handle, CKU_USER, bytes_of(pin), pin.size());
    wipe(pin);
    if (in != CKR_USER_ALREADY_LOGGED_IN) must(in, "the PIN");
  }
  ~Session() { module->C_CloseSession(handle); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void load(const std::string& path) {
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw KeyError(path + ": this PKCS#11 module cannot be loaded");
    void* symbol = ::dlsym(library, "C_GetFunctionList");
    CK_C_GetFunctionList list = nullptr;
    std::memcpy(&list, &symbol, sizeof list);
    if (list == nullptr) throw KeyError(path + ": this is no PKCS#11 module");
    must(list(&module), "its functions");
    CK_C_INITIALIZE_ARGS threads{};
    threads.flags = CKF_OS_LOCKING_OK;
    const CK_RV begun = module->C_Initialize(&threads);
    if (begun != CKR_CRYPTOKI_ALREADY_INITIALIZED) must(begun, "to begin");
  }

  CK_SLOT_ID slot_of(const std::string& label) const {
    CK_ULONG count = 0;
    must(module->C_GetSlotList(CK_TRUE, nullptr, &count), "its slots");
    std::vector<CK_SLOT_ID> slots(count);
    must(module->C_GetSlotList(CK_TRUE, slots.data(), &count), "its slots");
    for (const CK_SLOT_ID slot : slots) {
      CK_TOKEN_INFO info{};
      if (module->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
      std::string name(reinterpret_cast<const char*>(info.label), sizeof info.label);
      name.erase(name.find_last_not_of(' ') + 1);
      if (name == label) return slot;
    }
    throw KeyError("there is no token with the label `" + label + "`; initialise it, or correct [keys] token");
  }

  std::vector<CK_OBJECT_HANDLE> find(const std::string* label) const {
    CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
    std::string name = label == nullptr ? std::string() : *label;
    CK_ATTRIBUTE wanted[] = {attribute(CKA_CLASS, kind), attribute(CKA_LABEL, name)};
    must(module->C_FindObjectsInit(handle, static_cast<CK_ATTRIBUTE*>(wanted), label == nullptr ? 1 : 2), "a search");
    std::vector<CK_OBJECT_HANDLE> found;
    CK_OBJECT_HANDLE each = 0;
    for (CK_ULONG count = 0; module->C_FindObjects(handle, &each, 1, &count) == CKR_OK && count == 1;)
      found.push_back(each);
    must(module->C_FindObjectsFinal(handle), "a search");
    return found;
  }

  std::optional<CK_OBJECT_HANDLE> key(const std::string& label) const {
    const auto found = find(&label);
    return found.empty() ? std::nullopt : std::optional(found.front());
  }

  std::string label_of_object(CK_OBJECT_HANDLE object) const {
    std::string label(64, '\0');
    CK_ATTRIBUTE wanted = attribute(CKA_LABEL, label);
    if (module->C_GetAttributeValue(handle, object, &wanted, 1) != CKR_OK) return {};
    label.resize(wanted.ulValueLen);
    return label;
  }

  void make(std::string label, CK_MECHANISM_TYPE how, CK_KEY_TYPE type, CK_ATTRIBUTE_TYPE use_a,
            CK_ATTRIBUTE_TYPE use_b) const {
    CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ULONG length = key_bytes;
    CK_ATTRIBUTE shape[] = {attribute(CKA_CLASS, kind),     attribute(CKA_KEY_TYPE, type),
                            attribute(CKA_LABEL, label),    attribute(CKA_TOKEN, yes),
                            attribute(CKA_PRIVATE, yes),    attribute(CKA_SENSITIVE, yes),
                            attribute(CKA_EXTRACTABLE, no), attribute(CKA_VALUE_LEN, length),
                            attribute(use_a, yes),          attribute(use_b, yes)};
    CK_MECHANISM mechanism{how, nullptr, 0};
    CK_OBJECT_HANDLE made = 0;
    must(module->C_GenerateKey(handle, &mechanism, static_cast<CK_ATTRIBUTE*>(shape), std::size(shape), &made),
         "a new key");
  }
};

void Token::create(const TokenSettings& settings) {
  const Session session(settings);
  if (session.key(std::string(wrapping_label))) return;
  session.make(std::string(wrapping_label), CKM_AES_KEY_GEN, CKK_AES, CKA_ENCRYPT, CKA_DECRYPT);
}

Token::Token(const TokenSettings& settings) : session_(std::make_unique<Session>(settings)) {
  const auto wrapping = session_->key(std::string(wrapping_label));
  if (!wrapping)
    throw KeyError("the token `" + settings.label + "` holds no wrapping key; `koppelpoort keys init` makes one");
  session_->wrapping = *wrapping;
}

Token::~Token() = default;

Keys::Mac Token::pseudonym_mac(int year, std::string_view message) {
  const std::lock_guard guard(mutex_);
  auto known = handles_.find(year);
  if (known == handles_.end()) {
    const auto found = session_->key(label_of(year));
    if (!found) throw KeyError("the token holds no pseudonym key of " + std::to_string(year));
    known = handles_.emplace(year, *found).first;
  }
  CK_MECHANISM hmac{CKM_SHA256_HMAC, nullptr, 0};
  std::string copy(message);
  Mac mac{};
  CK_ULONG size = mac.size();
  const CK_RV begun = session_->module->C_SignInit(session_->handle, &hmac, known->second);
  const CK_RV done = begun == CKR_OK
                         ? session_->module->C_Sign(session_->handle, bytes_of(copy), copy.size(), mac.data(), &size)
                         : begun;
  wipe(copy);
  must(done, "a pseudonym");
  return mac;
}

std::vector<int> Token::years() {
  const std::lock_guard guard(mutex_);
  std::vector<int> all;
  for (const CK_OBJECT_HANDLE each : session_->find(nullptr)) {
    const std::string label = session_->label_of_object(each);
    int year = 0;
    if (label.starts_with(pseudonym_prefix) &&
        std::from_chars(label.data() + pseudonym_prefix.size(), label.data() + label.size(), year).ec == std::errc{})
      all.push_back(year);
  }
  return all;
}

void Token::make_year(int year) {
  const std::lock_guard guard(mutex_);
  if (session_->key(label_of(year))) return;
  session_->make(label_of(year), CKM_GENERIC_SECRET_KEY_GEN, CKK_GENERIC_SECRET, CKA_SIGN, CKA_VERIFY);
}

void Token::destroy_year(int year) {
  const std::lock_guard guard(mutex_);
  handles_.erase(year);
  for (const std::string label = label_of(year); const CK_OBJECT_HANDLE each : session_->find(&label))
    must(session_->module->C_DestroyObject(session_->handle, each), "to destroy a key");
}

std::string Token::wrap(std::string_view key) {
  const std::lock_guard guard(mutex_);
  std::string out = random_bytes(nonce_bytes), text(key);
  CK_GCM_PARAMS gcm{bytes_of(out), nonce_bytes, nonce_bytes * 8, nullptr, 0, tag_bytes * 8};
  CK_MECHANISM mechanism{CKM_AES_GCM, &gcm, sizeof gcm};
  must(session_->module->C_EncryptInit(session_->handle, &mechanism, session_->wrapping), "to wrap a key");
  std::string sealed(text.size() + tag_bytes, '\0');
  CK_ULONG size = sealed.size();
  const CK_RV done =
      session_->module->C_Encrypt(session_->handle, bytes_of(text), text.size(), bytes_of(sealed), &size);
  wipe(text);
  must(done, "to wrap a key");
  sealed.resize(size);
  return out + sealed;
}

std::string Token::unwrap(std::string_view wrapped) {
  if (wrapped.size() < nonce_bytes + tag_bytes) throw KeyError("a wrapped key is too short; restore the file of keys");
  const std::lock_guard guard(mutex_);
  std::string nonce(wrapped.substr(0, nonce_bytes)), sealed(wrapped.substr(nonce_bytes));
  CK_GCM_PARAMS gcm{bytes_of(nonce), nonce_bytes, nonce_bytes * 8, nullptr, 0, tag_bytes * 8};
  CK_MECHANISM mechanism{CKM_AES_GCM, &gcm, sizeof gcm};
  must(session_->module->C_DecryptInit(session_->handle, &mechanism, session_->wrapping), "to unwrap a key");
  std::string text(sealed.size(), '\0');
  CK_ULONG size = text.size();
  must(session_->module->C_Decrypt(session_->handle, bytes_of(sealed), sealed.size(), bytes_of(text), &size),
       "to unwrap a key");
  text.resize(size);
  return text;
}

}  // namespace koppelpoort
