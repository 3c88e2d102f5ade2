// The ledger's records of one exchange: decision, release, outcome. Public part only: no person, no content.
#pragma once

#include <string>
#include <vector>

#include "adapters/wire/json/answer_filter.hpp"
#include "gateway/exchange/field_lists.hpp"
#include "gateway/exchange/private_part.hpp"
#include "gateway/exchange/trace.hpp"
#include "gateway/ledger/record.hpp"
#include "policies/decision.hpp"
#include "policies/exchange.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

struct ExchangeFacts {
  std::string tx;  // decision id: UUID version 7
  Trace trace;
  std::string node;
  std::string consumer;   // OIN
  std::string provider;   // OIN; empty when the service is unknown
  std::string key_print;  // of the caller's certificate
  PrivatePart part;
  std::string blind;                   // random, kept in the part
  std::string request_digest;          // keyed with the blind; empty without a body
  std::shared_ptr<const DataKey> key;  // that seals the part; null where keys cannot be had
};

PendingRecord decision_record(const ExchangeFacts& facts, const Snapshot& snapshot, const Exchange& exchange,
                              const Decision& decision, FieldLists& lists);
PendingRecord release_record(const ExchangeFacts& facts, const Snapshot& snapshot, const Filtered& filtered, int status,
                             FieldLists& lists);
PendingRecord outcome_record(const ExchangeFacts& facts, std::string_view outcome, int status, std::size_t bytes,
                             std::int64_t micros);

std::string new_decision_id();

}  // namespace koppelpoort
