#include "gateway/config/config.hpp"

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

const std::string tls = "certificate = \"c.pem\"\nkey = \"k.pem\"\nauthorities = \"a.pem\"\nrevocations = \"r.pem\"\n";
const std::string whole = "[node]\ndata = \"data\"\n[listener]\n" + tls + "[upstream]\n" + tls;

std::string problem_of(const std::string& text) {
  const test::Folder folder;
  Problems problems;
  load_config(folder.file("k.toml", text), problems);
  std::string all = to_text(problems);
  for (auto at = all.find(folder.path()); at != std::string::npos; at = all.find(folder.path()))
    all.erase(at, folder.path().size() + 1);
  return all;
}

}  // namespace

TEST_CASE("a whole configuration is read, paths relative to its folder") {
  const test::Folder folder;
  Problems problems;
  const auto config = load_config(
      folder.file("k.toml",
                  whole + "[[connection]]\noin = \"00000099000000001000\"\npurpose = \"x-request-application\"\n"),
      problems);
  REQUIRE(to_text(problems).empty());
  CHECK(config->data == folder.path() + "/data");
  CHECK(config->listener_tls.key == folder.path() + "/k.pem");
  CHECK(config->headers_for("00000099000000001000").purpose == "x-request-application");
  CHECK(config->headers_for("00000099000000002000").purpose == "x-doelbinding");
  CHECK(config->settings.accepted.empty());  // nothing unreleased decides unless somebody says so
}

TEST_CASE("what is wrong is said with line and remedy, all at once") {
  CHECK(problem_of("\n") ==
        "k.toml:1: `[node]` is missing; it names this gate and the folder of its data\n"
        "k.toml:1: `[listener]` is missing; it says where the gate listens and with which certificate\n"
        "k.toml:1: `[upstream]` is missing; it names the certificate with which the gate calls providers\n");
  CHECK(problem_of(whole + "allow_locl = true\n") ==
        "k.toml:13: unknown key `allow_locl`; did you mean `allow_local`?\n");
  CHECK(problem_of("[node]\ndata = 5\n" + whole.substr(whole.find("[listener]"))) ==
        "k.toml:2: `data` must be a text in quotes\n");
  CHECK(problem_of(whole + "[catalogue]\naccept_unreleased = [\"alles\"]\n")
            .find("`accept_unreleased` cannot be `alles`") != std::string::npos);
  CHECK(problem_of(whole + "[management]\nport = 70000\n") == "k.toml:14: `port` must be from 1 to 65535\n");
}

namespace {

const std::string log_key = NoteSigner::of_seed("n/audit/2026", std::string(32, 'l')).verifier().text();
const std::string witness_key =
    NoteSigner::of_seed("w/witness", std::string(32, 'w'), NoteKey::witness).verifier().text();
const std::string a_witness =
    "[[audit.witness]]\nurl = \"https://w:8443/audit/witness\"\n"
    "oin = \"00000099000000001000\"\nvkey = \"" +
    witness_key + "\"\n";

}  // namespace

TEST_CASE("keys, retention, custodians, witnesses and exports are read as they are written") {
  const test::Folder folder;
  Problems problems;
  const auto config = load_config(
      folder.file("k.toml",
                  whole +
                      "[keys]\nmodule = \"m.so\"\ntoken = \"t\"\npin_file = \"pin\"\n"
                      "[retention]\nmonths = 12\n[[retention.class]]\nname = \"brp\"\nmonths = 240\n"
                      "purposes = [\"p\"]\n[[custodian]]\nuser = \"jan\"\nroles = [\"keeper\"]\n"
                      "searches_per_hour = 5\n[audit]\nquorum = 1\nheartbeat_seconds = 0\n"
                      "timestamp_url = \"http://tsa\"\ntimestamp_authorities = \"tsa.pem\"\n" +
                      a_witness + "[[audit.witnessed]]\nvkey = \"" + log_key +
                      "\"\n[[export]]\nname = \"a\"\nkind = \"ldv\"\nurl = \"http://127.0.0.1:4318/v1/traces\"\n"),
      problems);
  REQUIRE(to_text(problems).empty());
  CHECK(config->token.module == folder.path() + "/m.so");
  CHECK(config->retention.of("p").months == 240);
  CHECK(config->retention.of("other").months == 12);
  CHECK(config->custodians.at(0).roles.contains(CustodyRole::keeper));
  CHECK(config->custodians.at(0).searches_per_hour == 5);
  CHECK(config->audit.needed() == 1);
  CHECK(config->audit.heartbeat.count() == 0);
  CHECK(config->audit.timestamp_authorities == folder.path() + "/tsa.pem");
  CHECK(config->audit.witnessed.at(0) == log_key);
  CHECK(config->exports.at(0).kind == ExportKind::processing_log);
}

TEST_CASE("a wrong key, a witness too few, or an export in clear to elsewhere is said") {
  const auto wrong = [](const std::string& more, const char* what) {
    CHECK_THAT(problem_of(whole + more), Catch::Contains(what));
  };
  wrong("[audit]\nquorum = 1\n", "there is no [[audit.witness]]");
  wrong("[audit]\nquorum = 2\n" + a_witness, "more witnesses than there are");
  wrong("[[audit.witnessed]]\nvkey = \"" + witness_key + "\"\n", "no public key of a log");
  wrong("[[custodian]]\nuser = \"jan\"\nroles = []\n", "`roles` is missing");
  wrong("[[export]]\nname = \"a\"\nkind = \"adl\"\nurl = \"http://logs.example.nl/v1/traces\"\n", "on this machine");
  wrong("[retention]\n[[retention.class]]\nname = \"brp\"\npurposes = []\n", "`months` is missing");
  wrong("[keys]\nmodule = \"m.so\"\n", "`token` is missing");
}
