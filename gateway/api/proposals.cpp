// `/beheer/v1/voorstellen`: what is asked, judged and signed.
#include <charconv>

#include "gateway/api/api.hpp"
#include "gateway/api/explained.hpp"
#include "gateway/api/json_toml.hpp"
#include "gateway/api/names.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

json::value moment(Instant at) { return at == Instant{} ? json::value(nullptr) : json::value(to_text(at)); }

json::object content_of(const std::string& content) {
  json::object entries = json_of(content);
  return entries;
}

std::string content_in(const json::object& body, Language language) {
  const json::value* content = body.if_contains("inhoud");
  if (content == nullptr || !content->is_object())
    throw Problem(400, in(language, "Ongeldige invoer", "Invalid input"),
                  in(language, "`inhoud` moet een object zijn met `purpose`, `necessity` en `linkage`.",
                     "`inhoud` must be an object with `purpose`, `necessity` and `linkage`."));
  try {
    return toml_of(content->get_object());
  } catch (const std::invalid_argument& wrong) {
    throw Problem(400, in(language, "Ongeldige invoer", "Invalid input"), std::string("/inhoud") + wrong.what());
  }
}

// The version that the caller saw, from If-Match.
std::int64_t version_seen(const Request& request, Language language) {
  std::string_view tag = request.header("if-match");
  if (tag.size() > 2 && tag.starts_with('"') && tag.ends_with('"')) tag = tag.substr(1, tag.size() - 2);
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  if (tag.empty() || error != std::errc{} || end != tag.data() + tag.size())
    throw Problem(428, in(language, "If-Match ontbreekt", "If-Match is missing"),
                  in(language, "Stuur met If-Match de ETag mee van het voorstel dat u zag.",
                     "Send with If-Match the ETag of the proposal that you saw."));
  return version;
}

json::object preview_of(const Preview& preview, const Registers& registers, Language language) {
  json::array passes, reasons;
  for (const auto& id : preview.passes) passes.emplace_back(id);
  for (const auto& reason : preview.reasons) {
    json::array elements;
    for (const auto& id : reason.elements) elements.emplace_back(id);
    reasons.push_back({{"code", reason.code},
                       {"gevolg", dutch_name(reason.effect)},
                       {"elementen", std::move(elements)},
                       {"uitleg", in(language, reason.nl, reason.en)},
                       {"nodig", in(language, reason.next_nl, reason.next_en)}});
  }
  const auto service = registers.services.find(preview.service);
  return {{"doel", preview.purpose},
          {"dienst", preview.service},
          {"dienstTitel", service == registers.services.end() ? preview.service : service->second.title},
          {"oordeel", dutch_name(preview.verdict)},
          {"soort", dutch_name(preview.kind)},
          {"elementen", std::move(passes)},
          {"redenen", std::move(reasons)}};
}

// What the proposal changes against what is in force: entries that are new, and members that differ.
json::array changes_of(const std::vector<RegisterEvent>& drafts, Workflow& workflow) {
  json::array all;
  for (const auto& draft : drafts) {
    const std::string before = workflow.entry_in_force(draft.kind, draft.id);
    json::object change{{"soort", draft.kind}, {"id", draft.id}, {"nieuw", before.empty()}};
    json::array members;
    if (!before.empty()) {
      const json::object was = json_of(before), becomes = json_of(draft.body);
      const auto add = [&](std::string_view name) {
        const json::value* old_value = was.if_contains(name);
        const json::value* new_value = becomes.if_contains(name);
        members.push_back({{"veld", name},
                           {"was", old_value == nullptr ? json::value(nullptr) : *old_value},
                           {"wordt", new_value == nullptr ? json::value(nullptr) : *new_value}});
      };
      for (const auto& [name, value] : becomes)
        if (const json::value* old_value = was.if_contains(name); old_value == nullptr || *old_value != value)
          add(name);
      for (const auto& [name, value] : was)
        if (!becomes.contains(name) && name != "state" && name != "approval" && name != "submitted_by") add(name);
    }
    change["velden"] = std::move(members);
    all.push_back(std::move(change));
  }
  return all;
}

}  // namespace

std::string Api::titles_of(const Proposal& proposal, Language language) {
  std::string titles;
  const json::object summary = summary_of(proposal, language);  // outlives the loop
  for (const auto& purpose : summary.at("doelen").as_array())
    titles += (titles.empty() ? "" : ", ") + std::string(purpose.at("titel").as_string());
  return titles.empty() ? in(language, "voorstel ", "proposal ") + proposal.id : titles;
}

// With what a list of them shows: about which purposes it is, and who asked.
json::object Api::summary_of(const Proposal& proposal, Language language) {
  Problems problems;
  json::array purposes;
  const Registers& registers = workflow_.registers();
  for (const auto& draft : read_content(proposal.content, problems)) {
    if (draft.kind != "purpose") continue;
    const json::object entry = json_of(draft.body);
    const json::value* title = entry.if_contains(language == Language::en ? "title_en" : "title");
    if (title == nullptr) title = entry.if_contains("title");
    purposes.push_back({{"id", draft.id},
                        {"titel", title == nullptr ? json::value(draft.id) : *title},
                        {"nieuw", !registers.purposes.contains(draft.id)}});
  }
  const std::string account =
      proposal.submitter_account.empty() ? proposal.events.front().account : proposal.submitter_account;
  return {{"id", proposal.id},
          {"toestand", dutch_name(proposal.state)},
          {"project", proposal.project},
          {"doelen", std::move(purposes)},
          {"van", name_of_account(account)},
          {"gemaaktOp", moment(proposal.created_at)},
          {"ingediendOp", moment(proposal.submitted_at)},
          {"geadviseerdOp", moment(proposal.advised_at)},
          {"versie", proposal.version}};
}

Answer Api::proposal_answer(int status, const Proposal& proposal, const Call& call) {
  json::object body = summary_of(proposal, call.language);
  body["organisatie"] = proposal.organisation;
  body["voorwaarden"] = proposal.conditions;
  body["inhoud"] = content_of(proposal.content);
  json::array history;
  for (const auto& event : proposal.events)
    history.push_back({{"stap", dutch_name(event.step)},
                       {"op", moment(event.at)},
                       {"account", event.account},
                       {"naam", name_of_account(event.account)},
                       {"toelichting", event.text}});
  body["stappen"] = std::move(history);
  // Said before it blocks: what this caller cannot do here, whatever their role.
  Problems problems;
  const auto drafts = read_content(proposal.content, problems);
  const Matter matter = matter_of(proposal, drafts, workflow_.registers());
  json::array conflicts;
  for (const Right right : {Right::advise, Right::sign}) {
    if (!any_may(call.caller->actor.roles, right, true)) continue;
    const Conflict conflict = conflict_of(call.caller->actor, right, matter);
    if (conflict != Conflict::none) conflicts.emplace_back(text_of(conflict, call.language == Language::nl));
  }
  body["belangenconflicten"] = std::move(conflicts);
  // An id that somebody else took meanwhile: what is theirs is not shown.
  const bool own = fault_of_owner(drafts, proposal.organisation, workflow_.registers()).empty();
  body["wijzigingen"] = own ? changes_of(drafts, workflow_) : json::array();
  std::set<std::string> elements;
  for (const auto& draft : drafts)
    if (draft.kind == "necessity")
      if (const json::object entry = json_of(draft.body); const json::value* list = entry.if_contains("elements"))
        for (const auto& each : list->as_array()) elements.emplace(each.as_string());
  body["gegevens"] = elements_of(knowledge_, elements, call.language);
  Answer answer = answer_of(status, body);
  answer.headers.emplace_back("ETag", "\"" + std::to_string(proposal.version) + "\"");
  if (status == 201) answer.headers.emplace_back("Location", "/beheer/v1/voorstellen/" + proposal.id);
  return answer;
}

Answer Api::list_proposals(const Call& call) {
  need(call, Right::see_proposals);
  const auto wanted = call.request.query.find("toestand");
  std::vector<const Proposal*> all;
  for (const auto& [id, proposal] : workflow_.proposals()) {
    if (proposal.organisation != call.caller->actor.organisation) continue;
    if (wanted != call.request.query.end() && wanted->second != dutch_name(proposal.state)) continue;
    all.push_back(&proposal);
  }
  return page_of(all, call.request, call.language,
                 [&](const Proposal& each) { return summary_of(each, call.language); });
}

// What another organisation proposes is not there, for whoever asks.
const Proposal& Api::own_proposal(const Call& call) {
  const auto& proposals = workflow_.proposals();
  const auto at = proposals.find(call.path[1]);
  if (at != proposals.end() && at->second.organisation == call.caller->actor.organisation) return at->second;
  throw Problem(404, in(call.language, "Niet gevonden", "Not found"),
                in(call.language, "Dit voorstel is er niet.", "There is no such proposal."));
}

Answer Api::show_proposal(const Call& call) {
  need(call, Right::see_proposals);
  return proposal_answer(200, own_proposal(call), call);
}

Answer Api::create_proposal(const Call& call) {
  const auto made = workflow_.create(call.caller->actor, content_in(call.body, call.language),
                                     text_if(call.body, "project", call.language), instant_at(call.now));
  if (const auto* refused = std::get_if<Refused>(&made)) throw problem_of(*refused, call.language);
  return proposal_answer(201, std::get<Proposal>(made), call);
}

Answer Api::take(const Call& call, Step step) {
  const std::string content = step == Step::edit ? content_in(call.body, call.language) : std::string();
  const std::string text = step == Step::edit ? std::string() : reasons_of(call.body, call.language);
  const auto taken = workflow_.take(call.caller->actor, call.path[1], step, text, content,
                                    version_seen(call.request, call.language), instant_at(call.now));
  if (const auto* refused = std::get_if<Refused>(&taken)) throw problem_of(*refused, call.language);
  return proposal_answer(200, std::get<Proposal>(taken), call);
}

Answer Api::edit_proposal(const Call& call) { return take(call, Step::edit); }
Answer Api::submit(const Call& call) { return take(call, Step::submit); }
Answer Api::ask(const Call& call) { return take(call, Step::ask); }
Answer Api::answer_question(const Call& call) { return take(call, Step::answer); }
Answer Api::sign(const Call& call) { return take(call, Step::sign); }
Answer Api::withdraw(const Call& call) { return take(call, Step::withdraw); }

Answer Api::advise(const Call& call) {
  constexpr std::pair<std::string_view, Step> verdicts[] = {{"positief", Step::advise},
                                                            {"positief-met-voorwaarden", Step::advise_with_conditions},
                                                            {"negatief", Step::advise_against},
                                                            {"terug", Step::send_back}};
  const std::string verdict = text_of(call.body, "oordeel", call.language);
  for (const auto& [name, step] : verdicts)
    if (name == verdict) return take(call, step);
  throw Problem(400, in(call.language, "Ongeldige invoer", "Invalid input"),
                in(call.language, "`oordeel` is positief, positief-met-voorwaarden, negatief of terug.",
                   "`oordeel` is positief, positief-met-voorwaarden, negatief or terug."));
}

Answer Api::preview_proposal(const Call& call) {
  need(call, Right::see_proposals);
  const std::string& content = own_proposal(call).content;
  Problems problems;
  const auto drafts = read_content(content, problems);
  if (const auto fault = fault_of_owner(drafts, call.caller->actor.organisation, workflow_.registers()); !fault.empty())
    throw Problem(
        409, in(call.language, "Nu niet mogelijk", "Not possible now"),
        in(call.language, "Een kenmerk uit dit voorstel is inmiddels van een andere organisatie; kies een ander.",
           "An id of this proposal has become another organisation's; choose another."));
  const auto previewed = workflow_.preview(content, instant_at(call.now));
  if (const auto* refused = std::get_if<Refused>(&previewed)) throw problem_of(*refused, call.language);
  const auto draft = workflow_.drafted(content, instant_at(call.now));
  std::map<std::pair<std::string, std::string>, json::object> rehearsed;
  if (any_may(call.caller->actor.roles, Right::see_decisions, true)) {
    begin_looking(call);
    rehearsed = rehearse(call, *std::get<std::shared_ptr<const Snapshot>>(draft), purposes_in(drafts));
  }
  json::array flows;
  for (const auto& each : std::get<std::vector<Preview>>(previewed)) {
    json::object flow = preview_of(each, workflow_.registers(), call.language);
    const auto real = rehearsed.find({each.purpose, each.service});
    flow["nagespeeld"] = real == rehearsed.end() ? json::value(nullptr) : json::value(real->second);
    flows.push_back(std::move(flow));
  }
  return answer_of(200, json::object{{"stromen", std::move(flows)}});
}

}  // namespace koppelpoort::api
