// The way of one exchange: understand, decide, record, ask the provider, minimise, record, release. Each step in the
// order of docs/architecture.md; nothing leaves before its record is durable.
#pragma once

#include <string>

#include "gateway/config/config.hpp"
#include "gateway/exchange/client_relations.hpp"
#include "gateway/exchange/field_lists.hpp"
#include "gateway/exchange/person_history.hpp"
#include "gateway/exchange/problem.hpp"
#include "gateway/exchange/pseudonym.hpp"
#include "gateway/exchange/published.hpp"
#include "gateway/exchange/records.hpp"
#include "gateway/http/head.hpp"
#include "gateway/keys/data_keys.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/net/asio.hpp"
#include "gateway/net/completions.hpp"
#include "gateway/observe/metrics.hpp"
#include "gateway/upstream/pool.hpp"

namespace koppelpoort {

class AuditDesk;

// Shared by all threads; lives as long as the gate.
struct Gate {
  Gate(const Config& settings, Ledger& records, Metrics& counted, Keys& secrets, DataKeys& sealing,
       PersonHistory& known)
      : config(settings), ledger(records), metrics(counted), keys(secrets), data_keys(sealing), history(known) {}

  const Config& config;
  Ledger& ledger;
  Metrics& metrics;
  Keys& keys;
  DataKeys& data_keys;
  FieldLists lists{ledger};
  PersonHistory& history;
  Shared<Published> published;
  Shared<TlsContext> listener_tls, upstream_tls;
  std::atomic<bool> registers_stale{false};
  AuditDesk* audit = nullptr;             // answers what partners ask about the ledger
  std::atomic<int> first_key_year{9999};  // of the pseudonym keys that are there
};

// What one thread brings to an exchange.
struct Desk {
  Gate& gate;
  Completions& completions;
  UpstreamPool& upstreams;
  Shared<Published>::Reader published;
  Shared<TlsContext>::Reader upstream_tls;
  ClientRelations relations;
};

struct Caller {
  std::string oin, key_print, address;
};

struct Answer {
  int status = 500;
  std::string content_type, body;
  ExchangeFacts facts;  // for the outcome record
  std::string receipt;  // origin, index and leaf hash of the record that it rests on; empty when there is none
  std::string_view outcome = "complete";
  bool recorded = false;  // a decision record exists, so an outcome may follow
};

// Without a body: the caller waits to be asked for it and is refused before (`worth_reading` said so).
Awaitable<Answer> run_exchange(Desk& desk, const Caller& caller, const http::Head& head,
                               std::optional<std::string> body);

// A request that is malformed as HTTP: recorded and refused like any other.
Awaitable<Answer> refuse_malformed(Desk& desk, const Caller& caller, http::Refusal refusal);

// Whether asking for the body makes sense: false when the decision is a refusal whatever the body says.
bool worth_reading(Desk& desk, const Caller& caller, const http::Head& head);

// Records what left; nobody waits for it.
void record_outcome(Desk& desk, const Answer& answer, bool complete, std::size_t bytes, std::int64_t micros);

}  // namespace koppelpoort
