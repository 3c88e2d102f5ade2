#include "gateway/exchange/pseudonym.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "gateway/ledger/record.hpp"

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

PseudonymKey::PseudonymKey(const std::string& path) : key_(key_bytes, '\0') {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  const bool there = file >= 0 && ::fstat(file, &info) == 0;
  const bool guarded = there && (info.st_mode & 077u) == 0;
  const bool whole = guarded && ::read(file, key_.data(), key_.size()) == static_cast<ssize_t>(key_.size());
  if (file >= 0) ::close(file);
  if (!there) throw std::runtime_error(path + ": there is no pseudonym key; run `koppelpoort init`");
  if (!guarded) throw std::runtime_error(path + ": others can read the pseudonym key; run `chmod 400` on it");
  if (!whole) throw std::runtime_error(path + ": the pseudonym key is too short; restore it from the backup");
}

PseudonymKey::~PseudonymKey() { wipe(key_); }

std::string PseudonymKey::of(std::string_view controller, std::string_view person_number) const {
  std::string input(label);
  input += controller;
  input += '\0';
  input += person_number;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(input.data()),
       input.size(), out.data(), &size);
  wipe(input);
  return hex({reinterpret_cast<const char*>(out.data()), kept_bytes});
}

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace koppelpoort
