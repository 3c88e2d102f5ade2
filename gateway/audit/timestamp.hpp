// Timestamps from outside (RFC 3161): somebody else's signature that a checkpoint existed at a time. One on a later
// checkpoint covers every earlier record, so none needs to be renewed by itself.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/audit/settings.hpp"
#include "gateway/ledger/ledger.hpp"

namespace koppelpoort {

inline constexpr const char* timestamps_name = "timestamps";  // folder in the ledger's: `<size>.note` and `<size>.tsr`

// A question about the SHA-256 of these bytes, DER; asks for the authority's certificate. A nonce comes back in the
// answer.
std::string timestamp_query(std::string_view bytes, std::optional<std::uint64_t> nonce = {});

struct Stamp {
  std::string fault;      // empty when it holds
  std::int64_t time = 0;  // seconds since 1970, as the authority says
};

// Checks version, imprint, signature and chain up to one of these roots (a PEM file); with a nonce that too. The
// certificates must be valid at `at` (seconds since 1970); without it, when the stamp was made.
Stamp check_stamp(std::string_view der, std::string_view bytes, const std::string& authorities,
                  std::optional<std::int64_t> at = {}, std::optional<std::uint64_t> nonce = {});

// Asks over HTTP (`http://host[:port]/path`): the answer is signed, so the way need not be. Throws std::runtime_error.
std::string fetch_stamp(const std::string& url, const std::string& query);

// Stamps the newest checkpoint when it grew since the last one, in its own thread. A failure stops nothing.
class TimestampClient {
 public:
  struct State {
    std::atomic<std::int64_t> stamped_size{0}, stamped_at{0};
    std::atomic<std::uint64_t> failures{0};
  };
  using Log = std::function<void(const std::string&)>;
  TimestampClient(const Ledger& ledger, std::string folder, AuditSettings settings, State& state, Log log);
  ~TimestampClient();
  TimestampClient(const TimestampClient&) = delete;
  TimestampClient& operator=(const TimestampClient&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace koppelpoort
