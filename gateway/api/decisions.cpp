// `/beheer/v1/besluiten`: what was decided just now, as a list, a stream and counts; one decision with its reasons; and
// what would be decided.
#include <algorithm>
#include <charconv>
#include <limits>

#include "gateway/api/api.hpp"
#include "gateway/api/explained.hpp"
#include "policies/decide.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

constexpr std::int64_t before_all = -1;   // where a stream begins that began on an empty ledger
constexpr std::size_t events_most = 500;  // in one piece of a stream

// Who asked, who was asked, and for whom: others do not see it.
bool concerns(const RecentDecision& decision, const std::string& organisation) {
  return decision.consumer == organisation || decision.provider == organisation ||
         decision.on_behalf_of == organisation;
}

json::object decision_of(const RecentDecision& decision) {
  json::array codes;
  for (const auto& code : decision.codes) codes.emplace_back(code);
  return {{"id", decision.id},
          {"op", decision.at},
          {"vrager", decision.consumer},
          {"namens", decision.on_behalf_of},
          {"aanbieder", decision.provider},
          {"dienst", decision.service},
          {"bewerking", decision.operation},
          {"doel", decision.purpose},
          {"oordeel", dutch_verdict(decision.verdict)},
          {"soort", dutch_kind(decision.block)},
          {"codes", std::move(codes)}};
}

std::string_view asked(const Request& request, std::string_view name) {
  const auto at = request.query.find(name);
  return at == request.query.end() ? std::string_view() : std::string_view(at->second);
}

bool wanted(const RecentDecision& decision, const Request& request) {
  const auto fits = [&](std::string_view name, std::string_view value) {
    const std::string_view want = asked(request, name);
    return want.empty() || want == value;
  };
  const std::string_view code = asked(request, "code");
  return fits("oordeel", dutch_verdict(decision.verdict)) && fits("soort", dutch_kind(decision.block)) &&
         fits("doel", decision.purpose) && fits("dienst", decision.service) &&
         (code.empty() || std::ranges::find(decision.codes, code) != decision.codes.end());
}

}  // namespace

// Who reads the ledger leaves a record of it first.
void Api::begin_looking(const Call& call) {
  need(call, Right::see_decisions);
  const Actor& actor = call.caller->actor;
  const auto role =
      std::ranges::find_if(actor.roles, [](AccountRole each) { return may(each, Right::see_decisions, true); });
  if (means_.look(actor.account, name_of(*role), "decisions")) return;
  throw Problem(503, in(call.language, "Kan niet worden vastgelegd", "Cannot be recorded"),
                in(call.language, "Het logboek kan nu niet vastleggen dat u kijkt; er wordt niets getoond.",
                   "The ledger cannot record now that you look; nothing is shown."));
}

Answer Api::list_decisions(const Call& call) {
  begin_looking(call);
  std::vector<const RecentDecision*> all;
  const auto& decisions = means_.recent.all();
  for (auto at = decisions.rbegin(); at != decisions.rend(); ++at)
    if (concerns(*at, call.caller->actor.organisation) && wanted(*at, call.request)) all.push_back(&*at);
  return page_of(all, call.request, call.language,
                 [&](const RecentDecision& decision) { return with_names(decision, call.caller->actor.organisation); });
}

// As the registers name them now; what they do not know, and a purpose of somebody else, keeps its id alone.
json::object Api::with_names(const RecentDecision& decision, const std::string& reader) {
  json::object body = decision_of(decision);
  const Registers& registers = workflow_.registers();
  const auto service = registers.services.find(decision.service);
  const auto purpose = registers.purposes.find(decision.purpose);
  body["vragerNaam"] = name_of_organisation(registers, decision.consumer);
  body["aanbiederNaam"] = name_of_organisation(registers, decision.provider);
  body["dienstTitel"] = service == registers.services.end() ? "" : service->second.title;
  const bool shown =
      purpose != registers.purposes.end() && (purpose->second.controller == reader || decision.provider == reader);
  body["doelTitel"] = shown ? purpose->second.title : std::string();
  return body;
}

// Server-sent events; each has the decision's place as its id, so that `Last-Event-ID` goes on where one was cut off.
Answer Api::stream_decisions(const Call& call) {
  begin_looking(call);
  const auto& decisions = means_.recent.all();
  std::int64_t from = decisions.empty() ? 0 : decisions.back().position + 1;
  // A browser that opens a new stream sends no Last-Event-ID; it asks with `na`.
  std::string_view last = call.request.header("last-event-id");
  if (last.empty()) last = asked(call.request, "na");
  if (!last.empty()) {
    std::int64_t position = 0;
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), position);
    if (error != std::errc{} || end != last.data() + last.size() || position < before_all ||
        position == std::numeric_limits<std::int64_t>::max())
      throw Problem(400, in(call.language, "Ongeldige invoer", "Invalid input"),
                    in(call.language, "Last-Event-ID is geen kenmerk van deze stroom.",
                       "Last-Event-ID is no id of this stream."));
    from = std::min(from, position + 1);
  }
  Answer answer;
  answer.type = "text/event-stream; charset=utf-8";
  answer.stream = [this, from, begun = false, request = call.request, organisation = call.caller->actor.organisation,
                   token = std::string(cookie_of(call.request))]() mutable -> std::optional<std::string> {
    // The right goes with the session: signed out or disabled, the stream ends.
    const auto known = sign_in_.of_token(token, means_.clock(), SignIn::Use::watches);
    if (!known || known->account.organisation != organisation ||
        !any_may(known->account.roles, Right::see_decisions, true))
      return std::nullopt;
    std::string text;
    std::size_t count = 0;
    // Where it begins: whoever hears nothing more can still go on from here.
    if (!begun) text = "id: " + std::to_string(from - 1) + "\nevent: begin\ndata: {}\n\n";
    begun = true;
    const auto& newest = means_.recent.all();
    auto at = std::ranges::lower_bound(newest, from, {}, &RecentDecision::position);
    for (; at != newest.end() && count < events_most; ++at) {
      from = at->position + 1;
      if (!concerns(*at, organisation) || !wanted(*at, request)) continue;
      text += "id: " + std::to_string(at->position) +
              "\nevent: besluit\ndata: " + json::serialize(with_names(*at, organisation)) + "\n\n";
      ++count;
    }
    return text;
  };
  return answer;
}

// Over a period until now: how many of each verdict in each part of it, and how often each reason came first. `vanaf`
// says from when on this node remembers them all.
Answer Api::count_decisions(const Call& call) {
  begin_looking(call);
  constexpr std::pair<int, int> parts_of[] = {{1, 12}, {24, 24}, {168, 28}, {720, 30}};  // hours, parts
  constexpr std::int64_t hour = 3600;
  const std::string_view asked_hours = asked(call.request, "uren");
  const auto at = std::ranges::find_if(parts_of, [&](const auto& each) {
    return std::to_string(each.first) == (asked_hours.empty() ? "24" : asked_hours);
  });
  if (at == std::end(parts_of))
    throw Problem(400, in(call.language, "Ongeldige invoer", "Invalid input"),
                  in(call.language, "`uren` is 1, 24, 168 of 720.", "`uren` is 1, 24, 168 or 720."));
  const auto [hours, parts] = *at;
  const std::int64_t length = hours * hour / parts;
  // Whole parts: the last one holds now.
  const std::int64_t end = (call.now / length + 1) * length, begin = end - length * parts;
  struct Part {
    std::map<std::string_view, std::int64_t> of;
  };
  std::vector<Part> counted(static_cast<std::size_t>(parts));
  std::map<std::string, std::int64_t> reasons;
  const auto& decisions = means_.recent.all();
  for (auto each = decisions.rbegin(); each != decisions.rend(); ++each) {
    const auto when = parse_instant(each->at);
    if (!when) continue;
    const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(when->time_since_epoch()).count();
    if (seconds < begin) break;
    if (seconds >= end || !concerns(*each, call.caller->actor.organisation) || !wanted(*each, call.request)) continue;
    const bool blocked = each->verdict == "block";
    ++counted[static_cast<std::size_t>((seconds - begin) / length)]
          .of[blocked ? dutch_kind(each->block) : dutch_verdict(each->verdict)];
    if (blocked && !each->codes.empty()) ++reasons[each->codes.front()];
  }
  json::array periods, codes;
  for (int i = 0; i < parts; ++i) {
    json::object period{{"begin", to_text(instant_at(begin + i * length))}};
    for (const std::string_view name : {"toegestaan", "geminimaliseerd", "verboden", "ontbreekt", "onbeslist"})
      period[name] = counted[static_cast<std::size_t>(i)].of[name];
    periods.push_back(std::move(period));
  }
  for (const auto& [code, count] : reasons) codes.push_back({{"code", code}, {"aantal", count}});
  return answer_of(
      200, json::object{{"vanaf", means_.recent.whole() || decisions.empty() ? json::value(nullptr)
                                                                             : json::value(decisions.front().at)},
                        {"perioden", std::move(periods)},
                        {"redenen", std::move(codes)}});
}

// Decided again on the registers and the catalogue of then; says so when that gives something else than is on record.
Answer Api::show_decision(const Call& call) {
  begin_looking(call);
  const auto found = means_.remembered(call.path[1]);
  const std::string& own = call.caller->actor.organisation;
  const auto provider_of = [](const Api::Remembered& each) {
    const auto& services = each.snapshot->registers().services;
    const auto at = services.find(each.recorded.exchange.service);
    return at == services.end() ? std::string() : at->second.provider;
  };
  if (!found || (found->recorded.exchange.consumer != own && found->recorded.exchange.on_behalf_of != own &&
                 provider_of(*found) != own))
    throw Problem(404, in(call.language, "Niet gevonden", "Not found"),
                  in(call.language, "Dit besluit is er niet, of het gaat niet over uw organisatie.",
                     "There is no such decision, or it is not about your organisation."));
  const RecordedDecision& recorded = found->recorded;
  const Exchange& exchange = recorded.exchange;
  const Decision decision = recorded.undecided() && !recorded.codes.empty()
                                ? undecided(static_cast<Code>(std::stoi(recorded.codes.front().substr(3))), {})
                                : decide(*found->snapshot, exchange);
  json::object body = explained(*found->snapshot, explain(*found->snapshot, exchange, decision), call.language);
  // Whose purpose it is, and who was asked, may see what it rests on.
  const auto* purpose = found->snapshot->purpose(exchange.purpose);
  if (purpose != nullptr && purpose->purpose->controller != own && provider_of(*found) != own)
    body["grondslagen"] = json::array();
  const std::string difference = recorded.undecided() ? std::string() : difference_of(recorded, decision);
  RecentDecision names;
  names.id = recorded.id;
  names.at = recorded.written_at;
  names.consumer = exchange.consumer;
  names.provider = provider_of(*found);
  names.on_behalf_of = exchange.on_behalf_of;
  names.service = exchange.service;
  names.operation = exchange.operation;
  names.purpose = exchange.purpose;
  names.verdict = recorded.verdict;
  names.block = recorded.block;
  names.codes = recorded.codes;
  for (auto& [name, value] : with_names(names, own)) body[name] = std::move(value);
  body["bewijs"] = {{"plaats", recorded.position},
                    {"registerversie", recorded.registers},
                    {"regels", recorded.catalogue},
                    {"opnieuwGelijk", difference.empty()},
                    {"verschil", difference}};
  return answer_of(200, body);
}

// What the gate would decide now, without an exchange: nothing is asked of anybody, and nothing is recorded.
Answer Api::try_exchange(const Call& call) {
  need(call, Right::see_purposes);
  const auto snapshot = means_.in_force();
  Exchange exchange;
  exchange.at = instant_at(call.now);
  exchange.consumer = call.caller->actor.organisation;
  exchange.purpose = text_of(call.body, "doel", call.language);
  exchange.service = text_of(call.body, "dienst", call.language);
  exchange.signal = text_if(call.body, "aanleiding", call.language);
  const std::string volume = text_if(call.body, "omvang", call.language);
  if (volume == "lijst") exchange.volume = Volume::list;
  // Another organisation's purpose is not there, for whoever asks.
  const auto* purpose = snapshot->purpose(exchange.purpose);
  if (purpose != nullptr && purpose->purpose->controller != exchange.consumer) exchange.purpose.clear();
  std::set<std::string> ids;
  for (auto& id : texts_of(call.body, "gegevens", call.language)) ids.insert(std::move(id));
  for (const auto& id : ids) {
    const auto index = knowledge_.taxonomy.find(id);
    if (!index)
      throw Problem(422, in(call.language, "Gegeven onbekend", "Unknown data"),
                    in(call.language, "Dit gegeven is er niet: ", "There is no such data element: ") + id);
    exchange.elements.push_back({*index, Use::deliver, {}});
  }
  // As if the person were a client where the purpose asks that: who they are nobody says here.
  if (purpose != nullptr)
    for (const auto& capacity : purpose->purpose->capacities) exchange.relations.push_back({capacity, {}});
  return answer_of(200, explained(*snapshot, explain(*snapshot, exchange, decide(*snapshot, exchange)), call.language));
}

}  // namespace koppelpoort::api
