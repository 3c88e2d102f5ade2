#include "gateway/keys/seal.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace koppelpoort {
namespace {

constexpr std::size_t salt_bytes = 16, tag_bytes = 16, nonce_bytes = 12;
static_assert(salt_bytes + tag_bytes == seal_overhead);

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

[[noreturn]] void broken(const char* what) {
  std::fprintf(stderr, "invariant broken: %s\n", what);
  std::abort();
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

// Used once with the key that belongs to this salt, so the nonce need not differ.
EVP_CIPHER_CTX* cipher_for(std::string_view key, std::string_view salt, bool encrypts) {
  static EVP_CIPHER* const aes = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const Cipher context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  constexpr std::array<unsigned char, nonce_bytes> nonce{};
  std::array<unsigned char, EVP_MAX_MD_SIZE> own{};
  std::string both(key);
  both += salt;
  const bool ready = aes != nullptr && sha256 != nullptr && context != nullptr &&
                     EVP_Digest(both.data(), both.size(), own.data(), nullptr, sha256, nullptr) == 1 &&
                     EVP_CipherInit_ex2(context.get(), aes, own.data(), nonce.data(), encrypts ? 1 : 0, nullptr) == 1;
  OPENSSL_cleanse(both.data(), both.size());
  OPENSSL_cleanse(own.data(), own.size());
  if (!ready) broken("AES-256-GCM is not available");
  return context.get();
}

}  // namespace

std::string random_bytes(std::size_t count) {
  thread_local std::array<char, 4096> pool{};
  thread_local std::size_t used = pool.size();
  if (count > pool.size()) broken("too many random bytes at once");
  if (used + count > pool.size()) {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(pool.data()), static_cast<int>(pool.size())) != 1)
      broken("no random bytes");
    used = 0;
  }
  std::string out(pool.data() + used, count);
  OPENSSL_cleanse(pool.data() + used, count);
  used += count;
  return out;
}

std::string seal_bytes(std::string_view key, std::string_view text) {
  std::string sealed = random_bytes(salt_bytes);
  EVP_CIPHER_CTX* const context = cipher_for(key, sealed, true);
  sealed.resize(salt_bytes + text.size() + tag_bytes);
  int size = 0, rest = 0;
  unsigned char* const out = bytes_of(sealed) + salt_bytes;
  if (EVP_CipherUpdate(context, out, &size, bytes_of(text), static_cast<int>(text.size())) != 1 ||
      EVP_CipherFinal_ex(context, out + size, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, tag_bytes, out + text.size()) != 1)
    broken("AES-256-GCM failed");
  return sealed;
}

std::optional<std::string> open_bytes(std::string_view key, std::string_view sealed) {
  if (sealed.size() < seal_overhead) return std::nullopt;
  EVP_CIPHER_CTX* const context = cipher_for(key, sealed.substr(0, salt_bytes), false);
  const std::string_view middle = sealed.substr(salt_bytes, sealed.size() - seal_overhead);
  std::array<unsigned char, tag_bytes> tag{};
  std::memcpy(tag.data(), sealed.data() + sealed.size() - tag_bytes, tag_bytes);
  std::string text(middle.size(), '\0');
  int size = 0, rest = 0;
  const bool fits =
      EVP_CipherUpdate(context, bytes_of(text), &size, bytes_of(middle), static_cast<int>(middle.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data()) == 1 &&
      EVP_CipherFinal_ex(context, bytes_of(text) + size, &rest) == 1;
  if (!fits) return std::nullopt;
  return text;
}

}  // namespace koppelpoort
