// A certificate authority for the demo and the tests: real X.509 with OINs in the subject, and CRLs. Never for real
// use.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace koppelpoort::demo {

struct Identity {
  std::string certificate, key;  // PEM files
};

class Authority {
 public:
  // Writes `<folder>/<name>.pem` (the root) and an empty CRL `<folder>/<name>.crl.pem`.
  Authority(std::string folder, const std::string& name);

  // Writes `<folder>/<name>.pem` and `.key.pem`: one P-256 leaf with this OIN as serialNumber (several when given),
  // for 127.0.0.1 and localhost, for client and server.
  Identity issue(const std::string& name, const std::vector<std::string>& oins, int days = 30);
  void revoke(const Identity& identity);  // writes a new CRL
  void write_revocations(int days = 30);

  std::string certificate_file() const { return folder_ + "/" + name_ + ".pem"; }
  std::string revocations_file() const { return folder_ + "/" + name_ + ".crl.pem"; }

 private:
  template <auto function>
  struct Free {
    template <typename Type>
    void operator()(Type* pointer) const {
      function(pointer);
    }
  };
  std::string folder_, name_;
  std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key_;
  std::unique_ptr<X509, Free<X509_free>> root_;
  long next_serial_ = 2;
  std::vector<long> revoked_;
};

}  // namespace koppelpoort::demo
