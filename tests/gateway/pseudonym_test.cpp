#include "gateway/exchange/pseudonym.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/keys/key_files.hpp"
#include "gateway/ledger/encoding.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

TEST_CASE("a pseudonym is HMAC-SHA-256 over controller and number, sixteen bytes of it, with the key of the year") {
  const test::Folder folder;
  const std::string key = "0123456789abcdef0123456789abcdef";
  KeyFiles::create(folder.path());
  std::filesystem::permissions(folder.file("pseudonym-2026.key", key), std::filesystem::perms::owner_read);
  std::string input("kp/subj/v1\0", 11);
  input += test::caller_oin;
  input.push_back('\0');
  input += test::person;
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(input.data()),
       input.size(), mac.data(), nullptr);
  KeyFiles keys(folder.path());
  const std::string name = pseudonym_of(keys, 2026, test::caller_oin, test::person);
  CHECK(name == hex({reinterpret_cast<const char*>(mac.data()), 16}));
  CHECK(pseudonym_of(keys, 2026, test::other_oin, test::person) != name);
  CHECK_THROWS_AS(pseudonym_of(keys, 2027, test::caller_oin, test::person), KeyError);
  keys.make_year(2027);
  CHECK(pseudonym_of(keys, 2027, test::caller_oin, test::person) != name);
}
