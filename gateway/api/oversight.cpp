// `/beheer/v1/knooppunt` and `/gebeurtenissen`: how the gate is, and who did what in registers, proposals and accounts.
#include <algorithm>
#include <array>

#include "gateway/api/api.hpp"
#include "gateway/api/names.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

constexpr std::size_t events_kept = 5000;  // the newest of each kind

json::value moment_or_null(std::int64_t seconds) {
  return seconds <= 0 ? json::value(nullptr) : json::value(to_text(instant_at(seconds)));
}

// What the stores call it, and what people read.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> account_steps{
    {{"signed in", "aangemeld"},
     {"signed out", "afgemeld"},
     {"sign-in refused", "aanmelden-geweigerd"},
     {"password changed", "wachtwoord-gewijzigd"},
     {"account made", "account-gemaakt"},
     {"account confirmed", "account-bevestigd"},
     {"account disabled", "account-uitgeschakeld"},
     {"rights changed", "rechten-gewijzigd"},
     {"secrets renewed", "toegang-vernieuwd"},
     {practised, "geoefend"},
     {report_acknowledged, "rapportage-gezien"}}};

std::string_view dutch_step(std::string_view what) {
  const auto at = std::ranges::find(account_steps, what, &std::pair<std::string_view, std::string_view>::first);
  return at == account_steps.end() ? "anders" : at->second;
}

struct Done {
  Instant at{};
  std::string kind, who, role, what, about, why;
};

json::object done_of(const Done& done) {
  return {{"op", to_text(done.at)}, {"soort", done.kind}, {"wie", done.who},   {"rol", done.role},
          {"wat", done.what},       {"over", done.about}, {"waarom", done.why}};
}

// Whose entry it is; of organisations and services everybody's.
bool concerns(const RegisterEvent& event, const Registers& registers, const std::string& own) {
  const auto own_purpose = [&](std::string_view id) {
    const auto at = registers.purposes.find(id);
    return at != registers.purposes.end() && at->second.controller == own;
  };
  if (event.kind == "purpose") return own_purpose(event.id);
  if (event.kind == "necessity") {
    const auto at = registers.necessities.find(event.id);
    return at != registers.necessities.end() && own_purpose(at->second.purpose);
  }
  if (event.kind == "linkage") {
    const auto at = registers.linkages.find(event.id);
    return at != registers.linkages.end() && std::ranges::any_of(at->second.purposes, own_purpose);
  }
  if (event.kind == "algorithm") {
    const auto at = registers.algorithms.find(event.id);
    return at != registers.algorithms.end() && at->second.owner == own;
  }
  if (event.kind == "mandate") {
    const auto at = registers.mandates.find(event.id);
    return at != registers.mandates.end() && (at->second.principal == own || at->second.agent == own);
  }
  return true;
}

}  // namespace

Answer Api::show_node(const Call& call) {
  need(call, Right::see_decisions);
  const Health health = means_.health();
  const std::string why =
      health.sealed  ? in(call.language, "Het logboek is verzegeld na een fout in de opslag; er gaat niets door.",
                          "The ledger is sealed after a storage error; nothing passes.")
      : health.stuck ? in(call.language, "De schijf van het logboek antwoordt niet; nieuwe vragen worden geweigerd.",
                          "The ledger's disk does not answer; new requests are refused.")
      : health.stale ? in(call.language, "De registers zijn te oud om op te besluiten (KP-903).",
                          "The registers are too old to decide on (KP-903).")
                     : std::string();
  json::object body{{"naam", health.node},
                    {"versie", health.version},
                    {"gereed", why.empty()},
                    {"waarom", why},
                    {"logboekregels", health.records},
                    {"registerversie", health.registers},
                    {"registersGelezenOp", moment_or_null(health.registers_read_at)},
                    {"certificaatDagen", health.certificate_days},
                    {"intrekkingslijstDagen", health.revocation_days},
                    {"aanbiederfouten", health.upstream_errors},
                    {"herlaadfouten", health.reload_failures},
                    {"exporterAchter", health.exports_behind},
                    {"exportfouten", health.export_failures}};
  body["getuigen"] = health.cosigned_size < 0 ? json::value(nullptr)
                                              : json::value(json::object{{"totRegel", health.cosigned_size},
                                                                         {"op", moment_or_null(health.cosigned_at)},
                                                                         {"fouten", health.witness_failures}});
  body["tijdstempel"] =
      health.stamped_at < 0
          ? json::value(nullptr)
          : json::value(json::object{{"op", moment_or_null(health.stamped_at)}, {"fouten", health.timestamp_failures}});
  return answer_of(200, body);
}

// Newest first. Who may see it sees their own organisation's, and what was refused to somebody without an account not
// at all: nobody knows whose that was.
Answer Api::list_events(const Call& call) {
  need(call, Right::see_history);
  const std::string& own = call.caller->actor.organisation;
  // Who keeps accounts sees those, not what was advised.
  const bool sees_purposes = any_may(call.caller->actor.roles, Right::see_purposes, true);
  const bool sees_proposals = any_may(call.caller->actor.roles, Right::see_proposals, true);
  const auto accounts = accounts_.all();
  const auto account_of = [&](const std::string& id) -> const Account* {
    const auto at = std::ranges::find(accounts, id, &Account::id);
    return at == accounts.end() ? nullptr : &*at;
  };
  const auto name = [&](const std::string& id) {
    const Account* account = account_of(id);
    return account == nullptr ? id : account->name;
  };
  std::vector<Done> all;
  const Registers& registers = workflow_.registers();
  const auto& changes = workflow_.events();
  for (auto at = changes.rbegin(); at != changes.rend() && all.size() < events_kept; ++at)
    if (concerns(*at, registers, own) && (sees_purposes || at->kind == "organisation" || at->kind == "service"))
      all.push_back({at->at, "register", name(at->author), at->author_role, at->removed ? "verwijderd" : "vastgelegd",
                     at->kind + " " + at->id, at->reason});
  for (const auto& [id, proposal] : workflow_.proposals())
    if (proposal.organisation == own && sees_proposals)
      for (const auto& step : proposal.events)
        all.push_back({step.at, "voorstel", name(step.account), {}, std::string(dutch_name(step.step)), id, step.text});
  for (const auto& event : accounts_.after(accounts_known_)) {
    account_events_.push_back(event);
    accounts_known_ = event.version;
    if (account_events_.size() > events_kept) account_events_.pop_front();
  }
  for (const auto& event : account_events_) {
    const Account* account = account_of(event.account);
    if (account == nullptr || account->organisation != own) continue;
    all.push_back(
        {event.at, "account", name(event.by), {}, std::string(dutch_step(event.what)), account->name, event.detail});
  }
  std::ranges::stable_sort(all, std::greater{}, &Done::at);
  const auto wanted = call.request.query.find("soort");
  std::vector<const Done*> shown;
  for (const auto& each : all)
    if (wanted == call.request.query.end() || wanted->second == each.kind) shown.push_back(&each);
  return page_of(shown, call.request, call.language, done_of);
}

}  // namespace koppelpoort::api
