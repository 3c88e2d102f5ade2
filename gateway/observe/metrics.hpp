// Counters and histograms in the Prometheus text format. Labels hold no personal data: codes, verdicts, service ids.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include "gateway/ledger/ledger.hpp"
#include "policies/decision.hpp"

namespace koppelpoort {

class Histogram {
 public:
  // Upper bounds in microseconds.
  static constexpr std::array<std::int64_t, 12> bounds{250,    500,    1'000,   2'500,   5'000,     10'000,
                                                       25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000};
  void observe(std::int64_t micros);
  void write(std::string& out, const std::string& name, const std::string& help) const;

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::int64_t> sum_{0};
};

struct Metrics {
  std::array<std::atomic<std::uint64_t>, 3> verdicts{};  // by Verdict
  std::array<std::atomic<std::uint64_t>, 4> blocks{};    // by BlockKind
  std::array<std::atomic<std::uint64_t>, 1000> codes{};  // by code number; findings that keep something back
  std::atomic<std::uint64_t> upstream_errors{0}, key_failures{0}, connections{0}, handshake_failures{0},
      reload_failures{0};
  std::atomic<std::int64_t> open_connections{0}, under_way{0}, register_version{0}, register_read_at{0};
  std::atomic<std::int64_t> cosigned_size{-1}, cosigned_at{0};  // negative: no witnesses are configured
  std::atomic<std::int64_t> stamped_at{-1};                     // negative: no timestamp authority is configured
  std::atomic<std::uint64_t> witness_failures{0}, timestamp_failures{0};
  std::atomic<std::int64_t> exports_behind{0};
  std::atomic<std::uint64_t> export_failures{0};
  std::atomic<std::int64_t> certificate_days{0}, revocation_days{0};
  Histogram decision, exchange, upstream;

  void count(const Decision& decision);
  void count_withheld(Code code);  // decided to pass, but the answer could not
  std::string text(const Ledger& ledger, std::int64_t now) const;
};

}  // namespace koppelpoort
