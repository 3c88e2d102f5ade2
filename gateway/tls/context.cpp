#include "gateway/tls/context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <climits>

#include "gateway/ledger/encoding.hpp"
#include "policies/registers/registers.hpp"

namespace koppelpoort {
namespace {

constexpr const char* suites_13 = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
constexpr const char* suites_12 =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
constexpr const char* groups = "X25519:P-256:P-384:X448";
constexpr const char* signatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:"
    "RSA+SHA256:RSA+SHA384:RSA+SHA512";
constexpr int chain_depth_max = 4;
constexpr long certificate_bytes_max = 32768;

int days_until(const ASN1_TIME* time) {
  int days = 0, seconds = 0;
  if (time == nullptr || ASN1_TIME_diff(&days, &seconds, nullptr, time) != 1) return 0;
  return seconds < 0 ? days - 1 : days;
}

int accept_http11(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                  void*) {
  constexpr std::array<unsigned char, 9> known{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, known.data(), known.size(), in, in_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::string openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  std::array<char, 256> text{};
  if (code != 0) ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

TlsContext::TlsContext(TlsSide side, const TlsFiles& files, std::uint64_t generation)
    : side_(side),
      generation_(generation),
      context_(SSL_CTX_new(side == TlsSide::upstream ? TLS_client_method() : TLS_server_method())) {
  if (!context_) throw TlsError("TLS cannot start: " + openssl_error());
  restrict_protocol();
  load_identity(files);
  if (side != TlsSide::browsers) load_trust(files);
}

void TlsContext::restrict_protocol() {
  SSL_CTX* ctx = context_.get();
  const bool set = SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
                   SSL_CTX_set_ciphersuites(ctx, suites_13) == 1 && SSL_CTX_set_cipher_list(ctx, suites_12) == 1 &&
                   SSL_CTX_set1_groups_list(ctx, groups) == 1 && SSL_CTX_set1_sigalgs_list(ctx, signatures) == 1 &&
                   SSL_CTX_set1_client_sigalgs_list(ctx, signatures) == 1 && SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
                   SSL_CTX_set_max_early_data(ctx, 0) == 1 && SSL_CTX_set_recv_max_early_data(ctx, 0) == 1;
  if (!set) throw TlsError("this OpenSSL refuses the TLS settings: " + openssl_error());
  SSL_CTX_set_security_level(ctx, 2);
  SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
  // Idle connections give their buffers back; a write goes out as far as the socket takes it.
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(ctx, 1);  // one read a record instead of two
  if (side_ != TlsSide::browsers) SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_verify_depth(ctx, chain_depth_max);
  SSL_CTX_set_max_cert_list(ctx, certificate_bytes_max);
  if (side_ != TlsSide::upstream) SSL_CTX_set_alpn_select_cb(ctx, accept_http11, nullptr);
}

void TlsContext::load_identity(const TlsFiles& files) {
  SSL_CTX* ctx = context_.get();
  if (SSL_CTX_use_certificate_chain_file(ctx, files.certificate.c_str()) != 1)
    throw TlsError(files.certificate + ": no readable PEM certificate (" + openssl_error() + ")");
  if (SSL_CTX_use_PrivateKey_file(ctx, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    throw TlsError(files.key + ": no readable PEM key (" + openssl_error() + ")");
  if (SSL_CTX_check_private_key(ctx) != 1)
    throw TlsError(files.key + ": the key does not belong to " + files.certificate);
  X509* own = SSL_CTX_get0_certificate(ctx);
  days_.certificate = days_until(X509_get0_notAfter(own));
  if (days_.certificate < 0) throw TlsError(files.certificate + ": the certificate has expired; renew it");
}

void TlsContext::load_trust(const TlsFiles& files) {
  SSL_CTX* ctx = context_.get();
  if (SSL_CTX_load_verify_file(ctx, files.authorities.c_str()) != 1)
    throw TlsError(files.authorities + ": no readable authorities (" + openssl_error() + ")");
  if (side_ == TlsSide::listener) SSL_CTX_set_client_CA_list(ctx, SSL_load_client_CA_file(files.authorities.c_str()));
  X509_STORE* store = SSL_CTX_get_cert_store(ctx);
  const BioPointer file(BIO_new_file(files.revocations.c_str(), "r"));
  days_.revocations = INT_MAX;
  int count = 0;
  while (file) {
    const CrlPointer crl(PEM_read_bio_X509_CRL(file.get(), nullptr, nullptr, nullptr));
    if (!crl) break;
    if (X509_STORE_add_crl(store, crl.get()) != 1) throw TlsError(files.revocations + ": " + openssl_error());
    days_.revocations = std::min(days_.revocations, days_until(X509_CRL_get0_nextUpdate(crl.get())));
    ++count;
  }
  ERR_clear_error();
  if (count == 0) throw TlsError(files.revocations + ": no readable CRL; without one no certificate can be accepted");
  if (days_.revocations < 0) throw TlsError(files.revocations + ": a CRL is past its date; fetch the newest one");
  X509_VERIFY_PARAM* rules = X509_STORE_get0_param(store);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_X509_STRICT);
  X509_VERIFY_PARAM_set_purpose(rules, side_ == TlsSide::listener ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER);
}

bool TlsContext::still_trusts(X509* leaf, STACK_OF(X509) * chain) const {
  const std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>> check(X509_STORE_CTX_new());
  if (!check || X509_STORE_CTX_init(check.get(), SSL_CTX_get_cert_store(context_.get()), leaf, chain) != 1)
    return false;
  const bool trusted = X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  return trusted;
}

std::string oin_of(X509* certificate) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int first = X509_NAME_get_index_by_NID(subject, NID_serialNumber, -1);
  if (first < 0 || X509_NAME_get_index_by_NID(subject, NID_serialNumber, first) >= 0) return {};
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, first));
  const std::string oin(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                        static_cast<std::size_t>(ASN1_STRING_length(value)));
  return is_oin(oin) ? oin : std::string();
}

std::string key_print_of(X509* certificate) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> print{};
  unsigned size = 0;
  unsigned char* bytes = nullptr;
  const int length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &bytes);
  if (length <= 0) return {};
  EVP_Digest(bytes, static_cast<std::size_t>(length), print.data(), &size, EVP_sha256(), nullptr);
  OPENSSL_free(bytes);
  return hex({reinterpret_cast<const char*>(print.data()), size});
}

}  // namespace koppelpoort
