#include "adapters/store/sqlite/releases.hpp"

#include <sstream>

#include "legal_bases/digest.hpp"

namespace koppelpoort {
namespace {

// The triggers before INSERT also stop INSERT OR REPLACE, which would skip the delete triggers.
constexpr const char* schema[] = {R"sql(
CREATE TABLE IF NOT EXISTS text(address TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS release(
  address TEXT PRIMARY KEY, kept_at INTEGER NOT NULL, accepted TEXT NOT NULL,
  cumulative_forbidden INTEGER NOT NULL CHECK(cumulative_forbidden IN (0, 1))) STRICT;
CREATE TABLE IF NOT EXISTS release_text(
  release TEXT NOT NULL REFERENCES release(address), name TEXT NOT NULL, text TEXT NOT NULL REFERENCES text(address),
  PRIMARY KEY(release, name)) STRICT;
CREATE TRIGGER IF NOT EXISTS text_once BEFORE INSERT ON text
  WHEN EXISTS(SELECT 1 FROM text WHERE address = NEW.address) BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS text_kept BEFORE DELETE ON text BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS text_fixed BEFORE UPDATE ON text BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS release_once BEFORE INSERT ON release
  WHEN EXISTS(SELECT 1 FROM release WHERE address = NEW.address) BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS release_kept BEFORE DELETE ON release BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS release_fixed BEFORE UPDATE ON release BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS release_text_once BEFORE INSERT ON release_text
  WHEN EXISTS(SELECT 1 FROM release_text WHERE release = NEW.release AND name = NEW.name)
  BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS release_text_kept BEFORE DELETE ON release_text BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS release_text_fixed BEFORE UPDATE ON release_text BEGIN SELECT raise(ABORT, 'append-only'); END;
)sql"};

std::string words_of(const std::set<Confidence>& accepted) {
  std::string words;
  for (const Confidence each : accepted) words += (words.empty() ? "" : " ") + std::string(name_of(each));
  return words;
}

std::set<Confidence> accepted_of(const std::string& words) {
  std::set<Confidence> accepted;
  std::istringstream in(words);
  for (std::string word; in >> word;)
    for (const auto& [name, confidence] : confidence_names())
      if (name == word) accepted.insert(confidence);
  return accepted;
}

}  // namespace

void Releases::create(const std::string& path) { Database(path, Database::Mode::create).bring_up_to(schema); }

Releases::Releases(const std::string& path, Database::Mode mode) : database_(path, mode) { database_.require(schema); }

void Releases::keep(const Snapshot& snapshot, Instant at) {
  Transaction transaction(database_);
  auto known = database_.prepare("SELECT 1 FROM release WHERE address = ?");
  if (known.bind(1, snapshot.digest()).step()) return;
  database_.prepare("INSERT INTO release VALUES(?, ?, ?, ?)")
      .bind(1, snapshot.digest())
      .bind(2, at.time_since_epoch().count())
      .bind(3, words_of(snapshot.settings().accepted))
      .bind(4, std::int64_t{snapshot.settings().cumulative_forbidden})
      .run();
  auto has = database_.prepare("SELECT 1 FROM text WHERE address = ?");
  auto add = database_.prepare("INSERT INTO text VALUES(?, ?)");
  auto link = database_.prepare("INSERT INTO release_text VALUES(?, ?, ?)");
  for (const auto& [name, text] : snapshot.knowledge().texts) {
    const std::string address = sha256(text);
    if (!has.bind(1, address).step()) add.bind(1, address).bind(2, text).run();
    has.reset();
    link.bind(1, snapshot.digest()).bind(2, name).bind(3, address).run();
  }
  transaction.commit();
}

std::optional<KeptRelease> Releases::find(std::string_view address) {
  auto select = database_.prepare(
      "SELECT address, kept_at, accepted, cumulative_forbidden FROM release WHERE substr(address, 1, length(?1)) = ?1");
  select.bind(1, address);
  if (address.empty() || !select.step()) return std::nullopt;
  KeptRelease release{
      select.text(0), instant_at(select.integer(1)), {accepted_of(select.text(2)), select.integer(3) != 0, {}}, {}};
  auto texts =
      database_.prepare("SELECT name, address, body FROM release_text JOIN text ON text = address WHERE release = ?");
  texts.bind(1, release.address);
  while (texts.step()) {
    std::string body = texts.text(2);
    if (sha256(body) != texts.text(1))
      throw StoreError("the kept text `" + texts.text(0) + "` of release " + release.address +
                       " is not what its address says; restore the file of releases from a backup");
    release.texts.emplace(texts.text(0), std::move(body));
  }
  return release;
}

std::vector<KeptRelease> Releases::all() {
  std::vector<KeptRelease> releases;
  auto select =
      database_.prepare("SELECT address, kept_at, accepted, cumulative_forbidden FROM release ORDER BY kept_at");
  while (select.step())
    releases.push_back(
        {select.text(0), instant_at(select.integer(1)), {accepted_of(select.text(2)), select.integer(3) != 0, {}}, {}});
  return releases;
}

std::vector<Releases::Named> Releases::names_of(std::string_view release) {
  std::vector<Named> names;
  auto select = database_.prepare("SELECT name, text FROM release_text WHERE release = ? ORDER BY name");
  select.bind(1, release);
  while (select.step()) names.push_back({select.text(0), select.text(1)});
  return names;
}

std::optional<std::string> Releases::text(std::string_view address) {
  auto select = database_.prepare("SELECT body FROM text WHERE address = ?");
  select.bind(1, address);
  if (!select.step()) return std::nullopt;
  return select.text(0);
}

}  // namespace koppelpoort
