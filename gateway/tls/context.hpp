// TLS settings of the gate (audit design d): mutual TLS, 1.2 and 1.3 with AEAD suites only, no tickets and no session
// cache (resumption would skip revocation), CRL checked for the whole chain. Immutable; replaced whole on reload.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "gateway/tls/openssl.hpp"

namespace koppelpoort {

// Which file is wrong and what to do.
struct TlsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct TlsFiles {
  std::string certificate, key;  // PEM; the chain in one file, leaf first
  std::string authorities;       // PEM: the only roots that are trusted, never the system's
  std::string revocations;       // PEM: CRLs of every authority in the chain
};

enum class TlsSide {
  listener,  // of gates, which show a certificate
  upstream,
  browsers  // of people, who do not: `authorities` and `revocations` are not used
};

class TlsContext {
 public:
  // Throws TlsError: a context that exists is complete and its key fits.
  TlsContext(TlsSide side, const TlsFiles& files, std::uint64_t generation);

  SSL_CTX* get() const { return context_.get(); }
  std::uint64_t generation() const { return generation_; }
  // Judges a peer's chain again, after a reload: false when it is revoked or expired by now.
  bool still_trusts(X509* leaf, STACK_OF(X509) * chain) const;

  struct Days {
    int certificate = 0, revocations = 0;  // whole days until the certificate ends, until the first CRL is due
  };
  Days days_left() const { return days_; }

 private:
  void load_identity(const TlsFiles& files);
  void load_trust(const TlsFiles& files);
  void restrict_protocol();

  TlsSide side_;
  std::uint64_t generation_;
  SslContextPointer context_;
  Days days_;
};

// The one OIN in the subject's serialNumber; empty when there is none, more than one, or it is malformed.
std::string oin_of(X509* certificate);
// SHA-256 of the SubjectPublicKeyInfo, hexadecimal.
std::string key_print_of(X509* certificate);

}  // namespace koppelpoort
