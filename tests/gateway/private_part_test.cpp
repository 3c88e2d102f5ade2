#include "gateway/exchange/private_part.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "gateway/keys/key_files.hpp"
#include "gateway/keys/seal.hpp"
#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/record.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

Date day(const char* text) { return *parse_date(text); }

PrivatePart example() {
  PrivatePart part;
  part.subjects = {std::string(32, 'a'), std::string(32, 'b')};
  part.user = "j.jansen \"quoted\"";
  part.client = "127.0.0.1";
  part.evidence = {"pw-64/condition=Z-12"};
  return part;
}

std::string record_of(const SealedPart& sealed) {
  RecordWriter record("decision");
  record.add("priv", sealed.commitment).add("sealed", sealed.digest);
  return record.finish().text;
}

struct Sealing {
  test::Folder folder;
  std::unique_ptr<KeyFiles> keys;
  std::unique_ptr<DataKeys> data_keys;
  explicit Sealing(Retention retention = {}) {
    KeyFiles::create(folder.path());
    keys = std::make_unique<KeyFiles>(folder.path());
    data_keys = std::make_unique<DataKeys>(file(), *keys, std::move(retention), Database::Mode::create);
  }
  std::string file() const { return folder.path() + "/data-keys.sqlite"; }
};

}  // namespace

TEST_CASE("a private part opens with its key, and only as the part that its record commits to") {
  Sealing sealing;
  const auto key = sealing.data_keys->current("doel", day("2026-11-25"));
  const SealedPart sealed = seal_part(example(), random_bytes(blind_bytes), *key);
  CHECK(open_part(7, record_of(sealed), sealed.bytes, *sealing.data_keys) == example());
  CHECK(key_of_part(sealed.bytes) == key->id);
  CHECK(sealed.digest == text_of(sha256_of(sealed.bytes)));
  const SealedPart other = seal_part(example(), random_bytes(blind_bytes), *key);
  CHECK(other.commitment != sealed.commitment);  // the blind: the same person twice looks like two
  CHECK_THROWS_AS(open_part(7, record_of(other), sealed.bytes, *sealing.data_keys), KeyError);
  std::string changed = sealed.bytes;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  CHECK_THROWS_AS(open_part(7, record_of(sealed), changed, *sealing.data_keys), KeyError);
}

TEST_CASE("a destroyed key takes its parts with it, also in a copy made before") {
  Sealing sealing;
  const auto key = sealing.data_keys->current("doel", day("2026-11-25"));
  const SealedPart sealed = seal_part(example(), random_bytes(blind_bytes), *key);
  const std::string wrapped = sealing.data_keys->all().at(0).wrapped;
  sealing.data_keys->destroy(key->id);
  CHECK_FALSE(open_part(7, record_of(sealed), sealed.bytes, *sealing.data_keys));
  // Nothing of it is left in the file or its journal.
  for (const char* suffix : {"", "-wal"}) {
    std::ifstream in(sealing.file() + suffix, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    CHECK(bytes.str().find(wrapped) == std::string::npos);
  }
  const auto next = sealing.data_keys->current("doel", day("2026-11-26"));
  CHECK(next->id != key->id);
}

TEST_CASE("each month and class has its key, which another process finds, kept as long as the class says") {
  Retention retention;
  retention.classes.front().months = 2;
  retention.classes.push_back({"brp", 240, {"doel-brp"}});
  Sealing sealing(retention);
  DataKeys& keys = *sealing.data_keys;
  const auto november = keys.current("doel", day("2026-11-25")), december = keys.current("doel", day("2026-12-01")),
             brp = keys.current("doel-brp", day("2026-11-25"));
  CHECK(november->id != december->id);
  CHECK(november->id != brp->id);
  CHECK(keys.current("ander", day("2026-11-01"))->id == november->id);
  DataKeys later(sealing.file(), *sealing.keys, retention, Database::Mode::write);
  CHECK(later.current("doel", day("2026-11-30"))->bytes == november->bytes);
  CHECK(later.find(brp->id)->bytes == brp->bytes);
  CHECK_THROWS_WITH(keys.find(99), Catch::Contains("restore the newest data-keys.sqlite"));

  CHECK(keys.due(day("2027-01-31")).empty());  // November and two months
  CHECK(keys.due(day("2027-02-01")).size() == 1);
  keys.hold(november->id, "bezwaar 2026-17");
  CHECK(keys.due(day("2027-02-01")).empty());
  keys.hold(november->id, "");
  CHECK(keys.due(day("2027-02-01")).at(0).id == november->id);
}

TEST_CASE("parts sealed again under another key are found, and the old key is needed no more") {
  Sealing sealing;
  DataKeys& keys = *sealing.data_keys;
  const auto before = keys.current("doel", day("2026-11-25"));
  const SealedPart kept = seal_part(example(), random_bytes(blind_bytes), *before),
                   erased = seal_part(example(), random_bytes(blind_bytes), *before);
  const auto after = keys.replace(keys.all().at(0));
  CHECK(keys.current("doel", day("2026-11-25"))->id == after->id);
  keys.keep_parts({{3, *seal_again(kept.bytes, *before, *after)}});
  keys.destroy(before->id);
  CHECK(open_part(3, record_of(kept), kept.bytes, keys) == example());
  CHECK_FALSE(open_part(4, record_of(erased), erased.bytes, keys));
}
