#include "gateway/keys/key_files.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <mutex>
#include <utility>

#include "gateway/keys/seal.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_bytes = 32;
constexpr std::string_view prefix = "pseudonym-", suffix = ".key";

void make_key(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
  if (file < 0 && fs::exists(path)) return;
  std::array<unsigned char, key_bytes> key{};
  const bool made = file >= 0 && RAND_bytes(key.data(), static_cast<int>(key.size())) == 1 &&
                    ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file) == 0;
  OPENSSL_cleanse(key.data(), key.size());
  if (file >= 0) ::close(file);
  if (!made) throw KeyError(path + ": the key could not be made; is the folder writable?");
}

std::string read_key(const std::string& path) {
  std::string key(key_bytes, '\0');
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  const bool there = file >= 0 && ::fstat(file, &info) == 0;
  const bool guarded = there && (info.st_mode & 077u) == 0;
  const bool whole = guarded && ::read(file, key.data(), key.size()) == static_cast<ssize_t>(key.size());
  if (file >= 0) ::close(file);
  if (!there) throw KeyError(path + ": this key is not there; restore it, or run `koppelpoort init` for a new gate");
  if (!guarded) throw KeyError(path + ": others can read this key; run `chmod 400` on it");
  if (!whole) throw KeyError(path + ": this key is too short; restore it from the backup");
  return key;
}

}  // namespace

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

// The key with its inner and outer padding, hashed once: each message goes on from a copy (RFC 2104).
struct KeyFiles::Hmac {
  using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
  Context inner{EVP_MD_CTX_new(), EVP_MD_CTX_free}, outer{EVP_MD_CTX_new(), EVP_MD_CTX_free};

  explicit Hmac(const std::string& key) {
    constexpr std::size_t block = 64;
    for (const auto& [context, pad] : {std::pair{inner.get(), 0x36}, std::pair{outer.get(), 0x5c}}) {
      std::string padded(block, static_cast<char>(pad));
      for (std::size_t i = 0; i < key.size(); ++i) padded[i] = static_cast<char>(padded[i] ^ key[i]);
      const bool done = context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1 &&
                        EVP_DigestUpdate(context, padded.data(), padded.size()) == 1;
      wipe(padded);
      if (!done) throw KeyError("SHA-256 is not available");
    }
  }
};

void KeyFiles::create(const std::string& folder) {
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
  make_key(folder + "/wrapping.key");
}

KeyFiles::KeyFiles(std::string folder) : folder_(std::move(folder)), wrapping_(read_key(folder_ + "/wrapping.key")) {}

KeyFiles::~KeyFiles() { wipe(wrapping_); }

std::string KeyFiles::path_of(int year) const {
  return folder_ + "/" + std::string(prefix) + std::to_string(year) + std::string(suffix);
}

std::shared_ptr<const KeyFiles::Hmac> KeyFiles::hmac_of(int year) {
  {
    const std::shared_lock guard(mutex_);
    if (const auto known = hmacs_.find(year); known != hmacs_.end()) return known->second;
  }
  std::string key = read_key(path_of(year));
  auto made = std::make_shared<const Hmac>(key);
  wipe(key);
  const std::unique_lock guard(mutex_);
  return hmacs_.try_emplace(year, std::move(made)).first->second;
}

Keys::Mac KeyFiles::pseudonym_mac(int year, std::string_view message) {
  const auto hmac = hmac_of(year);
  thread_local const Hmac::Context scratch(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  Mac middle{}, out{};
  const bool done = EVP_MD_CTX_copy_ex(scratch.get(), hmac->inner.get()) == 1 &&
                    EVP_DigestUpdate(scratch.get(), message.data(), message.size()) == 1 &&
                    EVP_DigestFinal_ex(scratch.get(), middle.data(), nullptr) == 1 &&
                    EVP_MD_CTX_copy_ex(scratch.get(), hmac->outer.get()) == 1 &&
                    EVP_DigestUpdate(scratch.get(), middle.data(), middle.size()) == 1 &&
                    EVP_DigestFinal_ex(scratch.get(), out.data(), nullptr) == 1;
  if (!done) throw KeyError("SHA-256 is not available");
  return out;
}

std::vector<int> KeyFiles::years() {
  std::vector<int> all;
  for (const auto& item : fs::directory_iterator(folder_)) {
    const std::string name = item.path().filename().string();
    int year = 0;
    if (name.starts_with(prefix) && name.ends_with(suffix) &&
        std::from_chars(name.data() + prefix.size(), name.data() + name.size() - suffix.size(), year).ec == std::errc{})
      all.push_back(year);
  }
  return all;
}

void KeyFiles::make_year(int year) { make_key(path_of(year)); }

// Overwritten before it is removed; what the disk itself keeps of it is beyond a program.
void KeyFiles::destroy_year(int year) {
  {
    const std::unique_lock guard(mutex_);
    hmacs_.erase(year);
  }
  const std::string path = path_of(year);
  ::chmod(path.c_str(), 0600);
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const std::string zeros(key_bytes, '\0');
  const bool gone = file >= 0 && ::write(file, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size()) &&
                    ::fsync(file) == 0 && ::unlink(path.c_str()) == 0;
  if (file >= 0) ::close(file);
  if (!gone) throw KeyError(path + ": the key could not be destroyed; remove it by hand");
}

std::string KeyFiles::wrap(std::string_view key) { return seal_bytes(wrapping_, key); }

std::string KeyFiles::unwrap(std::string_view wrapped) {
  auto key = open_bytes(wrapping_, wrapped);
  if (!key) throw KeyError(folder_ + "/wrapping.key: is not the key that wrapped this gate's data keys; restore it");
  return std::move(*key);
}

std::string KeyFiles::warning() const {
  return "the keys lie in files (" + folder_ + "): whoever can read them can recognise persons; keep them in a " +
         "PKCS#11 token with [keys] in the configuration";
}

}  // namespace koppelpoort
