#include "gateway/exchange/pseudonym.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>

#include <array>
#include <catch2/catch.hpp>

#include "gateway/ledger/encoding.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

TEST_CASE("a pseudonym is HMAC-SHA-256 over controller and number, sixteen bytes of it") {
  const test::Folder folder;
  const std::string key = "0123456789abcdef0123456789abcdef";
  const std::string path = folder.file("key", key);
  ::chmod(path.c_str(), 0400);
  std::string input("kp/subj/v1\0", 11);
  input += test::caller_oin;
  input.push_back('\0');
  input += test::person;
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(input.data()),
       input.size(), mac.data(), nullptr);
  const PseudonymKey pseudonyms(path);
  CHECK(pseudonyms.of(test::caller_oin, test::person) == hex({reinterpret_cast<const char*>(mac.data()), 16}));
  CHECK(pseudonyms.of(test::other_oin, test::person) != pseudonyms.of(test::caller_oin, test::person));
}

TEST_CASE("a key that others can read, or that is not there, is no key") {
  const test::Folder folder;
  CHECK_THROWS_WITH(PseudonymKey(folder.path() + "/none"), Catch::Contains("koppelpoort init"));
  const std::string path = folder.file("key", std::string(32, 'k'));
  ::chmod(path.c_str(), 0644);
  CHECK_THROWS_WITH(PseudonymKey(path), Catch::Contains("others can read"));
  ::chmod(path.c_str(), 0600);
  CHECK_NOTHROW(PseudonymKey(path));
}
