// What partners may ask about this gate's ledger, on the same mutual TLS as exchanges, below `/audit/`: its newest
// checkpoint, proofs about their own exchanges, and its services as a witness of their logs. No exchange of data, so no
// decision; it tells nothing that a partner does not hold already.
#pragma once

#include "gateway/audit/witness.hpp"
#include "gateway/exchange/run_exchange.hpp"

namespace koppelpoort {

inline constexpr std::string_view audit_path = "/audit/";

class AuditDesk {
 public:
  AuditDesk(const Ledger& ledger, Witness& witness) : ledger_(ledger), witness_(witness) {}

  // May read the disk for some tens of milliseconds; one at a time, others get 503.
  Answer answer(const std::string& caller, const http::Head& head, std::string_view body);

 private:
  Answer get(const std::string& caller, std::string_view target) const;
  Answer proof(const std::string& caller, std::string_view question) const;
  std::string keys() const;
  Answer consistency(std::string_view query) const;

  const Ledger& ledger_;
  Witness& witness_;
  mutable std::mutex one_;
};

}  // namespace koppelpoort
