#include "gateway/audit/witness.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "gateway/ledger/segments.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

std::string seed(int from) {
  std::string bytes;
  for (int c = from; c < from + 32; ++c) bytes += static_cast<char>(c);
  return bytes;
}

constexpr const char* witness_vkey = "witness.example.nl/w1+54f71ffe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X";
constexpr std::int64_t when = 1'767'225'600;

// A log of `leaf-0`, `leaf-1`… (or of another branch), and its notes.
struct Log {
  NoteSigner signer = NoteSigner::of_seed("gw1.example.nl/audit/2026", seed(0));
  std::vector<Hash> leaves;
  explicit Log(const std::string& branch = "leaf") {
    for (int i = 0; i < 20; ++i) leaves.push_back(leaf_hash(branch + "-" + std::to_string(i)));
  }
  std::string note(std::size_t size) const {
    Edge edge;
    for (std::size_t i = 0; i < size; ++i) edge.append(leaves[i]);
    return signer.sign(Checkpoint{signer.verifier().name(), edge.size(), edge.root()}.body());
  }
  std::string request(std::size_t old_size, std::size_t size) const {
    return checkpoint_request(static_cast<std::int64_t>(old_size),
                              consistency_proof(std::span(leaves).first(size), old_size), note(size));
  }
};

struct Seat {
  test::Folder folder;
  Log log;
  std::unique_ptr<Witness> witness;
  Seat() { open(); }
  void open() {
    witness = std::make_unique<Witness>(folder.path(),
                                        NoteSigner::of_seed("witness.example.nl/w1", seed(32), NoteKey::witness),
                                        std::vector{log.signer.verifier()}, [] { return when; });
  }
  int status(const std::string& request) { return witness->add_checkpoint(request).status; }
};

}  // namespace

TEST_CASE("a cosignature has the bytes of the published vector") {
  Seat seat;
  CHECK(seat.witness->verifier().text() == witness_vkey);
  const auto answer = seat.witness->add_checkpoint(seat.log.request(0, 5));
  CHECK(answer.status == 200);
  CHECK(answer.body ==
        "\u2014 witness.example.nl/w1 "
        "VPcf/gAAAABpVbkAWKVVi+SeEcZ58XBZXHj2udF8aSHid/Sa/W50o0b1ajy+F/lHvZctWGmrfTCBETsoAh0M7/nfoExsP1GkJUH7DA==\n");
  const auto verifier = NoteVerifier::parse(witness_vkey);
  REQUIRE(verifier);
  const std::string note = seat.log.note(5) + answer.body;
  CHECK(verifier->cosigned_at(note) == when);
  CHECK(open_checkpoint(note, seat.log.signer.verifier()));
  CHECK_FALSE(verifier->cosigned_at(seat.log.note(6) + answer.body));
  CHECK_FALSE(seat.log.signer.verifier().cosigned_at(note));
  for (std::size_t at = answer.body.size() - 80; at + 6 < answer.body.size(); at += 7) {
    std::string other = note;
    char& c = other[note.size() - answer.body.size() + at];
    c = c == 'A' ? 'B' : 'A';
    CHECK_FALSE(verifier->cosigned_at(other));
  }
}

TEST_CASE("a witness signs what only grew, and says what is wrong with the rest (T7)") {
  Seat seat;
  const Log other("branch");
  CHECK(seat.status("") == 400);
  CHECK(seat.status("old x\n\n" + seat.log.note(5)) == 400);
  CHECK(seat.status("old 05\n\n" + seat.log.note(5)) == 400);
  CHECK(seat.status("old 0\nnot base64\n\n" + seat.log.note(5)) == 400);
  std::string many = "old 0\n";
  for (int i = 0; i < 64; ++i) many += text_of(Hash{}) + "\n";
  CHECK(seat.status(many + "\n" + seat.log.note(5)) == 400);
  const NoteSigner stranger = NoteSigner::of_seed("elsewhere", seed(64));
  CHECK(seat.status("old 0\n\n" + stranger.sign(Checkpoint{"elsewhere", 0, sha256_of({})}.body())) == 404);
  std::string forged = seat.log.note(5);
  forged.replace(forged.find("\n5\n"), 3, "\n6\n");
  CHECK(seat.status("old 0\n\n" + forged) == 403);
  CHECK(seat.status("old 6\n\n" + seat.log.note(5)) == 400);
  CHECK(seat.status("old 0\n\n" + seat.log.signer.sign(Checkpoint{"gw1.example.nl/audit/2026", 0, {}}.body())) == 422);
  CHECK(seat.witness->seen().empty());  // none of that left a trace

  CHECK(seat.status(seat.log.request(0, 0)) == 200);
  CHECK(seat.status(seat.log.request(0, 5)) == 200);
  const auto conflict = seat.witness->add_checkpoint(seat.log.request(3, 9));
  CHECK(conflict.status == 409);
  CHECK(conflict.body == "5\n");
  CHECK(conflict.type == "text/x.tlog.size");
  CHECK(seat.status(other.request(5, 9)) == 422);
  CHECK(seat.status(other.request(5, 5)) == 422);
  CHECK(seat.status("old 5\n" + text_of(Hash{}) + "\n\n" + seat.log.note(9)) == 422);
  CHECK(seat.status(seat.log.request(5, 5)) == 200);
  CHECK(seat.status(seat.log.request(5, 9)) == 200);
  CHECK(seat.status(seat.log.request(5, 7)) == 409);  // the smaller, after the larger
  CHECK(seat.witness->seen().at(0).checkpoint.size == 9);
  CHECK(seat.witness->newest(origin_digest("gw1.example.nl/audit/2026")).value().starts_with(seat.log.note(9)));
  CHECK_FALSE(seat.witness->newest(origin_digest("elsewhere")));
}

TEST_CASE("what a witness signed it still knows after a restart, and a changed memory is refused") {
  Seat seat;
  CHECK(seat.status(seat.log.request(0, 9)) == 200);
  seat.open();
  CHECK(seat.status(seat.log.request(0, 12)) == 409);
  CHECK(seat.status(seat.log.request(9, 12)) == 200);
  const std::string file = seat.folder.path() + "/" + origin_digest("gw1.example.nl/audit/2026") + ".note";
  std::ofstream(file, std::ios::binary | std::ios::trunc) << seat.log.note(3);
  CHECK_THROWS_WITH(seat.open(), Catch::Contains("is not what this witness signed"));
}

TEST_CASE("of two that grow from the same size at once one is signed, and the sizes only rise") {
  Seat seat;
  CHECK(seat.status(seat.log.request(0, 5)) == 200);
  for (std::size_t from = 5; from < 15; from += 2) {
    const auto ask = [&](std::size_t to) {
      return std::async(std::launch::async, [&seat, from, to] { return seat.status(seat.log.request(from, to)); });
    };
    auto one = ask(from + 1), two = ask(from + 2);
    const int a = one.get(), b = two.get();
    CHECK((a == 200) != (b == 200));
    CHECK((a == 409) != (b == 409));
    if (a == 200) CHECK(seat.status(seat.log.request(from + 1, from + 2)) == 200);
  }
}
