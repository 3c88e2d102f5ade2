#include "gateway/server/office.hpp"

#include <spdlog/spdlog.h>

#include "adapters/files/files.hpp"
#include "gateway/console/site.hpp"
#include "gateway/ledger/durable_file.hpp"

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

std::optional<api::Api::Remembered> Office::remember(const std::string& decision) {
  try {
    const RecentDecision* newest = recent_.find(decision);
    RecordedDecision recorded =
        newest != nullptr ? read_decision(past(), ReadAs::recorded, newest->position, newest->record, recent_.lists())
                          : find_decision(config_, past(), decision);
    auto snapshot = past_->snapshot_of(recorded);
    return api::Api::Remembered{std::move(recorded), std::move(snapshot)};
  } catch (const NotThere& missing) {
    spdlog::info("management API: {}", missing.what());
    return std::nullopt;
  }
}

}  // namespace koppelpoort
