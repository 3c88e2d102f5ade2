#include "gateway/audit/timestamp.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/audit/evidence.hpp"
#include "tests/support/receiver.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// An authority made of the `openssl` command, which shares no code with ours.
struct Authority {
  test::Folder folder;
  explicit Authority(const std::string& days = "-days 30") {
    folder.file("ts.cnf",
                "[tsa]\ndefault_tsa = t\n[t]\nserial = " + file("serial") +
                    "\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\n"
                    "ordering = no\ntsa_name = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n");
    folder.file("serial", "01\n");
    run("req -x509 -newkey rsa:3072 -nodes -keyout " + file("key.pem") + " -out " + root() + " -subj /CN=tsa " + days +
        " -addext extendedKeyUsage=critical,timeStamping");
  }
  std::string file(const std::string& name) const { return folder.path() + "/" + name; }
  std::string root() const { return file("root.pem"); }
  static void run(const std::string& words, const std::string& before = {}) {
    const std::string command = before + "openssl " + words + " >/dev/null 2>&1";
    REQUIRE(std::system(command.c_str()) == 0);
  }
  std::string stamp(const std::string& query) const {
    folder.file("query", query);
    run("ts -reply -config " + file("ts.cnf") + " -queryfile " + file("query") + " -inkey " + file("key.pem") +
        " -signer " + root() + " -out " + file("reply"));
    return bytes_of(file("reply"));
  }
};

}  // namespace

TEST_CASE("a timestamp holds for its text, its question and its authority, and for no other (T8)") {
  const Authority authority, other;
  const std::int64_t now = Ledger::system_micros() / 1'000'000;
  const std::string body = "gw/audit/2026\n5\nroot\n";
  const std::string der = authority.stamp(timestamp_query(body, 42));
  const Stamp stamp = check_stamp(der, body, authority.root(), now, 42);
  CHECK(stamp.fault == "");
  CHECK(std::abs(stamp.time - Ledger::system_micros() / 1'000'000) <= 5);
  CHECK(check_stamp(der, body, authority.root()).fault == "");
  CHECK(check_stamp(der, "another text", authority.root(), now, 42).fault != "");
  CHECK(check_stamp(der, body, authority.root(), now, 43).fault != "");
  CHECK(check_stamp(der, body, other.root(), now, 42).fault != "");
  CHECK(check_stamp(der, body, "/nothing", now, 42).fault != "");
  CHECK(check_stamp(der + "x", body, authority.root()).fault != "");
  // One bit of any byte, but for a few that say nothing (an unused field, a text beside the status).
  std::size_t accepted = 0;
  for (std::size_t at = 0; at < der.size(); ++at) {
    std::string changed = der;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    accepted += check_stamp(changed, body, authority.root(), {}, 42).fault.empty() ? 1u : 0u;
  }
  CHECK(accepted <= der.size() / 50);
}

TEST_CASE("a stamp whose authority's certificate has ended is refused when it comes, and holds for its own time") {
  const Authority authority;
  const std::string body = "text", der = authority.stamp(timestamp_query(body, 1));
  const std::int64_t later = Ledger::system_micros() / 1'000'000 + 60 * 86'400;
  CHECK(check_stamp(der, body, authority.root(), later, 1).fault != "");
  CHECK(check_stamp(der, body, authority.root(), {}, 1).fault == "");
}

TEST_CASE("a ledger's newest checkpoint is stamped over HTTP, and verification finds every change beside it") {
  const Authority authority;
  const test::Folder folder;
  TimestampClient::State state;
  std::vector<std::string> said;
  {
    const auto ledger = test::open_ledger(folder.path());
    AuditSettings settings;
    settings.timestamp_authorities = authority.root();
    {
      const test::Receiver server([&](const test::Received& received) {
        return test::Reply{200, "application/timestamp-reply", authority.stamp(received.body)};
      });
      settings.timestamp_url = server.url("/tsa");
      const TimestampClient client(*ledger, folder.path(), settings, state,
                                   [&](const auto& what) { said.push_back(what); });
      for (int i = 0; i < 100 && state.stamped_at == 0; ++i) std::this_thread::sleep_for(50ms);
    }
    CHECK(state.stamped_size == ledger->log_size());
    CHECK(said.empty());
    // Nobody there: an error to look at, and the ledger goes on.
    state.stamped_size = 0;
    const TimestampClient client(*ledger, folder.path(), settings, state,
                                 [&](const auto& what) { said.push_back(what); });
    for (int i = 0; i < 500 && state.failures == 0; ++i) std::this_thread::sleep_for(20ms);
    CHECK(state.failures == 1);
    CHECK_FALSE(ledger->sealed());
  }
  const NoteVerifier key = ledger_vkey(folder.path()).value();
  const LedgerEvidence evidence = read_evidence(folder.path(), key, nullptr, authority.root());
  CHECK(evidence.fault == "");
  REQUIRE(evidence.stamps.size() == 1);
  CHECK(verify_ledger(folder.path(), key, evidence.held).fault == "");
  const std::string tsr = evidence.stamps[0].file, whole = bytes_of(tsr);
  std::string changed = whole;
  changed[whole.size() / 2] = static_cast<char>(changed[whole.size() / 2] ^ 1);
  std::ofstream(tsr, std::ios::binary | std::ios::trunc) << changed;
  CHECK(read_evidence(folder.path(), key, nullptr, authority.root()).fault.find(tsr) == 0);
  const std::string note = fs::path(tsr).replace_extension(".note").string();
  std::ofstream(tsr, std::ios::binary | std::ios::trunc) << whole;
  std::ofstream(note, std::ios::binary | std::ios::app) << "x";
  CHECK(read_evidence(folder.path(), key, nullptr, authority.root()).fault.find("note is not signed") !=
        std::string::npos);
}
