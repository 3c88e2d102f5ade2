// What people need of a running gate: registers in hand, accounts, the newest decisions, the management API and the
// console, on a thread of its own.
#pragma once

#include <functional>
#include <memory>

#include "gateway/api/api.hpp"
#include "gateway/api/listener.hpp"

namespace koppelpoort {

class Office {
 public:
  // The gate outlives its office.
  struct Gate {
    const Config& config;
    std::shared_ptr<const Knowledge> knowledge;
    Keys& keys;
    const Shared<Published>& published;
    const Shared<TlsContext>& tls;
    std::function<void()> registers_changed;
    std::function<std::int64_t()> ledger_end;
    FieldNames lists;  // that the ledger holds
    api::Api::Clock clock;
    api::Api::Look look;
    std::function<api::Api::Health()> health;
  };
  explicit Office(const Gate& gate);

 private:
  Past& past();
  std::optional<api::Api::Remembered> remember(const std::string& decision);
  RecordedDecision exchange_of(const RecentDecision& decision);

  const Config& config_;
  std::shared_ptr<const Knowledge> knowledge_;
  Accounts accounts_;
  Workflow workflow_;
  Recent recent_;
  std::unique_ptr<Past> past_;
  Shared<Published>::Reader published_;
  api::Api api_;
  api::Listener listener_;  // last: it begins at once
};

}  // namespace koppelpoort
