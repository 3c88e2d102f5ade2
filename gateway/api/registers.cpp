// `/beheer/v1/grondslagen`, `/organisaties`, `/diensten`, `/doelen`: what is in force.
#include "gateway/api/api.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

json::array texts(const auto& list) {
  json::array all;
  for (const auto& each : list) all.emplace_back(std::string_view(each));
  return all;
}

json::value day(const std::optional<Date>& date) { return date ? json::value(to_text(*date)) : json::value(nullptr); }

json::object basis_of(const Entry& entry) {
  return {{"id", entry.id}, {"wet", entry.law->name}, {"artikel", entry.article}, {"verwijzing", entry.link}};
}

std::string_view dutch_state(PurposeState state) {
  switch (state) {
    case PurposeState::draft: return "concept";
    case PurposeState::submitted: return "ingediend";
    case PurposeState::active: return "in-werking";
    case PurposeState::refused: return "afgewezen";
    case PurposeState::suspended: return "geschorst";
    case PurposeState::withdrawn: return "ingetrokken";
  }
  return "concept";
}

json::object purpose_of(const Purpose& purpose) {
  return {{"id", purpose.id},
          {"titel", purpose.title},
          {"titelEngels", purpose.title_en},
          {"organisatie", purpose.controller},
          {"rol", purpose.role},
          {"taak", purpose.goal},
          {"toestand", dutch_state(purpose.state)},
          {"grondslagen", texts(purpose.bases)},
          {"van", day(purpose.valid.from)},
          {"tot", day(purpose.valid.until)},
          {"herbeoordelingVoor", day(purpose.review_by)}};
}

}  // namespace

Answer Api::list_bases(const Call& call) {
  need(call, Right::see_catalogue);
  json::array all;
  for (const auto& [id, entry] : knowledge_.catalogue.entries) all.push_back(basis_of(entry));
  return page_of(all, call.request, call.language);
}

Answer Api::show_basis(const Call& call) {
  need(call, Right::see_catalogue);
  const Entry* entry = knowledge_.catalogue.find(call.path[1]);
  if (entry == nullptr)
    throw Problem(
        404, in(call.language, "Niet gevonden", "Not found"),
        in(call.language, "Deze grondslag staat niet in de catalogus.", "This basis is not in the catalogue."));
  return answer_of(200, basis_of(*entry));
}

Answer Api::list_organisations(const Call& call) {
  need(call, Right::see_catalogue);
  json::array all;
  for (const auto& [oin, organisation] : workflow_.registers().organisations)
    all.push_back({{"oin", oin}, {"naam", organisation.name}, {"soort", organisation.kind}});
  return page_of(all, call.request, call.language);
}

Answer Api::list_services(const Call& call) {
  need(call, Right::see_catalogue);
  json::array all;
  for (const auto& [id, service] : workflow_.registers().services)
    all.push_back({{"id", id},
                   {"titel", service.title},
                   {"aanbieder", service.provider},
                   {"bron", service.source},
                   {"elementen", texts(service.elements)}});
  return page_of(all, call.request, call.language);
}

Answer Api::list_purposes(const Call& call) {
  need(call, Right::see_purposes);
  const auto wanted = call.request.query.find("toestand");
  json::array all;
  for (const auto& [id, purpose] : workflow_.registers().purposes) {
    if (purpose.controller != call.caller->actor.organisation) continue;
    if (wanted != call.request.query.end() && wanted->second != dutch_state(purpose.state)) continue;
    all.push_back(purpose_of(purpose));
  }
  return page_of(all, call.request, call.language);
}

Answer Api::show_purpose(const Call& call) {
  need(call, Right::see_purposes);
  const Registers& registers = workflow_.registers();
  const auto at = registers.purposes.find(call.path[1]);
  if (at == registers.purposes.end() || at->second.controller != call.caller->actor.organisation)
    throw Problem(404, in(call.language, "Niet gevonden", "Not found"),
                  in(call.language, "Dit doel is er niet.", "There is no such purpose."));
  const Purpose& purpose = at->second;
  json::object body = purpose_of(purpose);
  json::array necessities, evidence;
  for (const auto& [id, necessity] : registers.necessities)
    if (necessity.purpose == purpose.id)
      necessities.push_back({{"id", id},
                             {"dienst", necessity.service},
                             {"elementen", texts(necessity.elements)},
                             {"proportionaliteit", necessity.proportionality},
                             {"subsidiariteit", necessity.subsidiarity},
                             {"herbeoordelingVoor", day(necessity.review_by)}});
  for (const auto& each : purpose.evidence)
    evidence.push_back({{"voor", each.for_what},
                        {"verwijzing", each.reference},
                        {"van", day(each.period.from)},
                        {"tot", day(each.period.until)}});
  body["omschrijving"] = purpose.description;
  body["noodzaak"] = std::move(necessities);
  body["bewijs"] = std::move(evidence);
  if (purpose.approval)
    body["goedkeuring"] = {{"geadviseerdDoor", purpose.approval->advised_by},
                           {"geadviseerdOp", to_text(purpose.approval->advised_at)},
                           {"ondertekendDoor", purpose.approval->signed_by},
                           {"ondertekendOp", to_text(purpose.approval->signed_at)}};
  return answer_of(200, body);
}

Answer Api::suspend_purpose(const Call& call) {
  const auto done = workflow_.stop(call.caller->actor, call.path[1], PurposeState::suspended,
                                   reasons_of(call.body, call.language), Instant{std::chrono::seconds{call.now}});
  if (const auto* refused = std::get_if<Refused>(&done)) throw problem_of(*refused, call.language);
  return answer_of(201, json::object{{"doel", call.path[1]}, {"registerversie", std::get<std::int64_t>(done)}});
}

Answer Api::withdraw_purpose(const Call& call) {
  const auto done = workflow_.stop(call.caller->actor, call.path[1], PurposeState::withdrawn,
                                   reasons_of(call.body, call.language), Instant{std::chrono::seconds{call.now}});
  if (const auto* refused = std::get_if<Refused>(&done)) throw problem_of(*refused, call.language);
  return answer_of(201, json::object{{"doel", call.path[1]}, {"registerversie", std::get<std::int64_t>(done)}});
}

}  // namespace koppelpoort::api
