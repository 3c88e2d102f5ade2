#include "gateway/export/exporter.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fstream>
#include <unordered_map>

#include "adapters/export/block_event.hpp"
#include "adapters/export/change_event.hpp"
#include "adapters/export/decision_log.hpp"
#include "adapters/export/processing_action.hpp"
#include "adapters/export/processing_log.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/exchange/private_part.hpp"
#include "gateway/export/post.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/field_names.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/threads/background.hpp"

namespace koppelpoort {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t batch = 200;  // messages of one POST
constexpr auto idle = 1s;
constexpr std::chrono::seconds again_least{1}, again_most{60};

ExportedDecision decision_of(std::string_view record, const FieldNames& names) {
  ExportedDecision decision;
  std::string asked, allowed;
  for (Members members(record); members.next();) {
    const std::string_view name = members.name();
    if (name == "allowed") allowed = members.text();
    if (name == "asked") asked = members.text();
    if (name == "bases") decision.bases = members.texts();
    if (name == "block") decision.block = members.text();
    if (name == "catalogue") decision.catalogue = members.text();
    if (name == "codes") decision.codes = members.texts();
    if (name == "deleg") decision.on_behalf_of = members.text();
    if (name == "dst") decision.provider = members.text();
    if (name == "node") decision.node = members.text();
    if (name == "op") decision.operation = members.text();
    if (name == "parent") decision.parent = members.text();
    if (name == "purpose") decision.purpose = members.text();
    if (name == "registers") decision.registers = members.number();
    if (name == "span") decision.span = members.text();
    if (name == "src") decision.consumer = members.text();
    if (name == "svc") decision.service = members.text();
    if (name == "trace") decision.trace = members.text();
    if (name == "ts") decision.decided_at = micros_of(members.text());
    if (name == "tx") decision.id = members.text();
    if (name == "verdict") decision.verdict = members.text();
  }
  decision.asked = names.elements(asked);
  decision.allowed = names.elements(allowed);
  return decision;
}

std::string signature_of(const std::string& secret_file, const std::string& body) {
  std::ifstream in(secret_file);
  std::string secret;
  if (!std::getline(in, secret)) throw std::runtime_error(secret_file + ": holds no secret");
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), mac.data(), &size);
  return "sha256=" + hex({reinterpret_cast<const char*>(mac.data()), size});
}

}  // namespace

struct Exporter::Impl {
  Impl(Source from, ExportSettings given, ExportState& counted, Log says)
      : source(std::move(from)),
        settings(std::move(given)),
        state(counted),
        log(std::move(says)),
        done(confirmed()),
        background([this](Background& own) { run(own); }) {}

  std::int64_t confirmed() {
    std::int64_t index = 0;
    std::ifstream(cursor_file()) >> index;
    state.done = index;
    return index;
  }

  bool tells_releases() const {
    return settings.kind == ExportKind::processing_log || settings.kind == ExportKind::processing_action;
  }

  std::string cursor_file() const { return source.cursor_folder + "/" + settings.name + ".cursor"; }

  void run(Background& own) {
    std::chrono::seconds again = again_least;
    for (;;) {
      try {
        while (settings.kind == ExportKind::changes ? tell_changes() : tell_more()) again = again_least;
        if (!own.wait(idle)) return;
      } catch (const std::exception& error) {
        ++state.failures;
        if (again == again_least) log("export `" + settings.name + "` waits: " + error.what());
        if (!own.wait(again)) return;  // what waits to be told is kept; nothing is read meanwhile
        again = std::min(again * 2, again_most);
      }
    }
  }

  // Tells what was read, or reads on; false when there was nothing new.
  bool tell_more() {
    state.behind = source.ledger.end() - done;
    if (spans.empty() && messages.empty() && !read_on()) return false;
    if (place.next <= done) return true;  // only remembered what was told before
    send();
    remember(place.next);
    return true;
  }

  // The registers have a store and versions of their own.
  bool tell_changes() {
    if (!registers) registers = std::make_unique<RegisterEvents>(source.registers_file, Database::Mode::read);
    state.behind = registers->version() - done;
    if (messages.empty()) {
      const auto changes = registers->after(done, batch);
      for (const auto& each : changes) messages.push_back(change_event(each, "urn:koppelpoort:" + source.node));
      if (changes.empty()) return false;
      changes_read = changes.back().version;
    }
    send();
    remember(changes_read);
    return true;
  }

  void remember(std::int64_t told) {
    write_durably(cursor_file(), std::to_string(told) + "\n");
    done = told;
    state.done = told;
  }

  bool read_on() {
    if (place.next >= source.ledger.end()) return false;
    std::string_view sealed;
    const auto part = [&](std::int64_t, std::string_view, std::string_view bytes) { sealed = bytes; };
    const auto look = [&](std::int64_t index, std::string_view record) {
      take(index, record, std::exchange(sealed, {}));
      return static_cast<std::int64_t>(spans.size() + messages.size()) < batch;
    };
    const std::int64_t before = place.next;
    read_ledger_on(source.ledger_folder, place, look, part);
    return place.next != before;
  }

  void take(std::int64_t index, std::string_view record, std::string_view sealed) {
    const std::string_view kind = member_of(record, "kind");
    const bool fresh = index >= done;
    if (kind == "fields") names.add(record);
    if (kind == "decision") take_decision(index, record, sealed, fresh);
    if (!tells_releases()) return;
    const std::string tx(member_of(record, "tx"));
    if (kind == "release" && fresh) take_release(tx, record);
    if (kind == "release" || kind == "outcome") pending.erase(tx);
  }

  void take_decision(std::int64_t index, std::string_view record, std::string_view sealed, bool fresh) {
    if (!fresh && !tells_releases()) return;
    ExportedDecision decision = decision_of(record, names);
    switch (settings.kind) {
      case ExportKind::decision_log: spans.push_back(decision_log_span(decision)); break;
      case ExportKind::blocks:
        if (decision.verdict == "block") messages.push_back(block_event(decision, "urn:koppelpoort:" + source.node));
        break;
      case ExportKind::processing_log:
      case ExportKind::processing_action:
        if (decision.verdict == "block") break;
        decision.subjects = subjects_of(index, record, sealed);
        pending.emplace(decision.id, std::move(decision));
        break;
      case ExportKind::changes: break;
    }
  }

  // A part that cannot be opened tells nobody; the rest of the ledger is told all the same.
  std::vector<std::string> subjects_of(std::int64_t index, std::string_view record, std::string_view sealed) {
    if (sealed.empty()) return {};
    try {
      const auto part = open_part(index, record, sealed, source.keys);
      return part ? part->subjects : std::vector<std::string>();
    } catch (const std::exception& error) {
      log("export `" + settings.name + "`: " + error.what());
      return {};
    }
  }

  void take_release(const std::string& tx, std::string_view record) {
    const auto at = pending.find(tx);
    if (at == pending.end()) return;
    ExportedDecision& decision = at->second;
    decision.released = true;
    decision.released_at = micros_of(member_of(record, "ts"));
    decision.activity = source.activity_of(decision.purpose);
    if (settings.kind == ExportKind::processing_action)
      messages.push_back(processing_action(decision));
    else
      for (auto& span : processing_log_spans(decision)) spans.push_back(std::move(span));
  }

  void send() {
    if (!spans.empty()) {
      const boost::json::object resource{
          {"service.name", "koppelpoort"}, {"service.instance.id", source.node}, {"service.version", source.version}};
      const bool decisions = settings.kind == ExportKind::decision_log;
      const std::string body = otlp_request(resource, decisions ? "adl" : "ldv", spans);
      const PostAnswer answer = post(settings.url, settings.authorities, {{"Content-Type", "application/json"}}, body);
      if (answer.status != 200) throw std::runtime_error(settings.url + " answers " + std::to_string(answer.status));
      if (const auto refused = otlp_rejected(answer.body); refused > 0)
        throw std::runtime_error(settings.url + " refuses " + std::to_string(refused) + " records");
      state.told += spans.size();
      spans.clear();
    }
    while (!messages.empty()) {
      const bool event = settings.kind != ExportKind::processing_action;
      PostHeaders headers{{"Content-Type", event ? "application/cloudevents+json; charset=utf-8" : "application/json"}};
      if (!settings.secret_file.empty())
        headers.emplace_back("X-Koppelpoort-Signature", signature_of(settings.secret_file, messages.front()));
      const PostAnswer answer = post(settings.url, settings.authorities, headers, messages.front());
      if (answer.status < 200 || answer.status > 299)
        throw std::runtime_error(settings.url + " answers " + std::to_string(answer.status));
      ++state.told;
      messages.erase(messages.begin());
    }
  }

  Source source;
  ExportSettings settings;
  ExportState& state;
  Log log;
  std::int64_t done;
  LedgerPlace place;
  FieldNames names;
  std::unique_ptr<RegisterEvents> registers;                  // of changes
  std::int64_t changes_read = 0;                              // the version that the messages in hand go up to
  std::unordered_map<std::string, ExportedDecision> pending;  // decided to pass, not released yet
  std::vector<Span> spans;
  std::vector<std::string> messages;
  Background background;  // last: it uses the others
};

Exporter::Exporter(Source source, ExportSettings settings, ExportState& state, Log log)
    : impl_(std::make_unique<Impl>(std::move(source), std::move(settings), state, std::move(log))) {}
Exporter::~Exporter() = default;

}  // namespace koppelpoort
