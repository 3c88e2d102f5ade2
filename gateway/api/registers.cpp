// `/beheer/v1/grondslagen`, `/organisaties`, `/diensten`, `/doelen`: what is in force.
#include <algorithm>

#include "gateway/api/api.hpp"
#include "gateway/api/explained.hpp"
#include "policies/page.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

json::array texts(const auto& list) {
  json::array all;
  for (const auto& each : list) all.emplace_back(std::string_view(each));
  return all;
}

json::value day(const std::optional<Date>& date) { return date ? json::value(to_text(*date)) : json::value(nullptr); }

std::string_view dutch_state(LawState state) {
  switch (state) {
    case LawState::in_force: return "van-kracht";
    case LawState::repealed: return "ingetrokken";
    case LawState::disapplied: return "buiten-werking";
    case LawState::pending: return "aanstaand";
    case LawState::unknown: break;
  }
  return "onbekend";
}

// `day`: on which its state is asked.
json::object basis_of(const Entry& entry, Date on, Language language) {
  const Validity* interval = entry.interval_on(on);
  return {{"id", entry.id},
          {"wet", entry.law->name},
          {"artikel", entry.article},
          {"verwijzing", entry.link},
          {"waarvoor", in(language, entry.purpose_nl, entry.purpose)},
          {"stand", dutch_state(entry.state_on(on))},
          {"van", interval == nullptr ? json::value(nullptr) : json::value(to_text(interval->from))},
          {"tot", interval == nullptr ? json::value(nullptr) : day(interval->until)}};
}

Date day_asked(const Request& request, std::int64_t now, Language language) {
  const auto at = request.query.find("op");
  if (at == request.query.end()) return dutch_date(instant_at(now));
  if (const auto date = parse_date(at->second)) return *date;
  throw Problem(400, in(language, "Ongeldige invoer", "Invalid input"),
                in(language, "`op` is een datum, zoals 2026-11-25.", "`op` is a date, such as 2026-11-25."));
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

// The purpose by its title, where it is about one.
std::string named(const Registers& registers, const Remark& remark, Language language) {
  std::string where = in(language, remark.where_nl, remark.where);
  const auto purpose = registers.purposes.find(remark.purpose);
  if (purpose == registers.purposes.end() || purpose->second.title.empty()) return where;
  const std::string prefix = in(language, "doel ", "purpose ") + remark.purpose;
  if (!where.starts_with(prefix)) return where;
  const bool english = language == Language::en && !purpose->second.title_en.empty();
  return (english ? purpose->second.title_en : purpose->second.title) + where.substr(prefix.size());
}

}  // namespace

Answer Api::list_bases(const Call& call) {
  need(call, Right::see_catalogue);
  std::vector<const Entry*> all;
  for (const auto& [id, entry] : knowledge_.catalogue.entries) all.push_back(&entry);
  const Date on = day_asked(call.request, call.now, call.language);
  return page_of(all, call.request, call.language,
                 [&](const Entry& entry) { return basis_of(entry, on, call.language); });
}

Answer Api::show_basis(const Call& call) {
  need(call, Right::see_catalogue);
  const Entry* entry = knowledge_.catalogue.find(call.path[1]);
  if (entry == nullptr)
    throw Problem(
        404, in(call.language, "Niet gevonden", "Not found"),
        in(call.language, "Deze grondslag staat niet in de catalogus.", "This basis is not in the catalogue."));
  json::object body = basis_of(*entry, day_asked(call.request, call.now, call.language), call.language);
  json::array intervals, purposes;
  for (const auto& each : entry->validity)
    intervals.push_back({{"van", to_text(each.from)}, {"tot", day(each.until)}, {"stand", dutch_state(each.state)}});
  if (any_may(call.caller->actor.roles, Right::see_purposes, true))
    for (const auto& [id, purpose] : workflow_.registers().purposes)
      if (purpose.controller == call.caller->actor.organisation &&
          std::ranges::find(purpose.bases, entry->id) != purpose.bases.end())
        purposes.push_back({{"id", id}, {"titel", purpose.title}});
  json::array conditions;
  for (const auto& each : entry->conditions)
    conditions.push_back({{"id", entry->id + "/" + each.id},
                          {"tekst", in(call.language, each.nl, each.en)},
                          {"perUitwisseling", each.per_exchange}});
  body["voorwaarden"] = std::move(conditions);
  body["gegevens"] = entry->data;
  body["grenzen"] = entry->limits;
  body["gelezen"] = day(entry->text_read);
  body["perioden"] = std::move(intervals);
  body["doelen"] = std::move(purposes);
  return answer_of(200, body);
}

Answer Api::list_organisations(const Call& call) {
  need(call, Right::see_catalogue);
  std::vector<const Organisation*> all;
  for (const auto& [oin, organisation] : workflow_.registers().organisations) all.push_back(&organisation);
  return page_of(all, call.request, call.language, [](const Organisation& each) {
    return json::object{{"oin", each.oin}, {"naam", each.name}, {"soort", each.kind}};
  });
}

Answer Api::list_services(const Call& call) {
  need(call, Right::see_catalogue);
  const Registers& registers = workflow_.registers();
  std::vector<const Service*> all;
  for (const auto& [id, service] : registers.services) all.push_back(&service);
  return page_of(all, call.request, call.language, [&](const Service& each) {
    return json::object{{"id", each.id},
                        {"titel", each.title},
                        {"aanbieder", each.provider},
                        {"aanbiederNaam", name_of_organisation(registers, each.provider)},
                        {"bron", each.source},
                        {"elementen", texts(each.elements)}};
  });
}

Answer Api::show_service(const Call& call) {
  need(call, Right::see_catalogue);
  const Registers& registers = workflow_.registers();
  const auto at = registers.services.find(call.path[1]);
  if (at == registers.services.end())
    throw Problem(404, in(call.language, "Niet gevonden", "Not found"),
                  in(call.language, "Deze dienst is er niet.", "There is no such service."));
  const Service& service = at->second;
  return answer_of(
      200, json::object{{"id", service.id},
                        {"titel", service.title},
                        {"aanbieder", service.provider},
                        {"aanbiederNaam", name_of_organisation(registers, service.provider)},
                        {"bron", service.source},
                        {"gegevens",
                         elements_of(knowledge_, {service.elements.begin(), service.elements.end()}, call.language)}});
}

// Every reason code in a few words, for lists.
Answer Api::list_reasons(const Call& call) {
  need(call, Right::see_catalogue);
  std::vector<const Reason*> all;
  for (const auto& [code, reason] : knowledge_.reasons.of) all.push_back(&reason);
  return page_of(all, call.request, call.language, [&](const Reason& each) {
    return json::object{{"code", to_text(each.code)},
                        {"kort", in(call.language, each.short_nl, each.short_en)},
                        {"soort", dutch_name(each.kind)},
                        {"wet", each.law}};
  });
}

Answer Api::list_purposes(const Call& call) {
  need(call, Right::see_purposes);
  const auto wanted = call.request.query.find("toestand");
  std::vector<const Purpose*> all;
  for (const auto& [id, purpose] : workflow_.registers().purposes) {
    if (purpose.controller != call.caller->actor.organisation) continue;
    if (wanted != call.request.query.end() && wanted->second != dutch_state(purpose.state)) continue;
    all.push_back(&purpose);
  }
  return page_of(all, call.request, call.language, purpose_of);
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
  std::set<std::string> elements;
  for (const auto& [id, necessity] : registers.necessities)
    if (necessity.purpose == purpose.id) {
      elements.insert(necessity.elements.begin(), necessity.elements.end());
      const auto service = registers.services.find(necessity.service);
      necessities.push_back({{"id", id},
                             {"dienstTitel", service == registers.services.end() ? "" : service->second.title},
                             {"dienst", necessity.service},
                             {"elementen", texts(necessity.elements)},
                             {"proportionaliteit", necessity.proportionality},
                             {"subsidiariteit", necessity.subsidiarity},
                             {"herbeoordelingVoor", day(necessity.review_by)}});
    }
  for (const auto& each : purpose.evidence)
    evidence.push_back({{"voor", each.for_what},
                        {"verwijzing", each.reference},
                        {"van", day(each.period.from)},
                        {"tot", day(each.period.until)}});
  body["omschrijving"] = purpose.description;
  body["noodzaak"] = std::move(necessities);
  body["gegevens"] = elements_of(knowledge_, elements, call.language);
  body["bewaartermijnMaanden"] =
      purpose.retention_months ? json::value(*purpose.retention_months) : json::value(nullptr);
  body["bewijs"] = std::move(evidence);
  if (purpose.approval)
    body["goedkeuring"] = {{"geadviseerdDoor", purpose.approval->advised_by},
                           {"geadviseerdOp", to_text(purpose.approval->advised_at)},
                           {"ondertekendDoor", purpose.approval->signed_by},
                           {"ondertekendOp", to_text(purpose.approval->signed_at)}};
  return answer_of(200, body);
}

// What is due, and proposals that wait: longest first.
Answer Api::list_remarks(const Call& call) {
  need(call, Right::see_purposes);
  const std::string& own = call.caller->actor.organisation;
  const Instant now{std::chrono::seconds{call.now}};
  struct Point {
    std::string where, text, proposal, purpose;
  };
  std::vector<Point> points;
  std::vector<const Proposal*> waiting;
  for (const auto& [id, proposal] : workflow_.proposals())
    if (proposal.organisation == own &&
        (proposal.state == ProposalState::submitted || proposal.state == ProposalState::advised))
      waiting.push_back(&proposal);
  std::ranges::sort(waiting, {}, [](const Proposal* each) { return each->submitted_at; });
  for (const Proposal* each : waiting) {
    const auto day_of = [&](Instant at) { return day_in_words(dutch_date(at), call.language); };
    const std::string since = day_of(each->submitted_at);
    const bool advised = each->state == ProposalState::advised;
    points.push_back({titles_of(*each, call.language),
                      advised ? in(call.language, "wacht op ondertekening sinds " + day_of(each->advised_at),
                                   "waits for a signature since " + day_of(each->advised_at))
                              : in(call.language, "wacht op de FG sinds " + since, "waits for the FG since " + since),
                      each->id,
                      {}});
  }
  for (auto& remark : workflow_.remarks(own, now))
    points.push_back({named(workflow_.registers(), remark, call.language),
                      in(call.language, remark.nl, remark.en),
                      {},
                      remark.purpose});
  std::vector<const Point*> all;
  all.reserve(points.size());
  for (const auto& each : points) all.push_back(&each);
  return page_of(all, call.request, call.language, [](const Point& each) {
    return json::object{{"waar", each.where}, {"wat", each.text}, {"voorstel", each.proposal}, {"doel", each.purpose}};
  });
}

Answer Api::suspend_purpose(const Call& call) {
  const auto done = workflow_.stop(call.caller->actor, call.path[1], PurposeState::suspended,
                                   reasons_of(call.body, call.language), instant_at(call.now));
  if (const auto* refused = std::get_if<Refused>(&done)) throw problem_of(*refused, call.language);
  return answer_of(201, json::object{{"doel", call.path[1]}, {"registerversie", std::get<std::int64_t>(done)}});
}

Answer Api::withdraw_purpose(const Call& call) {
  const auto done = workflow_.stop(call.caller->actor, call.path[1], PurposeState::withdrawn,
                                   reasons_of(call.body, call.language), instant_at(call.now));
  if (const auto* refused = std::get_if<Refused>(&done)) throw problem_of(*refused, call.language);
  return answer_of(201, json::object{{"doel", call.path[1]}, {"registerversie", std::get<std::int64_t>(done)}});
}

// The report itself is made by `koppelpoort report`; that the board saw it is an event (sector picture, R20).
Answer Api::acknowledge_report(const Call& call) {
  need(call, Right::acknowledge_report);
  const std::string& month = call.path[1];
  const auto first = parse_date(month + "-01");
  const Date today = dutch_date(instant_at(call.now));
  if (!first || month.size() != 7 || *first >= today)
    throw Problem(422, in(call.language, "Maand klopt niet", "Not a month"),
                  in(call.language, "Noem een maand die begonnen is, zoals 2026-11.",
                     "Name a month that has begun, such as 2026-11."));
  accounts_.record({0, instant_at(call.now), call.caller->actor.account, call.caller->actor.account,
                    std::string(report_acknowledged), month + " " + reasons_of(call.body, call.language)});
  return answer_of(201, json::object{{"maand", month}});
}

}  // namespace koppelpoort::api
