#include "adapters/store/sqlite/register_events.hpp"

namespace koppelpoort {
namespace {

// Triggers stop accidents. `event_next` also stops INSERT OR REPLACE, which would skip the delete trigger.
constexpr const char* schema[] = {R"sql(
CREATE TABLE IF NOT EXISTS event(
  version INTEGER PRIMARY KEY CHECK(version > 0),
  at INTEGER NOT NULL, author TEXT NOT NULL, author_role TEXT NOT NULL, reason TEXT NOT NULL,
  kind TEXT NOT NULL, id TEXT NOT NULL, removed INTEGER NOT NULL CHECK(removed IN (0, 1)), body TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS event_next BEFORE INSERT ON event
  WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM event)
  BEGIN SELECT raise(ABORT, 'not the next version'); END;
CREATE TRIGGER IF NOT EXISTS event_kept BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER IF NOT EXISTS event_fixed BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'append-only'); END;
)sql",
                                  R"sql(
CREATE TABLE proposal_event(
  version INTEGER PRIMARY KEY CHECK(version > 0),
  at INTEGER NOT NULL, proposal TEXT NOT NULL, step TEXT NOT NULL, account TEXT NOT NULL, identity TEXT NOT NULL,
  organisation TEXT NOT NULL, reasons TEXT NOT NULL, content TEXT NOT NULL, project TEXT NOT NULL) STRICT;
CREATE TRIGGER proposal_event_next BEFORE INSERT ON proposal_event
  WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM proposal_event)
  BEGIN SELECT raise(ABORT, 'not the next version'); END;
CREATE TRIGGER proposal_event_kept BEFORE DELETE ON proposal_event BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER proposal_event_fixed BEFORE UPDATE ON proposal_event BEGIN SELECT raise(ABORT, 'append-only'); END;
)sql",
                                  "ALTER TABLE proposal_event ADD COLUMN registers INTEGER NOT NULL DEFAULT 0;"};

}  // namespace

void RegisterEvents::create(const std::string& path) { Database(path, Database::Mode::create).bring_up_to(schema); }

RegisterEvents::RegisterEvents(const std::string& path, Database::Mode mode) : database_(path, mode) {
  if (mode == Database::Mode::write) database_.bring_up_to(schema);
  database_.require(schema);
}

std::int64_t RegisterEvents::append(const std::vector<RegisterEvent>& events, std::int64_t expected) {
  Transaction transaction(database_);
  const std::int64_t last = insert(events, expected);
  transaction.commit();
  return last;
}

std::int64_t RegisterEvents::insert(const std::vector<RegisterEvent>& events, std::int64_t expected) {
  std::int64_t last = version();
  if (last != expected)
    throw StoreError("the registers changed meanwhile (version " + std::to_string(last) + " instead of " +
                     std::to_string(expected) + "); look at the difference again");
  auto insert = database_.prepare("INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?)");
  for (const auto& event : events) {
    insert.bind(1, ++last).bind(2, event.at.time_since_epoch().count());
    insert.bind(3, event.author).bind(4, event.author_role).bind(5, event.reason);
    insert.bind(6, event.kind).bind(7, event.id).bind(8, std::int64_t{event.removed}).bind(9, event.body);
    insert.run();
  }
  return last;
}

std::optional<std::int64_t> RegisterEvents::append(const ProposalEvent& event, std::int64_t seen,
                                                   const std::vector<RegisterEvent>& registers, std::int64_t expected) {
  Transaction transaction(database_);
  auto newest = database_.prepare("SELECT coalesce(max(version), 0) FROM proposal_event");
  newest.step();
  if (newest.integer(0) != seen || (!registers.empty() && version() != expected)) return std::nullopt;
  const std::int64_t next = seen + 1;
  newest.reset();
  auto row = database_.prepare("INSERT INTO proposal_event VALUES(?,?,?,?,?,?,?,?,?,?,?)");
  row.bind(1, next).bind(2, event.at.time_since_epoch().count()).bind(3, event.proposal).bind(4, name_of(event.step));
  row.bind(5, event.account).bind(6, event.identity).bind(7, event.organisation).bind(8, event.text);
  row.bind(9, event.content).bind(10, event.project).bind(11, event.registers);
  row.run();
  if (!registers.empty()) insert(registers, expected);
  transaction.commit();
  return next;
}

std::vector<ProposalEvent> RegisterEvents::proposals_after(std::int64_t version) {
  std::vector<ProposalEvent> events;
  auto select = database_.prepare(
      "SELECT version, at, proposal, step, account, identity, organisation, reasons, content, project, registers "
      "FROM proposal_event WHERE version > ? ORDER BY version");
  select.bind(1, version);
  while (select.step()) {
    ProposalEvent event;
    event.version = select.integer(0);
    event.at = instant_at(select.integer(1));
    event.proposal = select.text(2);
    const auto step = step_named(select.text(3));
    if (!step) throw StoreError("proposal event " + std::to_string(event.version) + " is of a later version");
    event.step = *step;
    event.account = select.text(4);
    event.identity = select.text(5);
    event.organisation = select.text(6);
    event.text = select.text(7);
    event.content = select.text(8);
    event.project = select.text(9);
    event.registers = select.integer(10);
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<RegisterEvent> RegisterEvents::after(std::int64_t version, std::int64_t most) {
  std::vector<RegisterEvent> events;
  auto select = database_.prepare(
      "SELECT version, at, author, author_role, reason, kind, id, removed, body FROM event WHERE version > ? "
      "ORDER BY version LIMIT ?");
  select.bind(1, version).bind(2, most);
  while (select.step()) {
    RegisterEvent event;
    event.version = select.integer(0);
    event.at = instant_at(select.integer(1));
    event.author = select.text(2);
    event.author_role = select.text(3);
    event.reason = select.text(4);
    event.kind = select.text(5);
    event.id = select.text(6);
    event.removed = select.integer(7) != 0;
    event.body = select.text(8);
    events.push_back(std::move(event));
  }
  return events;
}

std::int64_t RegisterEvents::version() {
  auto select = database_.prepare("SELECT coalesce(max(version), 0) FROM event");
  select.step();
  return select.integer(0);
}

}  // namespace koppelpoort
