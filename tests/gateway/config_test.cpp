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
