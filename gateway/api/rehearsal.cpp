// What was really asked under a purpose, decided on the registers as a proposal would make them.
#include <algorithm>

#include "gateway/api/api.hpp"
#include "gateway/api/explained.hpp"
#include "policies/decide.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

constexpr int rehearsed_most = 2000;  // newest requests

struct Rehearsed {
  int asked = 0;
  std::map<std::string_view, int> now, then;  // by verdict
  std::size_t elements_now = 0, elements_then = 0;
  std::map<std::string, int> codes;  // that would hold something back
};

json::object counts_of(const std::map<std::string_view, int>& of) {
  json::object counts;
  for (const std::string_view name : {"toegestaan", "geminimaliseerd", "geblokkeerd"}) {
    const auto at = of.find(name);
    counts[name] = at == of.end() ? 0 : at->second;
  }
  return counts;
}

}  // namespace

// By purpose and service. Each request is decided twice as if it came now: on what is in force, and on the draft.
std::map<std::pair<std::string, std::string>, json::object> Api::rehearse(const Call& call, const Snapshot& draft,
                                                                          const std::set<std::string>& purposes) {
  std::map<std::pair<std::string, std::string>, Rehearsed> all;
  const auto current = means_.in_force();
  const auto& decisions = means_.recent.all();
  int left = rehearsed_most;
  for (auto each = decisions.rbegin(); each != decisions.rend() && left > 0; ++each) {
    const std::string& own = call.caller->actor.organisation;
    if (each->consumer != own && each->on_behalf_of != own) continue;
    if (!purposes.contains(each->purpose) || each->block == "undecided") continue;
    --left;
    Exchange exchange = means_.exchange_of(*each).exchange;
    exchange.at = instant_at(call.now);
    Rehearsed& rehearsed = all[{each->purpose, each->service}];
    const Decision now = decide(*current, exchange), then = decide(draft, exchange);
    ++rehearsed.asked;
    ++rehearsed.now[dutch_name(now.verdict)];
    ++rehearsed.then[dutch_name(then.verdict)];
    rehearsed.elements_now += now.verdict == Verdict::block ? 0 : now.allowed.count();
    rehearsed.elements_then += then.verdict == Verdict::block ? 0 : then.allowed.count();
    for (const auto& finding : then.findings)
      if (finding.effect == Effect::blocks) ++rehearsed.codes[to_text(finding.code)];
  }
  std::map<std::pair<std::string, std::string>, json::object> told;
  for (const auto& [flow, of] : all) {
    json::array codes;
    for (const auto& [code, count] : of.codes) codes.push_back({{"code", code}, {"aantal", count}});
    told[flow] = {{"vragen", of.asked},
                  {"nu", counts_of(of.now)},
                  {"straks", counts_of(of.then)},
                  {"gegevensNu", of.elements_now},
                  {"gegevensStraks", of.elements_then},
                  {"redenen", std::move(codes)}};
  }
  return told;
}

}  // namespace koppelpoort::api
