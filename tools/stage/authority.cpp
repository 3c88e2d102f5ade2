#include "tools/stage/authority.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace koppelpoort::demo {
namespace {

void require(bool done, const std::string& what) {
  if (!done) throw std::runtime_error("the demo's certificates cannot be made: " + what);
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, value);
  X509_EXTENSION_free(extension);
}

void add_name(X509_NAME* name, const char* field, const std::string& value) {
  require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.c_str()),
                                     -1, -1, 0) == 1,
          value);
}

void write_file(const std::string& path, const auto& write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  require(file != nullptr, path);
  const bool done = write(file) == 1;
  std::fclose(file);
  require(done, path);
}

}  // namespace

Authority::Authority(std::string folder, const std::string& name)
    : folder_(std::move(folder)), name_(name), key_(EVP_EC_gen("P-256")), root_(X509_new()) {
  require(key_ && root_, name);
  X509* root = root_.get();
  X509_set_version(root, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(root), 1);
  X509_gmtime_adj(X509_getm_notBefore(root), -3600);
  X509_time_adj_ex(X509_getm_notAfter(root), 365, 0, nullptr);
  add_name(X509_get_subject_name(root), "C", "NL");
  add_name(X509_get_subject_name(root), "CN", name + " (fictief)");
  X509_set_issuer_name(root, X509_get_subject_name(root));
  X509_set_pubkey(root, key_.get());
  add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(root, root, NID_subject_key_identifier, "hash");
  require(X509_sign(root, key_.get(), EVP_sha256()) > 0, name);
  write_file(certificate_file(), [&](std::FILE* file) { return PEM_write_X509(file, root); });
  write_revocations();
}

Identity Authority::issue(const std::string& name, const std::vector<std::string>& oins, int days) {
  const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free<X509_free>> leaf(X509_new());
  require(key && leaf, name);
  X509_set_version(leaf.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(leaf.get()), next_serial_++);
  X509_time_adj_ex(X509_getm_notBefore(leaf.get()), days < 0 ? days - 1 : 0, -3600, nullptr);
  X509_time_adj_ex(X509_getm_notAfter(leaf.get()), days, 0, nullptr);
  X509_NAME* subject = X509_get_subject_name(leaf.get());
  add_name(subject, "C", "NL");
  add_name(subject, "O", name + " (fictief)");
  add_name(subject, "CN", name);
  for (const auto& oin : oins) add_name(subject, "serialNumber", oin);
  X509_set_issuer_name(leaf.get(), X509_get_subject_name(root_.get()));
  X509_set_pubkey(leaf.get(), key.get());
  add_extension(leaf.get(), root_.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(leaf.get(), root_.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(leaf.get(), root_.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  add_extension(leaf.get(), root_.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  add_extension(leaf.get(), root_.get(), NID_subject_key_identifier, "hash");
  add_extension(leaf.get(), root_.get(), NID_authority_key_identifier, "keyid");
  require(X509_sign(leaf.get(), key_.get(), EVP_sha256()) > 0, name);
  Identity identity{folder_ + "/" + name + ".pem", folder_ + "/" + name + ".key.pem"};
  write_file(identity.certificate, [&](std::FILE* file) { return PEM_write_X509(file, leaf.get()); });
  write_file(identity.key, [&](std::FILE* file) {
    return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return identity;
}

void Authority::revoke(const Identity& identity) {
  std::FILE* file = std::fopen(identity.certificate.c_str(), "r");
  require(file != nullptr, identity.certificate);
  const std::unique_ptr<X509, Free<X509_free>> leaf(PEM_read_X509(file, nullptr, nullptr, nullptr));
  std::fclose(file);
  require(leaf != nullptr, identity.certificate);
  revoked_.push_back(ASN1_INTEGER_get(X509_get0_serialNumber(leaf.get())));
  write_revocations();
}

void Authority::write_revocations(int days) {
  const std::unique_ptr<X509_CRL, Free<X509_CRL_free>> crl(X509_CRL_new());
  X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(root_.get()));
  const std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>> now(
      X509_time_adj_ex(nullptr, days < 0 ? days - 1 : 0, -60, nullptr));
  const std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>> next(X509_time_adj_ex(nullptr, days, 0, nullptr));
  X509_CRL_set1_lastUpdate(crl.get(), now.get());
  X509_CRL_set1_nextUpdate(crl.get(), next.get());
  for (const long serial : revoked_) {
    X509_REVOKED* entry = X509_REVOKED_new();
    const std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>> number(ASN1_INTEGER_new());
    ASN1_INTEGER_set(number.get(), serial);
    X509_REVOKED_set_serialNumber(entry, number.get());
    X509_REVOKED_set_revocationDate(entry, now.get());
    require(X509_CRL_add0_revoked(crl.get(), entry) == 1, "CRL");
  }
  X509V3_CTX context;
  X509V3_set_ctx(&context, root_.get(), nullptr, nullptr, crl.get(), 0);
  X509_EXTENSION* key_id = X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid");
  require(key_id != nullptr && X509_CRL_add_ext(crl.get(), key_id, -1) == 1, "CRL");
  X509_EXTENSION_free(key_id);
  const std::unique_ptr<ASN1_INTEGER, Free<ASN1_INTEGER_free>> number(ASN1_INTEGER_new());
  ASN1_INTEGER_set(number.get(), static_cast<long>(revoked_.size()) + 1);
  require(X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, number.get(), 0, 0) == 1, "CRL");
  X509_CRL_sort(crl.get());
  require(X509_CRL_sign(crl.get(), key_.get(), EVP_sha256()) > 0, "CRL");
  write_file(revocations_file(), [&](std::FILE* file) { return PEM_write_X509_CRL(file, crl.get()); });
}

}  // namespace koppelpoort::demo
