#include "gateway/ledger/note.hpp"

#include <catch2/catch.hpp>

#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/proof.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

constexpr const char* vkey = "gw1.example.nl/audit/2026+24404e35+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
constexpr const char* published =
    "gw1.example.nl/audit/2026\n5\nANIYKaVQMUU0irz3ElE+rPKidCEa2D6XAgK7W22AsoY=\n\n"
    "\u2014 gw1.example.nl/audit/2026 "
    "JEBONfXZRGi0jownWYsrj4gLvcGg5YS/2jdXE+buqLfUZZ7pQ58lCZLI/66rbYr2w0RcK8X0767CZjEbOk++7ueY2wY=\n";
constexpr const char* witness_line =
    "\u2014 witness.example.nl/w1 "
    "VPcf/gAAAABpVbkAWKVVi+SeEcZ58XBZXHj2udF8aSHid/Sa/W50o0b1ajy+F/lHvZctWGmrfTCBETsoAh0M7/nfoExsP1GkJUH7DA==\n";

std::string seed() {
  std::string bytes;
  for (char c = 0; c < 32; ++c) bytes += c;
  return bytes;
}

Checkpoint five() {
  Edge edge;
  for (int i = 0; i < 5; ++i) edge.append(leaf_hash("leaf-" + std::to_string(i)));
  return {"gw1.example.nl/audit/2026", 5, edge.root()};
}

}  // namespace

TEST_CASE("a checkpoint has the bytes of the published vector, and others read it as we do") {
  const NoteSigner signer = NoteSigner::of_seed("gw1.example.nl/audit/2026", seed());
  CHECK(signer.verifier().text() == vkey);
  CHECK(signer.sign(five().body()) == published);
  const auto verifier = NoteVerifier::parse(vkey);
  REQUIRE(verifier);
  CHECK(open_checkpoint(published, *verifier) == five());
  std::string witnessed = published;
  witnessed += witness_line;
  CHECK(open_checkpoint(witnessed, *verifier) == five());  // unknown keys are ignored
}

TEST_CASE("no changed byte of a note passes") {
  const auto verifier = *NoteVerifier::parse(vkey);
  const std::string note = published;
  for (std::size_t at = 0; at < note.size(); ++at) {
    std::string changed = note;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_FALSE(open_checkpoint(changed, verifier));
    CHECK_FALSE(open_checkpoint(note.substr(0, at), verifier));
  }
  // A known key that fails makes the note wrong, also beside one that fits.
  std::string twice = note + note.substr(note.find("\u2014"));
  CHECK(open_checkpoint(twice, verifier));
  twice[twice.size() - 10] = twice[twice.size() - 10] == 'A' ? 'B' : 'A';
  CHECK_FALSE(open_checkpoint(twice, verifier));
}

TEST_CASE("a public key is one text: name, id and key belong together") {
  std::string longer = vkey, renamed = "other", another_id = vkey;
  longer += '=';
  renamed += vkey;
  another_id[26] = '3';
  for (const std::string_view wrong :
       {std::string_view(), std::string_view("x"), std::string_view("x+24404e35+AQ=="), std::string_view(longer),
        std::string_view(renamed), std::string_view(another_id)})
    CHECK_FALSE(NoteVerifier::parse(wrong));
  const test::Folder folder;
  const std::string file = folder.path() + "/ledger.key";
  NoteSigner::create_key(file);
  CHECK_THROWS_WITH(NoteSigner::create_key(file), Catch::Contains("is it there already?"));
  const NoteSigner made("n/audit/2026", file);
  CHECK(NoteVerifier::parse(made.verifier().text())->signed_by(made.sign("a\n1\nb\n")));
  CHECK_THROWS_WITH(NoteSigner("two words", file), Catch::Contains("cannot name a log"));
  CHECK_THROWS_WITH(NoteSigner("n", folder.path() + "/nothing"), Catch::Contains("cannot be read"));
  CHECK_THROWS_WITH(NoteSigner("n", folder.file("empty", "x")), Catch::Contains("holds no key"));
}

TEST_CASE("a proof and a receipt are texts that read back, and prove what they are about alone") {
  std::vector<Hash> leaves;
  for (int i = 0; i < 5; ++i) leaves.push_back(leaf_hash("leaf-" + std::to_string(i)));
  const RecordProof proof{2, inclusion_proof(leaves, 2), published};
  const auto read = parse_proof(proof.text());
  REQUIRE(read);
  CHECK(read->text() == proof.text());
  const auto key = *NoteVerifier::parse(vkey);
  CHECK(fault_of(*read, leaves[2], key).empty());
  CHECK_FALSE(fault_of(*read, leaves[1], key).empty());
  RecordProof other = *read;
  other.index = 3;
  CHECK_FALSE(fault_of(other, leaves[2], key).empty());
  for (const char* wrong : {"", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 02\n\n", "index 2\n\n",
                            "c2sp.org/tlog-proof@v1\nindex 2\nxx\n\n"})
    CHECK_FALSE(parse_proof(wrong));
  const std::string receipt = "gw1.example.nl/audit/2026 2 " + text_of(leaves[2]);
  REQUIRE(parse_receipt(receipt));
  CHECK(parse_receipt(receipt)->leaf == leaves[2]);
  for (const char* wrong : {"", "a", "a 1", "a 1 xx", " 1 MF31n5WQw8msY9KydDw4jjeSRJB4zr9/s9vmRxZDsrc=",
                            "a -1 MF31n5WQw8msY9KydDw4jjeSRJB4zr9/s9vmRxZDsrc="})
    CHECK_FALSE(parse_receipt(wrong));
}

TEST_CASE("base64 has one text for one value") {
  CHECK(base64("") == "");
  CHECK(base64("a") == "YQ==");
  CHECK(from_base64("YQ==") == "a");
  CHECK(from_base64("YWI=") == "ab");
  for (const char* wrong : {"", "YQ", "YQ=", "YR==", "Y===", "YQ==\n", " YQ=", "Y*=="}) CHECK_FALSE(from_base64(wrong));
}
