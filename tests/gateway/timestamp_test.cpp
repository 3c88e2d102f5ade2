#include "gateway/audit/timestamp.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/audit/evidence.hpp"
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

// Serves the authority over HTTP until destroyed.
class StampServer {
 public:
  explicit StampServer(const Authority& authority) : authority_(authority) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_, 4) == 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~StampServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
  }
  StampServer(const StampServer&) = delete;
  StampServer& operator=(const StampServer&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/tsa"; }

 private:
  void run() {
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      const int socket = ::accept(listener_, nullptr, nullptr);
      std::string text;
      std::array<char, 4096> block{};
      std::size_t end = std::string::npos, length = 0;
      while (end == std::string::npos || text.size() < end + 4 + length) {
        const ssize_t size = ::read(socket, block.data(), block.size());
        if (size <= 0) break;
        text.append(block.data(), static_cast<std::size_t>(size));
        end = text.find("\r\n\r\n");
        if (const auto at = text.find("Content-Length: "); at != std::string::npos)
          length = std::strtoul(text.c_str() + at + 16, nullptr, 10);
      }
      const std::string reply = authority_.stamp(text.substr(end + 4));
      const std::string answer = "HTTP/1.0 200 OK\r\nContent-Type: application/timestamp-reply\r\nContent-Length: " +
                                 std::to_string(reply.size()) + "\r\n\r\n" + reply;
      CHECK(::write(socket, answer.data(), answer.size()) > 0);
      ::close(socket);
    }
  }

  const Authority& authority_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
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
      const StampServer server(authority);
      settings.timestamp_url = server.url();
      const TimestampClient client(*ledger, folder.path(), settings, state,
                                   [&](const auto& what) { said.push_back(what); });
      for (int i = 0; i < 100 && state.stamped_at == 0; ++i) std::this_thread::sleep_for(50ms);
    }
    CHECK(state.stamped_size == ledger->size());
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
