// Shows this ledger's checkpoints to its witnesses and keeps what they signed (C2SP tlog-witness): every ten seconds
// when the ledger grew, at least once a minute. Never on the way of an exchange. A witness that has seen more than the
// ledger holds proves that an older copy was put back: then the ledger is sealed.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "gateway/audit/settings.hpp"
#include "gateway/exchange/published.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/tls/context.hpp"

namespace koppelpoort {

inline constexpr const char* cosigned_name = "cosigned";  // in the ledger's folder: the newest note with a quorum

class WitnessClient {
 public:
  struct State {
    std::atomic<std::int64_t> cosigned_size{0}, cosigned_at{0};  // of the newest note with a quorum; seconds
    std::atomic<std::uint64_t> failures{0};
  };
  using Log = std::function<void(const std::string&)>;

  WitnessClient(Ledger& ledger, std::string folder, const AuditSettings& settings, Shared<TlsContext>& tls,
                bool allow_local, State& state, Log log);
  ~WitnessClient();
  WitnessClient(const WitnessClient&) = delete;
  WitnessClient& operator=(const WitnessClient&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace koppelpoort
