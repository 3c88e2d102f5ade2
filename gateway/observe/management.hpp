// Health and metrics for the operator, in plain HTTP on an address of its own: /health/live, /health/ready, /metrics.
#pragma once

#include <atomic>
#include <memory>

#include "gateway/config/config.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/observe/metrics.hpp"

namespace koppelpoort {

class Management {
 public:
  Management(const Config& config, const Metrics& metrics, const Ledger& ledger, const std::atomic<bool>& stale);
  ~Management();
  Management(const Management&) = delete;
  Management& operator=(const Management&) = delete;
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace koppelpoort
