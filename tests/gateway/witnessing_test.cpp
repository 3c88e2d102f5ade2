// Two gates that witness each other over mutual TLS, and partners that ask for proofs.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/audit/witness.hpp"
#include "gateway/audit/witness_client.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/proof.hpp"
#include "gateway/ledger/succession.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

constexpr const char* ask_name =
    R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676"],"fields":["naam.voornamen"]})";

struct Ready : test::World {
  Ready()
      : World([](const demo::ProviderRequest&) {
          return demo::ProviderAnswer{
              200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})", {}};
        }) {
    apply(registers());
  }
  std::string registers() const {
    return test::brp_registers(provider->port(), {"persoon.burgerservicenummer", "persoon.naam.voornamen"}) +
           "\n[[organisation]]\noin = \"" + test::other_oin + "\"\nname = \"Ander\"\nkind = \"gemeente\"\n" +
           "\n[[organisation]]\noin = \"" + test::gate_oin + "\"\nname = \"Poort\"\nkind = \"gemeente\"\n";
  }
  demo::Response get(const std::string& target, const demo::Identity* who = nullptr) {
    return connect(who == nullptr ? &caller : who)->ask("GET", target, "", {});
  }
};

std::string text_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool within(std::chrono::seconds time, const std::function<bool()>& done) {
  for (const auto until = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < until;) {
    if (done()) return true;
    std::this_thread::sleep_for(50ms);
  }
  return false;
}

}  // namespace

TEST_CASE("a partner gets the proof of its own exchanges, and cannot tell another's from none (L6)") {
  Ready world;
  world.start();
  const auto answered = world.ask(ask_name), refused = world.ask(ask_name, "geen");
  const NoteVerifier key = NoteVerifier::parse([&] {
                             std::string text = world.get("/audit/vkey").body;
                             text.pop_back();
                             return text;
                           }())
                               .value();
  for (const auto* response : {&answered, &refused}) {
    const auto receipt = parse_receipt(response->header("Koppelpoort-Receipt")).value();
    const std::string target = "/audit/v1/proof/" + std::to_string(receipt.index);
    const auto fetched = world.get(target);
    REQUIRE(fetched.status == 200);
    CHECK(fetched.header("Koppelpoort-Decision").empty());
    const auto proof = parse_proof(fetched.body);
    REQUIRE(proof);
    CHECK(fault_of(*proof, receipt.leaf, key).empty());
    const auto foreign = world.get(target, &world.stranger),
               none = world.get("/audit/v1/proof/999999", &world.stranger);
    CHECK(foreign.status == 404);
    CHECK(foreign.body == none.body);
    CHECK(foreign.status == none.status);
  }
  CHECK(world.get("/audit/v1/proof/0").status == 404);  // `start` is nobody's
  CHECK(world.get("/audit/v1/proof/-1").status == 404);
  CHECK(world.get("/audit/nothing").status == 404);
  const auto before = parse_checkpoint(body_of(world.get("/audit/checkpoint").body)).value();
  REQUIRE(world.ask(ask_name).status == 200);
  const auto after = parse_checkpoint(body_of(world.get("/audit/checkpoint").body)).value();
  const auto hashes =
      world.get("/audit/v1/consistency?from=" + std::to_string(before.size) + "&to=" + std::to_string(after.size));
  REQUIRE(hashes.status == 200);
  Proof proof;
  std::istringstream lines(hashes.body);
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = parse_receipt("x 0 " + line);
    REQUIRE(parsed);
    proof.push_back(parsed->leaf);
  }
  CHECK(consistent(before.size, before.root, after.size, after.root, proof));
  CHECK(world.get("/audit/v1/consistency?from=5&to=999999").status == 404);
  CHECK(world.get("/audit/v1/consistency?from=9&to=5").status == 404);
}

TEST_CASE("a receipt of a closed log is still proven, and its witness goes on with the next one") {
  Ready world;
  world.start();
  const auto receipt = parse_receipt(world.ask(ask_name).header("Koppelpoort-Receipt")).value();
  const std::string target = "/audit/v1/proof/" + std::to_string(receipt.index) + "?log=" + receipt.origin;
  CHECK(world.get(target).status == 200);
  world.stop();
  const std::string before = ledger_vkey(world.config.ledger_folder()).value().text();
  const std::string after =
      rotate_key(world.config.ledger_folder(), world.config.node, world.config.ledger_key_file(), "the key is old");
  world.start();
  CHECK(world.get("/audit/logs").body == before + "\n" + after + "\n");
  const auto fetched = world.get(target);
  REQUIRE(fetched.status == 200);
  CHECK(fault_of(parse_proof(fetched.body).value(), receipt.leaf, NoteVerifier::parse(before).value()).empty());
  CHECK(world.get(target, &world.stranger).status == 404);
  CHECK(world.get(target + "x").status == 404);
  CHECK(world.get("/audit/v1/proof/1?where=" + receipt.origin).status == 404);
  // What was decided before and after is one ledger for whoever reads it.
  const auto again = parse_receipt(world.ask(ask_name).header("Koppelpoort-Receipt")).value();
  CHECK(again.origin == NoteVerifier::parse(after)->name());
  world.stop();
  int decisions = 0;
  read_ledger(world.config.ledger_folder(), [&](std::int64_t, std::string_view entry) {
    decisions += member_of(entry, "kind") == "decision" ? 1 : 0;
    return true;
  });
  CHECK(decisions == 2);

  // A witness of a node's log knows its other logs under the same key, and no more.
  const test::Folder seat;
  NoteSigner::create_key(seat.path() + "/witness");
  NoteSigner::create_key(seat.path() + "/stranger");
  const auto note_of = [](const std::string& origin, const std::string& key_file) {
    return checkpoint_request(0, {}, NoteSigner(origin, key_file).sign(Checkpoint{origin, 0, sha256_of({})}.body()));
  };
  const std::string own = world.config.ledger_key_file();
  const auto witness = [&] {
    return Witness(seat.path() + "/notes", NoteSigner("w/witness", seat.path() + "/witness", NoteKey::witness),
                   {NoteVerifier::parse(after).value()}, [] { return 1'800'000'000; });
  };
  {
    auto first = witness();
    CHECK(first.add_checkpoint(note_of(world.config.node + "/audit/2027", own)).status == 200);
    CHECK(first.add_checkpoint(note_of(world.config.node + "/audit/2028", seat.path() + "/stranger")).status == 403);
    CHECK(first.add_checkpoint(note_of("other/audit/2027", own)).status == 404);
    CHECK(first.add_checkpoint(note_of(world.config.node + "/audit/", own)).status == 404);
  }
  CHECK(witness().newest(origin_digest(world.config.node + "/audit/2027")));
  // After a rotation it knows the old key and the new one, in whichever order they were given.
  const std::string old_name = world.config.node + "/audit/2025", new_name = world.config.node + "/audit/2025-2";
  const NoteVerifier replaced = NoteSigner(old_name, seat.path() + "/stranger").verifier(),
                     renewed = NoteSigner(new_name, own).verifier();
  for (const auto& logs : {std::vector{replaced, renewed}, std::vector{renewed, replaced}}) {
    const test::Folder notes;
    Witness both(notes.path(), NoteSigner("w/witness", seat.path() + "/witness", NoteKey::witness), logs,
                 [] { return 1'800'000'000; });
    CHECK(both.add_checkpoint(note_of(new_name, own)).status == 200);
    CHECK(both.add_checkpoint(note_of(old_name, seat.path() + "/stranger")).status == 200);
    CHECK(both.add_checkpoint(note_of(old_name, own)).status == 403);  // the log that is named has one key
    CHECK(both.add_checkpoint(note_of(world.config.node + "/audit/2030", own)).status == 200);
    // The new key in the place of the old one: what was signed under the old one stays, and nothing else is.
    Witness later(notes.path(), NoteSigner("w/witness", seat.path() + "/witness", NoteKey::witness), {renewed},
                  [] { return 1'800'000'000; });
    CHECK(later.add_checkpoint(note_of(old_name, own)).status == 403);
    CHECK(later.newest(origin_digest(new_name)));
    CHECK(text_of_file(notes.path() + "/" + origin_digest(old_name) + ".note").find(old_name) == 0);
  }
}

TEST_CASE("a gate's checkpoints are signed by its witness, and an older copy put back is found out and sealed (T4)") {
  const bool closed = GENERATE(false, true);  // whether what was put back is then closed, so that it looks whole
  Ready log, seat;
  // The seat trusts the log's authority, and knows its key, which exists once the log has begun.
  log.start();
  log.stop();
  const std::string log_key = ledger_vkey(log.config.ledger_folder()).value().text();
  seat.config.listener_tls.authorities = log.authority->certificate_file();
  seat.config.listener_tls.revocations = log.authority->revocations_file();
  seat.config.listener_tls.certificate = log.gate.certificate;
  seat.config.listener_tls.key = log.gate.key;
  seat.config.audit.witnessed = {log_key};
  seat.config.audit.heartbeat = 0s;
  seat.start();
  const NoteSigner witness("test/witness", seat.config.witness_key_file(), NoteKey::witness);
  log.config.audit.heartbeat = 0s;
  log.config.audit.witnesses = {{"https://localhost:" + std::to_string(seat.config.port) + "/audit/witness",
                                 test::gate_oin, witness.verifier().text()}};
  fs::copy(log.config.ledger_folder(), log.folder.path() + "/older", fs::copy_options::recursive);
  log.start();
  const std::string cosigned = log.config.ledger_folder() + "/" + cosigned_name;
  REQUIRE(within(15s, [&] { return fs::exists(cosigned); }));
  const std::string note = text_of_file(cosigned);
  CHECK(witness.verifier().cosigned_at(note));
  CHECK(open_checkpoint(note, NoteVerifier::parse(log_key).value()));
  CHECK(log.get("/audit/cosigned").body == note);
  CHECK(within(5s, [&] { return log.metrics().find("koppelpoort_ledger_cosigned_records ") != std::string::npos; }));
  CHECK(demo::Client(seat.config.port, log.authority->certificate_file(), &log.caller)
            .ask("GET", "/audit/witness/vkey", "", {})
            .body == witness.verifier().text() + "\n");
  log.stop();
  // Yesterday's copy, with everything that lies beside it.
  fs::remove_all(log.config.ledger_folder());
  fs::copy(log.folder.path() + "/older", log.config.ledger_folder(), fs::copy_options::recursive);
  if (closed)
    Ledger(log.config.ledger_folder(), log.config.node, log.config.ledger_key_file(), {})
        .close(log.config.ledger_key_file(), "as if the year turned");
  log.start();
  CHECK(within(15s, [&] { return log.managed("/health/ready").find("sealed") != std::string::npos; }));
  CHECK(log.ask(ask_name).status == 503);
}
