// `/beheer/v1/besluiten`: what was decided just now, as a list and as a stream.
#include <algorithm>
#include <charconv>
#include <limits>

#include "gateway/api/api.hpp"
#include "policies/codes.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

constexpr std::size_t events_most = 500;  // in one piece of a stream

std::string_view dutch_verdict(std::string_view verdict) {
  return verdict == "block" ? "geblokkeerd" : verdict == "minimise" ? "geminimaliseerd" : "toegestaan";
}

std::string_view dutch_kind(std::string_view kind) {
  return kind == "forbidden" ? "verboden" : kind == "missing" ? "ontbreekt" : kind == "undecided" ? "onbeslist" : "";
}

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
  if (look_(actor.account, name_of(*role), "decisions")) return;
  throw Problem(503, in(call.language, "Kan niet worden vastgelegd", "Cannot be recorded"),
                in(call.language, "Het logboek kan nu niet vastleggen dat u kijkt; er wordt niets getoond.",
                   "The ledger cannot record now that you look; nothing is shown."));
}

Answer Api::list_decisions(const Call& call) {
  begin_looking(call);
  std::vector<const RecentDecision*> all;
  const auto& decisions = recent_.all();
  for (auto at = decisions.rbegin(); at != decisions.rend(); ++at)
    if (concerns(*at, call.caller->actor.organisation) && wanted(*at, call.request)) all.push_back(&*at);
  return page_of(all, call.request, call.language, decision_of);
}

// Server-sent events; each has the decision's place as its id, so that `Last-Event-ID` goes on where one was cut off.
Answer Api::stream_decisions(const Call& call) {
  begin_looking(call);
  const auto& decisions = recent_.all();
  std::int64_t from = decisions.empty() ? 0 : decisions.back().position + 1;
  if (const std::string_view last = call.request.header("last-event-id"); !last.empty()) {
    std::int64_t position = 0;
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), position);
    if (error != std::errc{} || end != last.data() + last.size() || position < 0 ||
        position == std::numeric_limits<std::int64_t>::max())
      throw Problem(400, in(call.language, "Ongeldige invoer", "Invalid input"),
                    in(call.language, "Last-Event-ID is geen kenmerk van deze stroom.",
                       "Last-Event-ID is no id of this stream."));
    from = std::min(from, position + 1);
  }
  Answer answer;
  answer.type = "text/event-stream; charset=utf-8";
  answer.stream = [this, from, request = call.request, organisation = call.caller->actor.organisation,
                   token = std::string(cookie_of(call.request))]() mutable -> std::optional<std::string> {
    // The right goes with the session: signed out or disabled, the stream ends.
    const auto known = sign_in_.of_token(token, clock_(), SignIn::Use::watches);
    if (!known || known->account.organisation != organisation ||
        !any_may(known->account.roles, Right::see_decisions, true))
      return std::nullopt;
    std::string text;
    std::size_t count = 0;
    const auto& newest = recent_.all();
    auto at = std::ranges::lower_bound(newest, from, {}, &RecentDecision::position);
    for (; at != newest.end() && count < events_most; ++at) {
      from = at->position + 1;
      if (!concerns(*at, organisation) || !wanted(*at, request)) continue;
      text += "id: " + std::to_string(at->position) + "\nevent: besluit\ndata: " + json::serialize(decision_of(*at)) +
              "\n\n";
      ++count;
    }
    return text;
  };
  return answer;
}

}  // namespace koppelpoort::api
