#include "gateway/exchange/run_exchange.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "adapters/wire/json/answer_filter.hpp"
#include "adapters/wire/json/reader.hpp"
#include "adapters/wire/json/rest_request.hpp"
#include "gateway/exchange/claims.hpp"
#include "gateway/exchange/person_numbers.hpp"
#include "gateway/http/target.hpp"
#include "gateway/keys/seal.hpp"
#include "policies/decide.hpp"

namespace koppelpoort {
namespace {

using Clock = std::chrono::steady_clock;

std::int64_t micros_since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
}

// One request, understood: everything that decides, and what is needed to ask the provider.
struct Understood {
  Exchange exchange;
  ExchangeFacts facts;
  const Snapshot::CompiledService* service = nullptr;
  const Route* route = nullptr;
  http::Target target;
  std::string path;  // below the service's path
  std::vector<PersonHistory::Person> persons;
  Asked asked;
  http::Refusal refusal;  // set when the request cannot be understood
  bool keyless = false;   // keys could not be had: nothing can be recorded as it must be
  bool admitted =
      false;  // this caller may ask for this purpose at all; otherwise nothing about the person is looked at
  bool unrelated = false;  // whether these are clients could not be found out
};

bool json_media_type(std::string_view value) {
  const std::string_view type = value.substr(0, value.find(';'));
  const std::string_view rest = value.size() == type.size() ? std::string_view() : value.substr(type.size());
  const bool json = type == "application/json" || type == "application/hal+json" || type == "application/problem+json";
  std::string plain;
  for (const char c : rest)
    if (c != ' ' && c != '"') plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return json && (plain.empty() || plain == ";charset=utf-8");
}

void understand_claims(Understood& out, const Claims& claims, const Caller& caller) {
  out.exchange.purpose = claims.purpose;
  out.exchange.signal = claims.signal;
  out.exchange.evidence = claims.evidence;
  PrivatePart& part = out.facts.part;
  part.user = claims.user;
  part.application = claims.application;
  part.processing = claims.processing;
  part.signal = claims.signal;
  for (const auto& each : claims.evidence) part.evidence.push_back(each.for_what + "=" + each.reference);
  // An OIN in a header never replaces the certificate's: another one means acting for that organisation.
  if (!claims.origin.empty() && claims.origin != caller.oin) out.exchange.on_behalf_of = claims.origin;
  if (claims.fault != nullptr) out.refusal = {400, claims.fault};
}

void understand_request(Understood& out, const http::Head& head, std::string_view body) {
  if (!body.empty()) {
    const auto type = head.find("content-type");
    if (!type || !json_media_type(*type)) {
      out.refusal = {415, "the body must be application/json in UTF-8"};
      return;
    }
  }
  const std::string& prefix = out.service->service->path;
  out.path = out.target.path.substr(prefix.size());
  if (!out.path.starts_with('/')) out.path.insert(0, "/");
  const RestRequest request{head.method, out.path, out.target.query, body};
  out.asked = read_rest_request(*out.route->mapping, request);
  if (out.asked.operation != nullptr) out.exchange.operation = out.asked.operation->id;
  out.exchange.volume = out.asked.volume;
  out.exchange.elements = std::move(out.asked.elements);
  if (out.asked.fault != nullptr) out.refusal = {400, out.asked.fault};
}

// Who may not ask at all, or not for this purpose, learns nothing from how a person's own facts would have decided.
bool admits(const Decision& decision) {
  return std::ranges::none_of(decision.findings, [](const Finding& each) {
    return each.effect == Effect::blocks && each.code < Code::no_legal_basis;
  });
}

// Whether they are clients is asked only where it decides: when the purpose says that the gate checks it, and of more
// than one person.
void establish_relations(Desk& desk, const Purpose& purpose, Understood& out) {
  if (!out.admitted) return;
  if (!purpose.relation_checked && out.exchange.volume == Volume::single) return;
  try {
    out.exchange.relations =
        desk.relations.of_all(purpose.id, purpose.controller, out.asked.subjects, dutch_date(out.exchange.at));
  } catch (const std::exception& error) {
    spdlog::error("client relations: {}", error.what());
    out.unrelated = true;
  }
}

// This year's name of each person, and last year's while the window reaches back into it.
void name_persons(Desk& desk, const std::string& controller, Understood& out) {
  const Date today = dutch_date(out.exchange.at);
  const int year = year_of(today), year_before = year_of(today - std::chrono::days{desk.gate.config.history_days});
  Keys& keys = desk.gate.keys;
  for (auto& number : out.asked.subjects) {
    PersonHistory::Person person{pseudonym_of(keys, year, controller, number), {}};
    if (year_before != year && year_before >= desk.gate.first_key_year.load(std::memory_order_relaxed))
      person.before = pseudonym_of(keys, year_before, controller, number);
    wipe(number);
    out.facts.part.subjects.push_back(person.now);
    out.persons.push_back(std::move(person));
  }
  out.asked.subjects.clear();
}

// Without keys no exchange can be recorded as it must be, so none takes place.
void prepare_part(Desk& desk, const Published& published, const Caller& caller, std::string_view body,
                  Understood& out) {
  const auto* purpose = published.snapshot->purpose(out.exchange.purpose);
  out.admitted = purpose != nullptr && admits(decide(*published.snapshot, out.exchange));
  if (purpose != nullptr) establish_relations(desk, *purpose->purpose, out);
  try {
    name_persons(desk, purpose == nullptr ? caller.oin : purpose->purpose->controller, out);
    out.facts.key = desk.gate.data_keys.current(out.exchange.purpose, dutch_date(out.exchange.at));
  } catch (const std::exception&) {
    for (auto& number : out.asked.subjects) wipe(number);
    out.asked.subjects.clear();
    ++desk.gate.metrics.key_failures;
    out.keyless = true;
  }
  out.facts.blind = random_bytes(blind_bytes);
  if (!body.empty()) out.facts.request_digest = blinded_digest(out.facts.blind, body);
}

ExchangeFacts facts_of(Desk& desk, const Caller& caller, std::string_view traceparent) {
  ExchangeFacts facts;
  facts.tx = new_decision_id();
  facts.trace = trace_of(traceparent);
  facts.node = desk.gate.config.node;
  facts.consumer = caller.oin;
  facts.key_print = caller.key_print;
  facts.part.client = caller.address;
  return facts;
}

Understood understand(Desk& desk, const Published& published, const Caller& caller, const http::Head& head,
                      std::optional<std::string_view> body) {
  Understood out;
  out.facts = facts_of(desk, caller, head.find("traceparent").value_or(""));
  out.exchange.consumer = caller.oin;
  out.exchange.at = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  understand_claims(out, read_claims(head, desk.gate.config.headers_for(caller.oin)), caller);
  if (!http::parse_target(head.target, out.target, out.refusal)) return out;
  out.service = published.snapshot->service_at(out.target.path);
  if (out.service == nullptr) return out;
  out.exchange.service = out.service->service->id;
  out.facts.provider = out.service->service->provider;
  out.route = &published.routes.at(out.exchange.service);
  if (body) understand_request(out, head, *body);
  return out;
}

// The part of a person's history that this decision may look at: what this controller obtained, by source.
History history_of(const Snapshot& snapshot, const std::string& controller, const PersonHistory::Known& known) {
  History history;
  history.same_person_this_month = known.this_month;
  for (const auto& each : known.obtained) {
    const auto* purpose = snapshot.purpose(each.purpose);
    if (purpose != nullptr && purpose->purpose->controller != controller) continue;
    const auto* service = snapshot.service(each.service);
    history.obtained.push_back({service == nullptr ? each.service : service->service->source, each.purpose});
  }
  return history;
}

Decision decide_with_history(Desk& desk, const Snapshot& snapshot, Understood& request) {
  const auto begin = Clock::now();
  Decision decision;
  if (request.keyless) {
    decision = undecided(Code::record_not_durable, {});
  } else if (desk.gate.registers_stale.load(std::memory_order_relaxed) || request.unrelated) {
    decision = undecided(Code::registers_stale, {});
  } else if (request.refusal.what[0] != '\0') {
    decision = undecided(Code::request_malformed, request.refusal.what);
  } else if (const auto* purpose = snapshot.purpose(request.exchange.purpose);
             purpose != nullptr && !request.persons.empty() && request.admitted) {
    desk.gate.history.with({request.exchange.service, request.exchange.purpose}, request.persons,
                           dutch_date(request.exchange.at), [&](const PersonHistory::Known& known) {
                             request.exchange.history = history_of(snapshot, purpose->purpose->controller, known);
                             decision = decide(snapshot, request.exchange);
                             return decision.verdict != Verdict::block;
                           });
  } else {
    decision = decide(snapshot, request.exchange);
  }
  if (decision.register_version == 0) {
    decision.register_version = snapshot.version();
    decision.catalogue = snapshot.digest();
  }
  desk.gate.metrics.decision.observe(micros_since(begin));
  return decision;
}

// Waits until the record is durable; the thread goes on with other exchanges meanwhile.
Awaitable<Receipt> record(Desk& desk, PendingRecord pending) {
  const auto start = [&desk](auto handler, PendingRecord&& taken) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    desk.gate.ledger.append(std::move(taken), [shared, &desk](const Receipt& receipt) {
      desk.completions.add([shared, receipt] { (*shared)(receipt); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Receipt)>(
      start, asio::use_awaitable_t<Executor>{}, std::move(pending));
}

// What the caller keeps: with it, it can ask for the proof that this record is in the log.
std::string receipt_text(const Desk& desk, const Receipt& receipt) {
  return desk.gate.ledger.origin() + " " + std::to_string(receipt.index) + " " + text_of(receipt.leaf);
}

Language language_for(const http::Head& head) { return language_of(head.find("accept-language").value_or("")); }

Answer refusal(const Snapshot* snapshot, const Decision& decision, ExchangeFacts facts, int status, Language language) {
  Answer answer;
  answer.status = status;
  answer.content_type = problem_type;
  answer.body = problem_of(snapshot, decision, facts.tx, status, language);
  answer.facts = std::move(facts);
  return answer;
}

// Nothing could be recorded, so nothing is said about the exchange itself.
Answer unrecorded(Desk& desk, const Snapshot& snapshot, ExchangeFacts facts, Language language) {
  const Decision decision = undecided(Code::record_not_durable, {});
  desk.gate.metrics.count(decision);
  return refusal(&snapshot, decision, std::move(facts), 503, language);
}

Answer withheld(Desk& desk, const Snapshot& snapshot, Code code, std::string detail, ExchangeFacts facts,
                const Receipt& decided, Language language) {
  const Decision decision = undecided(code, std::move(detail));
  desk.gate.metrics.count_withheld(code);
  Answer answer = refusal(&snapshot, decision, std::move(facts), 502, language);
  answer.outcome = "withheld";
  answer.receipt = receipt_text(desk, decided);
  answer.recorded = true;
  return answer;
}

// Of a provider's refusal only the parts that hold no data pass.
const Mapping& problem_mapping() {
  static const Mapping mapping = [] {
    Mapping made;
    Operation operation;
    const auto plain_members = [](AnswerNode& node, std::initializer_list<const char*> keys) {
      for (const char* key : keys) {
        node.members.push_back({});
        node.members.back().key = key;
        node.members.back().plain = true;
      }
    };
    AnswerNode invalid;
    invalid.key = "invalidParams";
    plain_members(invalid, {"name", "code", "reason"});
    plain_members(operation.answer, {"type", "title", "status", "code"});
    operation.answer.members.push_back(invalid);
    operation.answer.seal();
    made.operations.push_back(operation);
    return made;
  }();
  return mapping;
}

struct Minimised {
  Filtered filtered;
  std::optional<Code> fault;  // set when nothing may pass
  std::string detail;
};

Minimised minimise(const Understood& request, const Decision& decision, const UpstreamAnswer& answer) {
  Minimised out;
  const auto refuse = [&](Code code, std::string detail) {
    out.fault = code;
    out.detail = std::move(detail);
  };
  if (answer.status >= 500 || (answer.status >= 300 && answer.status < 400) || answer.status == 206 ||
      answer.status == 204) {
    refuse(Code::provider_unreachable, "status " + std::to_string(answer.status));
    return out;
  }
  if (answer.encoded || !json_media_type(answer.content_type)) {
    refuse(Code::answer_unreadable, "the answer is not JSON in UTF-8");
    return out;
  }
  if (answer.status >= 400) {
    const Mapping& problem = problem_mapping();
    out.filtered = filter_answer(problem, problem.operations.front(), answer.body, {});
    hide_person_numbers(out.filtered.body);
  } else {
    out.filtered = filter_answer(*request.route->mapping, *request.asked.operation, answer.body, decision.allowed);
  }
  AnswerJudged judged = judge_answer(out.filtered, request.persons.size(), decision.strict_answer);
  if (judged.fault) refuse(*judged.fault, std::move(judged.detail));
  return out;
}

Awaitable<UpstreamAnswer> ask_provider(Desk& desk, const Understood& request, const Decision& decision,
                                       const http::Head& head, std::string_view body) {
  const RestRequest asked{head.method, request.path, request.target.query, body};
  const Narrowed narrowed = narrow(request.asked, asked, decision.allowed);
  const std::string target = request.path + (narrowed.query.empty() ? "" : "?" + narrowed.query);
  const std::string trace = request.facts.trace.header();
  const UpstreamRequest message{
      head.method, target, narrowed.body, "application/json; charset=utf-8", request.facts.tx, request.facts.provider,
      trace};
  const auto tls = desk.upstream_tls.get();
  const auto begin = Clock::now();
  UpstreamAnswer answer = co_await desk.upstreams.ask(request.route->endpoint, message, tls);
  desk.gate.metrics.upstream.observe(micros_since(begin));
  if (answer.fault != nullptr) ++desk.gate.metrics.upstream_errors;
  co_return answer;
}

}  // namespace

Awaitable<Answer> run_exchange(Desk& desk, const Caller& caller, const http::Head& head,
                               std::optional<std::string> body) {
  const auto published = desk.published.get();
  const Snapshot& snapshot = *published->snapshot;
  const Language language = language_for(head);
  Understood request = understand(desk, *published, caller, head, body);
  prepare_part(desk, *published, caller, body ? std::string_view(*body) : std::string_view(), request);
  const Decision decision = decide_with_history(desk, snapshot, request);

  PendingRecord decided = decision_record(request.facts, snapshot, request.exchange, decision, desk.gate.lists);
  const Receipt first = co_await record(desk, std::move(decided));
  if (first.durable != Durable::yes) co_return unrecorded(desk, snapshot, std::move(request.facts), language);
  desk.gate.metrics.count(decision);
  if (decision.verdict == Verdict::block) {
    const int status = request.refusal.what[0] != '\0' ? request.refusal.status : status_of(decision);
    Answer refused = refusal(&snapshot, decision, std::move(request.facts), status, language);
    refused.receipt = receipt_text(desk, first);
    refused.recorded = true;
    co_return refused;
  }

  const UpstreamAnswer came = co_await ask_provider(desk, request, decision, head, *body);
  wipe(*body);
  if (came.fault != nullptr)
    co_return withheld(desk, snapshot, Code::provider_unreachable, came.fault, std::move(request.facts), first,
                       language);
  Minimised minimised = minimise(request, decision, came);
  if (minimised.fault)
    co_return withheld(desk, snapshot, *minimised.fault, std::move(minimised.detail), std::move(request.facts), first,
                       language);

  PendingRecord released = release_record(request.facts, snapshot, minimised.filtered, came.status, desk.gate.lists);
  const Receipt second = co_await record(desk, std::move(released));
  if (second.durable != Durable::yes) co_return unrecorded(desk, snapshot, std::move(request.facts), language);
  Answer answer;
  answer.status = came.status;
  answer.content_type = came.content_type;
  answer.body = std::move(minimised.filtered.body);
  answer.facts = std::move(request.facts);
  answer.receipt = receipt_text(desk, second);
  answer.recorded = true;
  co_return answer;
}

Awaitable<Answer> refuse_malformed(Desk& desk, const Caller& caller, http::Refusal malformed) {
  const auto published = desk.published.get();
  Understood request;
  request.facts = facts_of(desk, caller, {});
  Exchange& exchange = request.exchange;
  exchange.consumer = caller.oin;
  exchange.at = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  prepare_part(desk, *published, caller, {}, request);
  ExchangeFacts& facts = request.facts;
  Decision decision = undecided(Code::request_malformed, malformed.what);
  decision.register_version = published->snapshot->version();
  decision.catalogue = published->snapshot->digest();
  PendingRecord decided = decision_record(facts, *published->snapshot, exchange, decision, desk.gate.lists);
  const Receipt receipt = co_await record(desk, std::move(decided));
  if (receipt.durable != Durable::yes) co_return unrecorded(desk, *published->snapshot, std::move(facts), Language::nl);
  desk.gate.metrics.count(decision);
  Answer answer = refusal(published->snapshot.get(), decision, std::move(facts), malformed.status, Language::nl);
  answer.receipt = receipt_text(desk, receipt);
  answer.recorded = true;
  co_return answer;
}

bool worth_reading(Desk& desk, const Caller& caller, const http::Head& head) {
  const auto published = desk.published.get();
  const Understood request = understand(desk, *published, caller, head, std::nullopt);
  if (request.service == nullptr || request.refusal.what[0] != '\0') return false;
  return admits(decide(*published->snapshot, request.exchange));
}

void record_outcome(Desk& desk, const Answer& answer, bool complete, std::size_t bytes, std::int64_t micros) {
  desk.gate.metrics.exchange.observe(micros);
  if (!answer.recorded) return;
  const std::string_view outcome = complete ? answer.outcome : "aborted";
  desk.gate.ledger.append(outcome_record(answer.facts, outcome, answer.status, bytes, micros), {});
}

}  // namespace koppelpoort
