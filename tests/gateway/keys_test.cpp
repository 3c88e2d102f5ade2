#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "gateway/keys/key_files.hpp"
#include "gateway/keys/seal.hpp"
#include "gateway/keys/token.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

namespace fs = std::filesystem;

// A token of SoftHSM, of its own for this test; nothing where SoftHSM is not installed.
std::optional<TokenSettings> soft_token(const test::Folder& folder) {
  const std::string module = "/usr/lib/softhsm/libsofthsm2.so";
  if (!fs::exists(module)) return std::nullopt;
  fs::create_directories(folder.path() + "/tokens");
  const std::string conf = folder.file("softhsm2.conf", "directories.tokendir = " + folder.path() + "/tokens\n");
  ::setenv("SOFTHSM2_CONF", conf.c_str(), 1);
  const std::string make =
      "softhsm2-util --init-token --free --label koppelpoort --so-pin 12345678 --pin 87654321 >/dev/null 2>&1";
  if (std::system(make.c_str()) != 0) return std::nullopt;
  const std::string pin = folder.file("pin", "87654321\n");
  fs::permissions(pin, fs::perms::owner_read);
  return TokenSettings{module, "koppelpoort", pin};
}

// What every place of keys must do.
void behaves(Keys& keys) {
  const std::string key = random_bytes(32);
  const std::string wrapped = keys.wrap(key);
  CHECK(wrapped.find(key) == std::string::npos);
  CHECK(keys.unwrap(wrapped) == key);
  for (std::size_t at = 0; at < wrapped.size(); ++at) {
    std::string other = wrapped;
    other[at] = static_cast<char>(other[at] ^ 1);
    CHECK_THROWS_AS(keys.unwrap(other), KeyError);
  }
  CHECK_THROWS_AS(keys.unwrap("short"), KeyError);
  CHECK_THROWS_AS(keys.pseudonym_mac(2026, "x"), KeyError);
  keys.make_year(2026);
  const Keys::Mac mac = keys.pseudonym_mac(2026, "x");
  keys.make_year(2026);
  CHECK(keys.pseudonym_mac(2026, "x") == mac);
  CHECK(keys.pseudonym_mac(2026, "y") != mac);
  keys.make_year(2027);
  CHECK(keys.pseudonym_mac(2027, "x") != mac);
  auto years = keys.years();
  std::ranges::sort(years);
  CHECK(years == std::vector<int>{2026, 2027});
  keys.destroy_year(2026);
  CHECK(keys.years() == std::vector<int>{2027});
  CHECK_THROWS_AS(keys.pseudonym_mac(2026, "x"), KeyError);
}

}  // namespace

TEST_CASE("keys in files wrap, name persons by year, and are gone when destroyed") {
  const test::Folder folder;
  KeyFiles::create(folder.path());
  KeyFiles keys(folder.path());
  CHECK(keys.warning().find("PKCS#11") != std::string::npos);
  behaves(keys);
}

TEST_CASE("a key file that others can read, or that is not there, is no key") {
  const test::Folder folder;
  CHECK_THROWS_WITH(KeyFiles(folder.path()), Catch::Contains("koppelpoort init"));
  KeyFiles::create(folder.path());
  const std::string path = folder.path() + "/wrapping.key";
  ::chmod(path.c_str(), 0644);
  CHECK_THROWS_WITH(KeyFiles(folder.path()), Catch::Contains("others can read"));
  ::chmod(path.c_str(), 0400);
  CHECK_NOTHROW(KeyFiles(folder.path()));
}

TEST_CASE("keys in a PKCS#11 token do the same, and another session finds them") {
  const test::Folder folder;
  const auto settings = soft_token(folder);
  if (!settings) {
    WARN("1 test skipped: SoftHSM is not installed (tools/packages test)");
    return;
  }
  CHECK_THROWS_WITH(Token(*settings), Catch::Contains("no wrapping key"));
  Token::create(*settings);
  Token::create(*settings);  // keeps what is there
  std::string wrapped;
  Keys::Mac mac{};
  {
    Token token(*settings);
    behaves(token);
    mac = token.pseudonym_mac(2027, "x");
    wrapped = token.wrap("a data key");
  }
  Token again(*settings);
  CHECK(again.pseudonym_mac(2027, "x") == mac);
  CHECK(again.unwrap(wrapped) == "a data key");
  TokenSettings other = *settings;
  other.label = "nobody";
  CHECK_THROWS_WITH(Token(other), Catch::Contains("no token with the label `nobody`"));
  ::chmod(settings->pin_file.c_str(), 0644);
  CHECK_THROWS_WITH(Token(*settings), Catch::Contains("others can read"));
}

TEST_CASE("what is sealed opens with its key alone, and never twice looks the same") {
  const std::string key = random_bytes(32), text = "a private text";
  const std::string sealed = seal_bytes(key, text);
  CHECK(sealed.size() == text.size() + seal_overhead);
  CHECK(sealed != seal_bytes(key, text));
  CHECK(open_bytes(key, sealed) == text);
  CHECK_FALSE(open_bytes(random_bytes(32), sealed));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string other = sealed;
    other[at] = static_cast<char>(other[at] ^ 1);
    CHECK_FALSE(open_bytes(key, other));
  }
  CHECK_FALSE(open_bytes(key, sealed.substr(1)));
  CHECK_FALSE(open_bytes(key, ""));
  CHECK(open_bytes(key, seal_bytes(key, "")) == "");
}
