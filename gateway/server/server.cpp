#include "gateway/server/server.hpp"

#include <signal.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <set>
#include <thread>

#include "adapters/files/files.hpp"
#include "adapters/store/sqlite/ledger_index.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "adapters/store/sqlite/releases.hpp"
#include "gateway/audit/audit_desk.hpp"
#include "gateway/audit/timestamp.hpp"
#include "gateway/audit/witness_client.hpp"
#include "gateway/custody/answer.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/custody/erase.hpp"
#include "gateway/exchange/pseudonym.hpp"
#include "gateway/export/exporter.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/observe/management.hpp"
#include "gateway/server/office.hpp"
#include "gateway/server/people_record.hpp"
#include "gateway/server/worker.hpp"

namespace koppelpoort {
namespace {

using namespace std::chrono_literals;

constexpr auto drain_time = 10s;
constexpr auto poll_time = 1s;    // registers, certificate files, index
constexpr auto look_time = 50ms;  // whether somebody asks for it sooner
constexpr int certificate_alarm_days = 14;
constexpr std::int64_t clock_alarm_micros = 1'000'000;

std::int64_t now_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

struct LoadedRegisters {
  std::shared_ptr<const Published> published;
  std::int64_t version = 0;
};

// Onto what is published already, when something is: only the events since then are read.
LoadedRegisters load_registers(const Config& config, RegisterEvents& events, std::shared_ptr<const Knowledge> knowledge,
                               const Snapshot* published, Problems& problems) {
  const std::int64_t known = published == nullptr ? 0 : published->version();
  const auto later = events.after(known);
  const std::int64_t version = later.empty() ? known : later.back().version;
  Registers registers = fold_onto(published == nullptr ? Registers{} : published->registers(), later, problems);
  if (!problems.empty()) return {};
  auto snapshot = Snapshot::compile(std::move(knowledge), std::move(registers), version, config.settings, problems);
  if (snapshot == nullptr) return {};
  return {publish(std::move(snapshot), config.mappings, problems), version};
}

std::runtime_error failure(const std::string& what, const Problems& problems) {
  return std::runtime_error(what + "\n" + to_text(problems));
}

Date today() { return dutch_date(instant_at(now_seconds())); }

// What the ledger says was obtained about whom; called for every record with a private part at start.
void remember(PersonHistory& history, Date today, std::int64_t position, std::string_view entry,
              std::string_view sealed, DataKeys& keys) {
  if (member_of(entry, "kind") != "decision" || member_of(entry, "verdict") == "block") return;
  std::optional<Instant> at;
  PersonHistory::Obtained got;
  for (Members members(entry); members.next();) {
    if (members.name() == "at") at = parse_instant(members.text());
    if (members.name() == "purpose") got.purpose = members.text();
    if (members.name() == "svc") got.service = members.text();
  }
  if (!at || !history.reaches(dutch_date(*at), today)) return;
  if (const auto part = open_part(position, entry, sealed, keys))
    for (const auto& subject : part->subjects) history.remember(got, subject, dutch_date(*at), today);
}

}  // namespace

struct Server::State {
  explicit State(Config given)
      : config(std::move(given)),
        keys(open_keys(config.keys())),
        data_keys(config.data_keys_file(), *keys, config.retention, Database::Mode::create),
        knowledge(load()),
        events(config.registers_file(), Database::Mode::read),
        history(config.history_days),
        ledger(
            config.ledger_folder(), config.node, config.ledger_key_file(),
            [this](std::int64_t, std::string_view entry) {
              note_open(entry);
              return true;
            },
            Ledger::system_micros,
            [this](std::int64_t position, std::string_view entry, std::string_view sealed) {
              remember(history, today(), position, entry, sealed, data_keys);
              note_view(position, entry, sealed);
            }),
        views(ledger, data_keys, config.custodians, config.node,
              [](const std::string& what) { spdlog::error("{}", what); }),
        witness(config.witness_folder(),
                NoteSigner(config.node + "/witness", config.witness_key_file(), NoteKey::witness), logs_witnessed(),
                now_seconds),
        audit_desk(ledger, witness),
        gate(config, ledger, metrics, *keys, data_keys, history) {
    gate.audit = &audit_desk;
    for (const auto& [user, at] : views_at_start) views.remember(user, at);
    views_at_start.clear();
    keep_years();
  }

  // This year's pseudonym key, and tomorrow's when that is another: made, recorded, and never missed at midnight.
  void keep_years() {
    const auto there = keys->years();
    for (const int year : std::set{year_of(today()), year_of(today() + std::chrono::days{1})}) {
      if (std::ranges::find(there, year) != there.end()) continue;
      keys->make_year(year);
      RecordWriter made("keyevent");
      made.add("event", "pseudonym key made").add("node", config.node).add("year", std::int64_t{year});
      ledger.append(made.finish(), {});
    }
    const auto now = keys->years();
    gate.first_key_year = now.empty() ? year_of(today()) : *std::ranges::min_element(now);
  }

  std::vector<NoteVerifier> logs_witnessed() const {
    std::vector<NoteVerifier> logs;
    for (const auto& text : config.audit.witnessed) logs.push_back(NoteVerifier::parse(text).value());
    return logs;
  }

  void note_view(std::int64_t position, std::string_view entry, std::string_view sealed) {
    if (auto search = recent_search(position, entry, sealed, data_keys, Ledger::system_micros()))
      views_at_start.push_back(std::move(*search));
  }

  // What a command on this machine asks (gateway/custody/control.hpp).
  boost::json::object answer(const std::string& user, const boost::json::object& asked) {
    return answer_control({ledger, data_keys, views, config}, user, asked);
  }

  // Exchanges that an earlier run began and did not end: what left of them nobody knows.
  void note_open(std::string_view entry) {
    const auto kind = member_of(entry, "kind");
    if (kind == "decision") open_at_start.emplace(member_of(entry, "tx"));
    if (kind == "outcome") open_at_start.erase(std::string(member_of(entry, "tx")));
    if (kind == "people") people.note(entry);
    if (kind == "fields") lists_at_start.add(entry);
  }

  void close_open() {
    for (const auto& tx : open_at_start) {
      ExchangeFacts facts;
      facts.tx = tx;
      facts.node = config.node;
      ledger.append(outcome_record(facts, "unknown-crash", 0, 0, 0), {});
    }
    open_at_start.clear();
  }

  std::shared_ptr<const Knowledge> load() {
    Problems problems;
    auto loaded = load_knowledge(config.knowledge, problems);
    if (loaded == nullptr) throw failure("the catalogue cannot be used:", problems);
    return loaded;
  }

  void load_tls() {
    const std::uint64_t next = ++generation;
    auto listener = std::make_shared<TlsContext>(TlsSide::listener, config.listener_tls, next);
    auto upstream = std::make_shared<TlsContext>(TlsSide::upstream, config.upstream_tls, next);
    metrics.certificate_days = std::min(listener->days_left().certificate, upstream->days_left().certificate);
    metrics.revocation_days = std::min(listener->days_left().revocations, upstream->days_left().revocations);
    if (config.console) {
      auto console = std::make_shared<TlsContext>(TlsSide::browsers, config.console->tls(), next);
      metrics.certificate_days = std::min<std::int64_t>(metrics.certificate_days, console->days_left().certificate);
      console_tls.set(std::move(console));
    }
    if (metrics.certificate_days < certificate_alarm_days)
      spdlog::warn("a certificate ends in {} days; renew it", metrics.certificate_days.load());
    gate.listener_tls.set(std::move(listener));
    gate.upstream_tls.set(std::move(upstream));
    tls_written = newest_tls_file();
  }

  std::filesystem::file_time_type newest_tls_file() const {
    std::filesystem::file_time_type newest{};
    for (const TlsFiles& files :
         {config.listener_tls, config.upstream_tls, config.console ? config.console->tls() : TlsFiles{}})
      for (const auto& path : {files.certificate, files.key, files.authorities, files.revocations}) {
        std::error_code missing;
        const auto written = std::filesystem::last_write_time(path, missing);
        if (!missing) newest = std::max(newest, written);
      }
    return newest;
  }

  void load_first_registers() {
    Problems problems;
    auto loaded = load_registers(config, events, knowledge, nullptr, problems);
    if (loaded.published == nullptr) throw failure("the registers cannot be used:", problems);
    Releases::create(config.releases_file());
    Releases(config.releases_file(), Database::Mode::write)
        .keep(*loaded.published->snapshot, instant_at(now_seconds()));
    publish_version(std::move(loaded));
  }

  void publish_version(LoadedRegisters loaded) {
    metrics.register_version = loaded.version;
    metrics.register_read_at = now_seconds();
    newest_snapshot = loaded.published->snapshot;
    gate.published.set(std::move(loaded.published));
  }

  // Once a second: newer registers, newer certificates, the index. Never throws; on errors the old ones stay.
  void look_around() {
    try {
      const std::int64_t version = events.version();
      if (version < metrics.register_version) {
        spdlog::error("the registers ran back from version {} to {}; restore the newest file",
                      metrics.register_version.load(), version);
      } else if (version > metrics.register_version) {
        Problems problems;
        auto loaded = load_registers(config, events, knowledge, newest_snapshot.get(), problems);
        if (loaded.published != nullptr) {
          spdlog::info("registers: version {}", loaded.version);
          publish_version(std::move(loaded));
        } else {
          ++metrics.reload_failures;
          spdlog::error("the newest registers cannot be used; the old ones stay:\n{}", to_text(problems));
        }
      } else {
        metrics.register_read_at = now_seconds();
      }
    } catch (const std::exception& error) {
      spdlog::error("the registers cannot be read: {}", error.what());
    }
    gate.registers_stale = now_seconds() - metrics.register_read_at > config.registers_stale_after.count();
    reload_if_newer();
    keep_keys();
    if (!config.audit.witnesses.empty()) {
      metrics.cosigned_size = witnessed.cosigned_size.load();
      metrics.cosigned_at = witnessed.cosigned_at.load();
      metrics.witness_failures = witnessed.failures.load();
    }
    if (!config.audit.timestamp_url.empty()) {
      metrics.stamped_at = stamped.stamped_at.load();
      metrics.timestamp_failures = stamped.failures.load();
    }
    metrics.exports_behind = 0;
    metrics.export_failures = 0;
    for (const auto& each : export_states) {
      metrics.exports_behind = std::max(metrics.exports_behind.load(), each->behind.load());
      metrics.export_failures += each->failures.load();
    }
    people.record(ledger);
    write_heartbeat();
    write_anchors();
    index_new_records();
  }

  void start_exporters() {
    for (const auto& settings : config.exports) {
      const auto reader = std::make_shared<Shared<Published>::Reader>(gate.published);
      const auto activity = [reader](const std::string& purpose) {
        const auto& registers = reader->get()->snapshot->registers();
        const auto at = registers.purposes.find(purpose);
        if (at == registers.purposes.end()) return "urn:koppelpoort:doel:" + purpose;
        return at->second.activity.empty() ? "urn:koppelpoort:" + at->second.controller + ":doel:" + purpose
                                           : at->second.activity;
      };
      export_states.push_back(std::make_unique<ExportState>());
      exporters.push_back(std::make_unique<Exporter>(
          Exporter::Source{ledger, config.ledger_folder(), config.registers_file(), config.export_folder(), config.node,
                           KOPPELPOORT_VERSION, data_keys, activity},
          settings, *export_states.back(), [](const std::string& what) { spdlog::warn("{}", what); }));
    }
  }

  // Atomics alone: another thread asks.
  api::Api::Health health() const {
    api::Api::Health now;
    now.node = config.node;
    now.version = KOPPELPOORT_VERSION;
    now.sealed = ledger.sealed();
    now.stuck = ledger.stuck();
    now.stale = gate.registers_stale;
    now.records = ledger.end();
    now.registers = metrics.register_version;
    now.registers_read_at = metrics.register_read_at;
    now.certificate_days = metrics.certificate_days;
    now.revocation_days = metrics.revocation_days;
    now.cosigned_size = metrics.cosigned_size;
    now.cosigned_at = metrics.cosigned_at;
    now.stamped_at = metrics.stamped_at;
    now.exports_behind = metrics.exports_behind;
    now.export_failures = metrics.export_failures;
    now.witness_failures = metrics.witness_failures;
    now.timestamp_failures = metrics.timestamp_failures;
    now.upstream_errors = metrics.upstream_errors;
    now.reload_failures = metrics.reload_failures;
    return now;
  }

  void open_office() {
    office = std::make_unique<Office>(
        Office::Gate{config, knowledge, *keys, gate.published, console_tls, [this] { look_now = true; },
                     [this] { return ledger.end(); }, std::move(lists_at_start), now_seconds,
                     [this](const std::string& account, std::string_view role, std::string_view what) {
                       return views.note(account, role, what);
                     },
                     [this] { return health(); }});
  }

  void write_heartbeat() {
    if (config.audit.heartbeat.count() == 0 || now_seconds() - beat_at < config.audit.heartbeat.count()) return;
    beat_at = now_seconds();
    RecordWriter beat("heartbeat");
    beat.add("node", config.node).add("registers", metrics.register_version.load());
    ledger.append(beat.finish(), {});
  }

  // The logs that this gate is a witness of, in its own: what came first, and that they were so long then.
  void write_anchors() {
    constexpr std::int64_t anchor_seconds = 60;
    if (now_seconds() - anchored_at < anchor_seconds) return;
    anchored_at = now_seconds();
    for (const auto& [checkpoint, note] : witness.seen()) {
      std::int64_t& known = anchored[checkpoint.origin];
      if (known == checkpoint.size) continue;
      known = checkpoint.size;
      RecordWriter anchor("anchor");
      anchor.add("node", config.node).add("origin", checkpoint.origin).add("root", text_of(checkpoint.root));
      anchor.add("size", checkpoint.size);
      ledger.append(anchor.finish(), {});
    }
  }

  // Soon after the start and once a day; a minute later again when it failed.
  void keep_keys() {
    constexpr std::int64_t again_seconds = 60;
    if (keys_kept == today() || now_seconds() < keys_again_at) return;
    keys_again_at = now_seconds() + again_seconds;
    try {
      keep_years();
      if (const auto gone = erase_due(ledger, data_keys, *keys, config.node, today()); gone > 0)
        spdlog::info("the private parts of {} months and classes were erased: their time is over", gone);
      keys_kept = today();
    } catch (const std::exception& error) {
      spdlog::error("keys: {}", error.what());
    }
  }

  void reload_if_newer() {
    {
      const std::lock_guard guard(tls_mutex);
      if (newest_tls_file() <= tls_written) return;
    }
    reload();
  }

  // Called by the housekeeper and on a signal.
  void reload() {
    const std::lock_guard guard(tls_mutex);
    try {
      load_tls();
      spdlog::info("certificates and CRLs reloaded");
    } catch (const std::exception& error) {
      ++metrics.reload_failures;
      tls_written = newest_tls_file();
      spdlog::error("the new certificates or CRLs cannot be used; the old ones stay: {}", error.what());
    }
  }

  // Behind the durable record, in its own time (docs/decisions/0005).
  void index_new_records() {
    try {
      if (!index) {
        index = std::make_unique<LedgerIndex>(config.index_file(), Database::Mode::create);
        catch_up();
      }
      const auto placed = ledger.take_placed();
      std::vector<LedgerIndex::Row> rows;
      for (const auto& each : placed)
        if (each.position >= indexed) rows.push_back({each.decision, each.position});
      if (rows.empty()) return;
      indexed = rows.back().index + 1;
      index->add(rows, indexed);
    } catch (const std::exception& error) {
      spdlog::warn("the ledger's index is behind: {}", error.what());
      index.reset();
    }
  }

  // What an earlier run left unindexed.
  void catch_up() {
    indexed = index->indexed();
    const std::int64_t until = ledger.end();
    std::vector<LedgerIndex::Row> rows;
    read_ledger_from(config.ledger_folder(), indexed, [&](std::int64_t position, std::string_view entry) {
      if (position >= until) return false;
      if (member_of(entry, "kind") == "decision") rows.push_back({std::string(member_of(entry, "tx")), position});
      return true;
    });
    if (until > indexed) index->add(rows, until);
    indexed = until;
  }

  Config config;
  std::unique_ptr<Keys> keys;
  DataKeys data_keys;
  std::shared_ptr<const Knowledge> knowledge;
  RegisterEvents events;
  PersonHistory history;
  std::set<std::string> open_at_start;
  FieldNames lists_at_start;
  PeopleRecord people{config};  // the housekeeper's
  std::vector<Search> views_at_start;
  Ledger ledger;
  Views views;
  Witness witness;
  AuditDesk audit_desk;
  WitnessClient::State witnessed;
  TimestampClient::State stamped;
  Metrics metrics;
  Gate gate;
  SessionLimits limits;
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> generation{0};
  std::mutex tls_mutex;
  Shared<TlsContext> console_tls;
  std::filesystem::file_time_type tls_written{};
  std::vector<std::unique_ptr<Worker>> workers;
  std::unique_ptr<Management> management;
  std::shared_ptr<const Snapshot> newest_snapshot;  // the housekeeper's
  std::unique_ptr<LedgerIndex> index;               // the housekeeper's, with the number of records it knows
  std::int64_t indexed = 0;
  Date keys_kept{};
  std::int64_t keys_again_at = 0;
  std::int64_t beat_at = 0, anchored_at = 0;
  std::atomic<bool> look_now{false};             // something came into force, or ended
  std::map<std::string, std::int64_t> anchored;  // by origin
  std::thread housekeeper;
  std::unique_ptr<Control> control;
  std::vector<std::unique_ptr<ExportState>> export_states;
  std::vector<std::unique_ptr<Exporter>> exporters;
  std::unique_ptr<WitnessClient> witness_client;
  std::unique_ptr<TimestampClient> timestamp_client;
  std::unique_ptr<Office> office;
};

Server::Server(Config config) : state_(std::make_unique<State>(std::move(config))) {
  if (state_->ledger.ahead_micros() > clock_alarm_micros)
    spdlog::warn("the clock is {} s behind the ledger's last record; records keep that time until it is caught up",
                 state_->ledger.ahead_micros() / 1'000'000);
  if (const std::string warning = state_->keys->warning(); !warning.empty()) spdlog::warn("{}", warning);
  state_->close_open();
  state_->load_tls();
  state_->load_first_registers();
}

Server::~Server() {
  try {
    stop();
  } catch (const std::exception& error) {
    spdlog::error("stopping failed: {}", error.what());
  }
}

void Server::start() {
  State& state = *state_;
  const auto address = asio::ip::make_address(state.config.address);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const auto threads = state.config.threads > 0 ? static_cast<unsigned>(state.config.threads) : cores;
  for (unsigned i = 0; i < threads; ++i) {
    state.workers.push_back(std::make_unique<Worker>(state.gate, state.limits, state.stopping));
    state.workers.back()->listen({address, state.config.port});
  }
  state.management =
      std::make_unique<Management>(state.config, state.metrics, state.ledger, state.gate.registers_stale);
  for (auto& worker : state.workers) worker->start();
  state.start_exporters();
  if (!state.config.audit.witnesses.empty())
    state.witness_client =
        std::make_unique<WitnessClient>(state.ledger, state.ledger.log_folder(), state.config.audit,
                                        state.gate.upstream_tls, state.config.allow_local_upstreams, state.witnessed,
                                        [](const std::string& what) { spdlog::error("{}", what); });
  if (!state.config.audit.timestamp_url.empty())
    state.timestamp_client =
        std::make_unique<TimestampClient>(state.ledger, state.ledger.log_folder(), state.config.audit, state.stamped,
                                          [](const std::string& what) { spdlog::error("{}", what); });
  state.control = std::make_unique<Control>(
      state.config.control_file(), [&state](const auto& user, const auto& asked) { return state.answer(user, asked); });
  if (state.config.console) state.open_office();
  state.housekeeper = std::thread([&state] {
    while (!state.stopping.load()) {
      for (auto slept = 0ms; slept < poll_time && !state.look_now.exchange(false); slept += look_time)
        std::this_thread::sleep_for(look_time);
      state.look_around();
    }
  });
  spdlog::info("listening on {}:{}, management on {}:{}", state.config.address, state.config.port,
               state.config.management_address, state.config.management_port);
  if (state.config.console)
    spdlog::info("people sign in at https://{}:{}/beheer/v1", state.config.console->address,
                 state.config.console->port);
}

void Server::reload() { state_->reload(); }

void Server::break_storage() { state_->ledger.break_storage(); }

void Server::stop() {
  State& state = *state_;
  if (state.stopping.exchange(true)) return;
  for (auto& worker : state.workers) worker->stop_accepting();
  const auto until = std::chrono::steady_clock::now() + drain_time;
  const auto busy = [&] {
    return std::ranges::any_of(state.workers, [](const auto& worker) { return worker->open_sessions() > 0; });
  };
  // Idle connections wait in a read; they are cut when nothing is under way any more.
  while (busy() && state.metrics.under_way.load() > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(20ms);
  state.office.reset();
  state.control.reset();
  state.exporters.clear();
  state.witness_client.reset();
  state.timestamp_client.reset();
  if (state.management) state.management->stop();
  for (auto& worker : state.workers) worker->finish();
  state.ledger.settle();  // its waiters answer into the workers
  if (state.housekeeper.joinable()) state.housekeeper.join();
  state.workers.clear();
}

void Server::run_until_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (signal == SIGHUP) {
      reload();
      continue;
    }
    spdlog::info("stopping");
    stop();
    return;
  }
}

void check_config(const Config& config) {
  const TlsContext listener(TlsSide::listener, config.listener_tls, 1);
  const TlsContext upstream(TlsSide::upstream, config.upstream_tls, 1);
  if (config.console) TlsContext(TlsSide::browsers, config.console->tls(), 1);
  const auto keys = open_keys(config.keys());
  Problems problems;
  auto knowledge = load_knowledge(config.knowledge, problems);
  if (knowledge == nullptr) throw failure("the catalogue cannot be used:", problems);
  RegisterEvents events(config.registers_file(), Database::Mode::read);
  if (load_registers(config, events, std::move(knowledge), nullptr, problems).published == nullptr)
    throw failure("the registers cannot be used:", problems);
}

}  // namespace koppelpoort
