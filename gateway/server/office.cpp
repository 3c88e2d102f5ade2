#include "gateway/server/office.hpp"

#include <spdlog/spdlog.h>

#include "adapters/files/files.hpp"
#include "adapters/store/sqlite/ledger_index.hpp"
#include "gateway/console/site.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/ledger/members.hpp"

namespace koppelpoort {

Office::Office(const Gate& gate)
    : config_(gate.config),
      knowledge_(gate.knowledge),
      accounts_(gate.config.accounts_file(), Database::Mode::create),
      workflow_(gate.config, gate.knowledge, gate.registers_changed),
      recent_(gate.config.ledger_folder(), gate.ledger_end, gate.lists),
      published_(gate.published),
      api_({workflow_, accounts_, recent_, gate.keys, *knowledge_,
            read_file(gate.config.knowledge + "/docs/api/beheer.json"), gate.clock, gate.look,
            [this] { return published_.get()->snapshot; },
            [this](const std::string& decision) { return remember(decision); },
            [this](const RecentDecision& decision) { return exchange_of(decision); }, gate.health,
            boost::json::parse(read_file(gate.config.knowledge + "/docs/api/oefeningen.json")).as_array()}),
      listener_(*gate.config.console, gate.tls, [this](const api::Request& request) {
        return request.path.starts_with("/beheer/") ? api_.answer(request) : console::answer(request);
      }) {}

// What was decided before is read when somebody first asks for it.
Past& Office::past() {
  if (!past_) past_ = std::make_unique<Past>(config_, knowledge_);
  past_->catch_up();
  return *past_;
}

RecordedDecision Office::exchange_of(const RecentDecision& decision) {
  if (!past_) past();  // newer registers do not matter: it is read as it was asked
  return read_decision(*past_, ReadAs::today, decision.position, decision.record, recent_.lists());
}

// Among the newest, or where the index says: the whole ledger is never read for a page.
std::optional<api::Api::Remembered> Office::remember(const std::string& decision) {
  std::optional<RecordedDecision> recorded;
  const auto read = [&](std::int64_t position, std::string_view record) {
    recorded = read_decision(past(), ReadAs::recorded, position, record, recent_.lists());
  };
  if (const RecentDecision* newest = recent_.find(decision)) {
    read(newest->position, newest->record);
  } else {
    std::optional<std::int64_t> position;
    try {
      position = LedgerIndex(config_.index_file(), Database::Mode::read).find(decision);
    } catch (const StoreError& missing) {
      spdlog::info("management API: no index of the ledger yet ({})", missing.what());
    }
    if (!position) return std::nullopt;
    read_ledger_from(config_.ledger_folder(), *position, [&](std::int64_t at, std::string_view record) {
      if (at == *position && member_of(record, "tx") == decision) read(at, record);
      return at < *position;
    });
  }
  if (!recorded) return std::nullopt;
  auto snapshot = past_->snapshot_of(*recorded);
  return api::Api::Remembered{std::move(*recorded), std::move(snapshot)};
}

}  // namespace koppelpoort
