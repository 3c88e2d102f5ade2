#include "gateway/audit/witness_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>
#include <thread>

#include "gateway/audit/witness.hpp"
#include "gateway/ledger/durable_file.hpp"

namespace koppelpoort {
namespace {

using namespace std::chrono_literals;

constexpr auto every = 10s;
constexpr int rounds_at_rest = 6;  // when nothing grew

}  // namespace

struct WitnessClient::Impl {
  struct One {
    Endpoint endpoint;
    std::string oin;
    NoteVerifier verifier;
    std::int64_t known = 0;        // the size that it last signed
    std::size_t closed_asked = 0;  // closed logs that it was asked about; those do not change any more
  };

  Impl(Ledger& records, std::string where, const AuditSettings& settings, Shared<TlsContext>& contexts,
       bool allow_local, WitnessClient::State& counted, Log says)
      : ledger(records),
        folder(std::move(where)),
        needed(settings.needed()),
        upstreams(context, deadlines, allow_local),
        tls(contexts),
        state(counted),
        log(std::move(says)) {
    for (const auto& each : settings.witnesses)
      witnesses.push_back({parse_endpoint(each.url).value(), each.oin, NoteVerifier::parse(each.vkey).value()});
    asio::co_spawn(context, keep_time(deadlines, context.get_executor()), asio::detached);
    asio::co_spawn(context, go_round(), asio::detached);
    thread = std::thread([this] { context.run(); });
  }
  ~Impl() {
    context.stop();
    thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Awaitable<void> go_round() {
    Timer timer(context.get_executor());
    for (int rested = rounds_at_rest;; ++rested) {
      const std::string note = ledger.checkpoint();
      const auto checkpoint = parse_checkpoint(body_of(note));
      const bool grew = checkpoint && checkpoint->size > state.cosigned_size.load();
      if (checkpoint && !ledger.sealed() && (grew || rested >= rounds_at_rest)) {
        rested = 0;
        co_await show(note, *checkpoint);
        co_await ask_about_closed();
      }
      timer.expires_after(every);
      const auto [error] = co_await timer.async_wait(awaited);
      if (error) co_return;
    }
  }

  Awaitable<void> show(const std::string& note, const Checkpoint& checkpoint) {
    std::string lines;
    std::size_t count = 0;
    for (auto& witness : witnesses) {
      const std::string line = co_await ask(witness, note, checkpoint);
      if (line.empty()) continue;
      lines += line;
      ++count;
    }
    if (count < needed) co_return;
    try {
      write_durably(folder + "/" + cosigned_name, note + lines);
    } catch (const std::exception& error) {
      log(error.what());
      co_return;
    }
    state.cosigned_size = checkpoint.size;
    state.cosigned_at = Ledger::system_micros() / 1'000'000;
  }

  // The line that it signed; empty when it did not.
  Awaitable<std::string> ask(One& witness, const std::string& note, const Checkpoint& checkpoint) {
    constexpr int tries = 2;  // the second after it said what it knows
    for (int i = 0; i < tries; ++i) {
      Proof proof;
      if (witness.known > 0) proof = ledger.consistency(checkpoint.size, witness.known);
      const std::string body = checkpoint_request(witness.known, proof, note);
      const UpstreamRequest request{"POST", "/add-checkpoint", body, "text/plain; charset=utf-8", {}, witness.oin, {}};
      const auto contexts = tls.get();
      const UpstreamAnswer answer = co_await upstreams.ask(witness.endpoint, request, contexts);
      if (answer.fault == nullptr && answer.status == 200 && witness.verifier.cosigned_at(note + answer.body)) {
        witness.known = checkpoint.size;
        co_return answer.body;
      }
      const std::int64_t size = answer.fault == nullptr && answer.status == 409 ? size_in(answer.body) : -1;
      if (size < 0 || size > checkpoint.size) {
        co_await report(witness, answer);
        co_return std::string();
      }
      witness.known = size;
    }
    co_return std::string();
  }

  static std::int64_t size_in(const std::string& text) {
    std::int64_t size = -1;
    std::from_chars(text.data(), text.data() + text.size(), size);
    return size;
  }

  // Only a checkpoint that our own key signed speaks against this ledger; a witness's word alone stops nothing.
  Awaitable<void> report(One& witness, const UpstreamAnswer& answer) {
    ++state.failures;
    if (answer.fault != nullptr) {
      log("witness " + witness.verifier.name() + " " + answer.fault);
      co_return;
    }
    const std::string target = "/" + origin_digest(ledger.origin()) + "/checkpoint";
    const UpstreamRequest request{"GET", target, {}, {}, {}, witness.oin, {}};
    const auto contexts = tls.get();
    const UpstreamAnswer last = co_await upstreams.ask(witness.endpoint, request, contexts);
    if (last.fault == nullptr && last.status == 200 && speaks_against(last.body)) {
      ledger.seal();
      log("SEALED: witness " + witness.verifier.name() +
          " holds a checkpoint of this ledger that does not fit it: an older copy was put back, or records were "
          "changed. Nothing passes. Keep the files, run `koppelpoort ledger verify`, and restore the newest ledger");
      co_return;
    }
    log("witness " + witness.verifier.name() + " did not sign: status " + std::to_string(answer.status));
  }

  // A log that was put back to an earlier state and closed there looks whole; its witnesses know how far it went.
  Awaitable<void> ask_about_closed() {
    for (auto& witness : witnesses)
      for (std::size_t& i = witness.closed_asked; i < ledger.closed().size() && !ledger.sealed(); ++i) {
        const ClosedLog& log_of = ledger.closed()[i];
        const std::string target = "/" + origin_digest(log_of.ends.key->name()) + "/checkpoint";
        const UpstreamRequest request{"GET", target, {}, {}, {}, witness.oin, {}};
        const auto contexts = tls.get();
        const UpstreamAnswer last = co_await upstreams.ask(witness.endpoint, request, contexts);
        if (last.fault != nullptr || (last.status != 200 && last.status != 404)) break;  // again in the next round
        const auto theirs = open_checkpoint(last.body, *log_of.ends.key);
        if (!theirs || ledger.holds(log_of, *theirs)) continue;
        if (ledger.left_by_fork(i)) continue;  // declared: its first record says what is lost
        ledger.seal();
        log("SEALED: witness " + witness.verifier.name() + " holds a checkpoint of " + log_of.ends.key->name() +
            ", which was closed, that does not fit it: an older copy was put back before it was closed. Nothing "
            "passes. Keep the files, run `koppelpoort ledger verify`, and restore the newest ledger");
        co_return;
      }
  }

  bool speaks_against(const std::string& note) const {
    const auto theirs = open_checkpoint(note, ledger.verifier());
    if (!theirs || theirs->origin != ledger.origin()) return false;
    return theirs->size > ledger.log_size() || ledger.root(theirs->size) != theirs->root;
  }

  Ledger& ledger;
  std::string folder;
  std::size_t needed;
  Deadlines deadlines;
  asio::io_context context{1};
  UpstreamPool upstreams;
  Shared<TlsContext>::Reader tls;
  WitnessClient::State& state;
  Log log;
  std::vector<One> witnesses;
  std::thread thread;
};

WitnessClient::WitnessClient(Ledger& ledger, std::string folder, const AuditSettings& settings, Shared<TlsContext>& tls,
                             bool allow_local, State& state, Log log)
    : impl_(std::make_unique<Impl>(ledger, std::move(folder), settings, tls, allow_local, state, std::move(log))) {}
WitnessClient::~WitnessClient() = default;

}  // namespace koppelpoort
