#include "gateway/exchange/pseudonym.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "gateway/ledger/encoding.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t kept_bytes = 16;
constexpr std::string_view label{"kp/subj/v1\0", 11};

}  // namespace

void PseudonymKey::create(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
  if (file < 0) return;
  std::array<unsigned char, key_bytes> key{};
  const bool made = RAND_bytes(key.data(), static_cast<int>(key.size())) == 1 &&
                    ::write(file, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(file) == 0;
  OPENSSL_cleanse(key.data(), key.size());
  ::close(file);
  if (!made) throw std::runtime_error(path + ": the pseudonym key could not be made");
}

struct PseudonymKey::Hashes {
  using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
  Context inner{EVP_MD_CTX_new(), EVP_MD_CTX_free}, outer{EVP_MD_CTX_new(), EVP_MD_CTX_free};

  explicit Hashes(const std::string& key) {
    constexpr std::size_t block = 64;
    for (const auto& [context, pad] : {std::pair{inner.get(), 0x36}, std::pair{outer.get(), 0x5c}}) {
      std::string padded(block, static_cast<char>(pad));
      for (std::size_t i = 0; i < key.size(); ++i) padded[i] = static_cast<char>(padded[i] ^ key[i]);
      const bool done = context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1 &&
                        EVP_DigestUpdate(context, padded.data(), padded.size()) == 1;
      wipe(padded);
      if (!done) throw std::runtime_error("SHA-256 is not available");
    }
  }
};

PseudonymKey::PseudonymKey(const std::string& path) {
  std::string key(key_bytes, '\0');
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  const bool there = file >= 0 && ::fstat(file, &info) == 0;
  const bool guarded = there && (info.st_mode & 077u) == 0;
  const bool whole = guarded && ::read(file, key.data(), key.size()) == static_cast<ssize_t>(key.size());
  if (file >= 0) ::close(file);
  if (!there) throw std::runtime_error(path + ": there is no pseudonym key; run `koppelpoort init`");
  if (!guarded) throw std::runtime_error(path + ": others can read the pseudonym key; run `chmod 400` on it");
  if (!whole) throw std::runtime_error(path + ": the pseudonym key is too short; restore it from the backup");
  hashes_ = std::make_unique<Hashes>(key);
  wipe(key);
}

PseudonymKey::~PseudonymKey() = default;

std::string PseudonymKey::of(std::string_view controller, std::string_view person_number) const {
  thread_local const Hashes::Context scratch(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::array<unsigned char, 32> middle{}, out{};
  const char separator = '\0';
  const bool done = EVP_MD_CTX_copy_ex(scratch.get(), hashes_->inner.get()) == 1 &&
                    EVP_DigestUpdate(scratch.get(), label.data(), label.size()) == 1 &&
                    EVP_DigestUpdate(scratch.get(), controller.data(), controller.size()) == 1 &&
                    EVP_DigestUpdate(scratch.get(), &separator, 1) == 1 &&
                    EVP_DigestUpdate(scratch.get(), person_number.data(), person_number.size()) == 1 &&
                    EVP_DigestFinal_ex(scratch.get(), middle.data(), nullptr) == 1 &&
                    EVP_MD_CTX_copy_ex(scratch.get(), hashes_->outer.get()) == 1 &&
                    EVP_DigestUpdate(scratch.get(), middle.data(), middle.size()) == 1 &&
                    EVP_DigestFinal_ex(scratch.get(), out.data(), nullptr) == 1;
  if (!done) throw std::runtime_error("SHA-256 is not available");
  return hex({reinterpret_cast<const char*>(out.data()), kept_bytes});
}

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace koppelpoort
