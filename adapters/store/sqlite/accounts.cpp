#include "adapters/store/sqlite/accounts.hpp"

#include <sstream>

namespace koppelpoort {
namespace {

constexpr const char* schema[] = {R"sql(
CREATE TABLE account(
  id TEXT PRIMARY KEY, organisation TEXT NOT NULL, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  identity TEXT NOT NULL, employer TEXT NOT NULL, roles TEXT NOT NULL, projects TEXT NOT NULL, password TEXT NOT NULL,
  secret BLOB NOT NULL, last_code INTEGER NOT NULL, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL,
  disabled INTEGER NOT NULL CHECK(disabled IN (0, 1)), must_change INTEGER NOT NULL CHECK(must_change IN (0, 1)),
  waits_for TEXT NOT NULL) STRICT;
CREATE TRIGGER account_kept BEFORE DELETE ON account BEGIN SELECT raise(ABORT, 'accounts are disabled, never deleted'); END;
CREATE TABLE session(
  token TEXT PRIMARY KEY, csrf TEXT NOT NULL, account TEXT NOT NULL REFERENCES account(id), made_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE account_event(
  version INTEGER PRIMARY KEY CHECK(version > 0), at INTEGER NOT NULL, account TEXT NOT NULL, by TEXT NOT NULL,
  what TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
CREATE TRIGGER account_event_next BEFORE INSERT ON account_event
  WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM account_event)
  BEGIN SELECT raise(ABORT, 'not the next version'); END;
CREATE TRIGGER account_event_kept BEFORE DELETE ON account_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER account_event_fixed BEFORE UPDATE ON account_event BEGIN SELECT raise(ABORT, 'append-only'); END;
)sql"};

constexpr const char* columns =
    "SELECT id, organisation, login, name, identity, employer, roles, projects, password, secret, last_code, failures, "
    "locked_until, disabled, must_change, waits_for FROM account ";

// None of them holds a space: roles are names of ours, projects are refused when they do.
std::string words_of(const auto& items, auto&& name) {
  std::string words;
  for (const auto& each : items) words += (words.empty() ? "" : " ") + std::string(name(each));
  return words;
}

std::set<std::string> set_of(const std::string& words) {
  std::istringstream in(words);
  std::set<std::string> set;
  for (std::string word; in >> word;) set.insert(word);
  return set;
}

Account account_of(const Statement& row) {
  Account account;
  account.id = row.text(0);
  account.organisation = row.text(1);
  account.login = row.text(2);
  account.name = row.text(3);
  account.identity = row.text(4);
  account.employer = row.text(5);
  for (const auto& word : set_of(row.text(6)))
    if (const auto role = role_named(word)) account.roles.insert(*role);
  account.projects = set_of(row.text(7));
  account.password = row.text(8);
  account.secret = row.text(9);
  account.last_code = row.integer(10);
  account.failures = row.integer(11);
  account.locked_until = row.integer(12);
  account.disabled = row.integer(13) != 0;
  account.must_change = row.integer(14) != 0;
  account.waits_for = row.text(15);
  return account;
}

void insert(Database& database, const AccountEvent& event) {
  auto next = database.prepare("SELECT coalesce(max(version), 0) + 1 FROM account_event");
  next.step();
  const std::int64_t version = next.integer(0);
  next.reset();
  auto row = database.prepare("INSERT INTO account_event VALUES(?,?,?,?,?,?)");
  row.bind(1, version).bind(2, event.at.time_since_epoch().count()).bind(3, event.account).bind(4, event.by);
  row.bind(5, event.what).bind(6, event.detail);
  row.run();
}

}  // namespace

Accounts::Accounts(const std::string& path, Database::Mode mode) : database_(path, mode) {
  if (mode != Database::Mode::read) database_.bring_up_to(schema);
  database_.require(schema);
  if (mode != Database::Mode::read) database_.execute("PRAGMA secure_delete=ON");
}

std::vector<Account> Accounts::all() {
  std::vector<Account> accounts;
  auto select = database_.prepare(std::string(columns) + "ORDER BY login");
  while (select.step()) accounts.push_back(account_of(select));
  return accounts;
}

std::optional<Account> Accounts::find(std::string_view id) {
  auto select = database_.prepare(std::string(columns) + "WHERE id = ?");
  select.bind(1, id);
  if (!select.step()) return std::nullopt;
  return account_of(select);
}

std::optional<Account> Accounts::with_login(std::string_view login) {
  auto select = database_.prepare(std::string(columns) + "WHERE login = ?");
  select.bind(1, login);
  if (!select.step()) return std::nullopt;
  return account_of(select);
}

void Accounts::add(const Account& account, const AccountEvent& event) {
  Transaction transaction(database_);
  put(account, event);
  transaction.commit();
}

bool Accounts::replace(const Account& before, const Account& account, const AccountEvent& event) {
  Transaction transaction(database_);
  if (find(account.id) != before) return false;
  put(account, event);
  transaction.commit();
  return true;
}

void Accounts::put(const Account& account, const AccountEvent& event) {
  auto row = database_.prepare(
      "INSERT INTO account VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
      "organisation = excluded.organisation, login = excluded.login, name = excluded.name, "
      "identity = excluded.identity, employer = excluded.employer, roles = excluded.roles, "
      "projects = excluded.projects, password = excluded.password, secret = excluded.secret, "
      "last_code = excluded.last_code, failures = excluded.failures, locked_until = excluded.locked_until, "
      "disabled = excluded.disabled, must_change = excluded.must_change, waits_for = excluded.waits_for");
  row.bind(1, account.id).bind(2, account.organisation).bind(3, account.login).bind(4, account.name);
  row.bind(5, account.identity).bind(6, account.employer);
  const std::string roles = words_of(account.roles, [](AccountRole role) { return name_of(role); });
  const std::string projects = words_of(account.projects, [](const std::string& name) { return name; });
  row.bind(7, roles).bind(8, projects).bind(9, account.password).bind_bytes(10, account.secret);
  row.bind(11, account.last_code).bind(12, account.failures).bind(13, account.locked_until);
  row.bind(14, std::int64_t{account.disabled}).bind(15, std::int64_t{account.must_change}).bind(16, account.waits_for);
  row.run();
  insert(database_, event);
}

void Accounts::record(const AccountEvent& event) {
  Transaction transaction(database_);
  insert(database_, event);
  transaction.commit();
}

void Accounts::add(const StoredSession& session) {
  Transaction transaction(database_);
  auto row = database_.prepare("INSERT INTO session VALUES(?,?,?,?,?)");
  row.bind(1, session.token).bind(2, session.csrf).bind(3, session.account);
  row.bind(4, session.made_at).bind(5, session.seen_at);
  row.run();
  transaction.commit();
}

std::optional<StoredSession> Accounts::session(std::string_view token) {
  auto select = database_.prepare("SELECT token, csrf, account, made_at, seen_at FROM session WHERE token = ?");
  select.bind(1, token);
  if (!select.step()) return std::nullopt;
  return StoredSession{select.text(0), select.text(1), select.text(2), select.integer(3), select.integer(4)};
}

void Accounts::seen(std::string_view token, std::int64_t at) {
  Transaction transaction(database_);
  database_.prepare("UPDATE session SET seen_at = ? WHERE token = ?").bind(1, at).bind(2, token).run();
  transaction.commit();
}

void Accounts::end(std::string_view token) {
  Transaction transaction(database_);
  database_.prepare("DELETE FROM session WHERE token = ?").bind(1, token).run();
  transaction.commit();
}

void Accounts::end_all(std::string_view account) {
  Transaction transaction(database_);
  database_.prepare("DELETE FROM session WHERE account = ?").bind(1, account).run();
  transaction.commit();
}

void Accounts::end_before(std::int64_t made_before, std::int64_t seen_before) {
  Transaction transaction(database_);
  database_.prepare("DELETE FROM session WHERE made_at < ? OR seen_at < ?")
      .bind(1, made_before)
      .bind(2, seen_before)
      .run();
  transaction.commit();
}

std::vector<AccountEvent> Accounts::after(std::int64_t version) {
  std::vector<AccountEvent> events;
  auto select = database_.prepare(
      "SELECT version, at, account, by, what, detail FROM account_event WHERE version > ? ORDER BY version");
  select.bind(1, version);
  while (select.step())
    events.push_back({select.integer(0), instant_at(select.integer(1)), select.text(2), select.text(3), select.text(4),
                      select.text(5)});
  return events;
}

}  // namespace koppelpoort
