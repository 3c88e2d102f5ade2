#include "gateway/exchange/records.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "gateway/keys/seal.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t digest_kept = 32;  // hexadecimal digits of a digest: 128 bits tell versions and keys apart

ElementSet asked_for(const Exchange& exchange, Use use) {
  ElementSet set;
  for (const auto& each : exchange.elements)
    if (each.element && each.use == use) set.set(*each.element);
  return set;
}

// Free text in a header could hold anything, a person number too: only what is registered is written down.
std::string_view declared(const std::string& claim, bool known) {
  if (claim.empty() || known) return claim;
  return "unknown";
}

// Which conditions were shown; where the evidence lies may name a person, so that is not kept here.
std::vector<std::string> evidence_of(const Exchange& exchange, const Snapshot& snapshot) {
  std::vector<std::string> names;
  for (const auto& each : exchange.evidence) {
    const std::string_view entry = std::string_view(each.for_what).substr(0, each.for_what.find('/'));
    const Entry* known = snapshot.knowledge().catalogue.find(entry);
    const bool asked = known != nullptr && std::ranges::any_of(known->conditions, [&](const Condition& condition) {
                         return known->id + "/" + condition.id == each.for_what;
                       });
    if (asked) names.push_back(each.for_what);
  }
  return names;
}

// Which sources counted as obtained before, with the purpose of each: without it the decision could not be repeated.
std::vector<std::string> capacities_of(const std::vector<Relation>& relations) {
  std::vector<std::string> all;
  all.reserve(relations.size());
  for (const auto& each : relations) all.push_back(each.capacity);
  return all;
}

std::vector<std::string> obtained_before(const History& history) {
  std::vector<std::string> all;
  for (const auto& each : history.obtained) all.push_back(each.source + " " + each.purpose);
  return all;
}

}  // namespace

PendingRecord decision_record(const ExchangeFacts& facts, const Snapshot& snapshot, const Exchange& exchange,
                              const Decision& decision, FieldLists& lists) {
  const Taxonomy& taxonomy = snapshot.knowledge().taxonomy;
  std::vector<std::string> codes;
  for (const auto& finding : decision.findings) {
    std::string code = to_text(finding.code);
    if (codes.empty() || codes.back() != code) codes.push_back(std::move(code));
  }
  const ElementSet asked = asked_for(exchange, Use::deliver);
  SealedPart sealed;
  if (facts.key != nullptr) sealed = seal_part(facts.part, facts.blind, *facts.key);
  RecordWriter record("decision");
  record.add("allowed", lists.id_of(taxonomy, decision.allowed));
  record.add("asked", lists.id_of(taxonomy, asked));
  record.add("at", to_text(exchange.at));
  record.add("bases", decision.bases);
  record.add("block", name_of(decision.kind));
  record.add("catalogue", std::string_view(decision.catalogue).substr(0, digest_kept));
  record.add("codes", codes);
  record.add("deleg",
             declared(exchange.on_behalf_of, snapshot.registers().organisations.contains(exchange.on_behalf_of)));
  record.add("dst", facts.provider);
  record.add("evidence", evidence_of(exchange, snapshot));
  record.add("history", std::int64_t{exchange.history.same_person_this_month});
  record.add("node", facts.node);
  record.add("obtained", obtained_before(exchange.history));
  record.add("op", exchange.operation);
  if (!facts.trace.parent.empty()) record.add("parent", facts.trace.parent);
  record.add("persons", static_cast<std::int64_t>(facts.part.subjects.size()));
  if (facts.key != nullptr) record.add("priv", sealed.commitment);
  record.add("purpose", declared(exchange.purpose, snapshot.purpose(exchange.purpose) != nullptr));
  record.add("registers", decision.register_version);
  if (!exchange.relations.empty()) record.add("relations", capacities_of(exchange.relations));
  if (!facts.request_digest.empty()) record.add("reqc", facts.request_digest);
  if (facts.key != nullptr) record.add("sealed", sealed.digest);
  record.add("searched", lists.id_of(taxonomy, asked_for(exchange, Use::search)));
  record.add("signal", std::int64_t{!exchange.signal.empty()});
  record.add("span", facts.trace.span);
  record.add("spki", std::string_view(facts.key_print).substr(0, digest_kept));
  record.add("src", exchange.consumer);
  record.add("svc", exchange.service);
  record.add("trace", facts.trace.trace);
  record.add("tx", facts.tx);
  record.add("unknown", std::int64_t{std::ranges::count_if(exchange.elements, [](const Requested& each) {
               return !each.element && each.use == Use::deliver;
             })});
  record.add("unknown_search", std::int64_t{std::ranges::count_if(exchange.elements, [](const Requested& each) {
               return !each.element && each.use == Use::search;
             })});
  record.add("v", std::int64_t{2});
  record.add("verdict", name_of(decision.verdict));
  record.add("volume", name_of(exchange.volume));
  PendingRecord finished = record.finish();
  finished.decision = facts.tx;
  finished.sealed = std::move(sealed.bytes);
  return finished;
}

PendingRecord release_record(const ExchangeFacts& facts, const Snapshot& snapshot, const Filtered& filtered, int status,
                             FieldLists& lists) {
  const Taxonomy& taxonomy = snapshot.knowledge().taxonomy;
  RecordWriter record("release");
  record.add("bytes", static_cast<std::int64_t>(filtered.body.size()));
  record.add("dst", facts.provider);
  record.add("fields", lists.id_of(taxonomy, filtered.delivered));
  record.add("node", facts.node);
  record.add("persons", static_cast<std::int64_t>(filtered.records));
  record.add("resc", blinded_digest(facts.blind, filtered.body));
  record.add("src", facts.consumer);
  record.add("status", std::int64_t{status});
  record.add("tx", facts.tx);
  record.add("unmapped", static_cast<std::int64_t>(filtered.unmapped));
  record.add("withheld", lists.id_of(taxonomy, filtered.removed));
  return record.finish();
}

PendingRecord outcome_record(const ExchangeFacts& facts, std::string_view outcome, int status, std::size_t bytes,
                             std::int64_t micros) {
  RecordWriter record("outcome");
  record.add("bytes", static_cast<std::int64_t>(bytes));
  record.add("node", facts.node);
  record.add("outc", outcome);
  record.add("status", std::int64_t{status});
  record.add("tx", facts.tx);
  record.add("us", micros);
  return record.finish();
}

std::string new_decision_id() {
  std::array<unsigned char, 16> id{};
  using namespace std::chrono;
  const auto millis = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  for (std::size_t i = 0; i < 6; ++i)
    id[i] = static_cast<unsigned char>((millis >> (40 - 8 * static_cast<int>(i))) & 255);
  const std::string random = random_bytes(10);
  std::memcpy(&id[6], random.data(), random.size());
  id[6] = static_cast<unsigned char>((id[6] & 0x0Fu) | 0x70u);
  id[8] = static_cast<unsigned char>((id[8] & 0x3Fu) | 0x80u);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits[id[i] >> 4u];
    text += digits[id[i] & 15u];
  }
  return text;
}

}  // namespace koppelpoort
