// OpenSSL objects behind RAII, and its errors as text without secrets.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace koppelpoort {

template <auto function>
struct FreeWith {
  template <typename Type>
  void operator()(Type* pointer) const {
    function(pointer);
  }
};

using SslPointer = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using SslContextPointer = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using CertificatePointer = std::unique_ptr<X509, FreeWith<X509_free>>;
using CrlPointer = std::unique_ptr<X509_CRL, FreeWith<X509_CRL_free>>;
using BioPointer = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;

std::string openssl_error();  // the newest error of this thread; empties the queue

}  // namespace koppelpoort
