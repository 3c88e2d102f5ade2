// `/beheer/v1/voorstellen`: what is asked, judged and signed.
#include <charconv>

#include "gateway/api/api.hpp"
#include "gateway/api/json_toml.hpp"
#include "gateway/api/names.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

json::value moment(Instant at) { return at == Instant{} ? json::value(nullptr) : json::value(to_text(at)); }

json::object summary_of(const Proposal& proposal) {
  return {{"id", proposal.id},
          {"toestand", dutch_name(proposal.state)},
          {"project", proposal.project},
          {"gemaaktOp", moment(proposal.created_at)},
          {"ingediendOp", moment(proposal.submitted_at)},
          {"versie", proposal.version}};
}

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

json::object preview_of(const Preview& preview, Language language) {
  json::array passes, reasons;
  for (const auto& id : preview.passes) passes.emplace_back(id);
  for (const auto& reason : preview.reasons)
    reasons.push_back({{"code", reason.code},
                       {"uitleg", in(language, reason.nl, reason.en)},
                       {"nodig", in(language, reason.next_nl, reason.next_en)}});
  const char* verdict = preview.verdict == Verdict::permit     ? "toegestaan"
                        : preview.verdict == Verdict::minimise ? "geminimaliseerd"
                                                               : "geblokkeerd";
  return {{"doel", preview.purpose},
          {"dienst", preview.service},
          {"oordeel", verdict},
          {"soort", preview.kind == BlockKind::forbidden ? "verboden"
                    : preview.kind == BlockKind::none    ? ""
                                                         : "ontbreekt"},
          {"elementen", std::move(passes)},
          {"redenen", std::move(reasons)}};
}

}  // namespace

Answer Api::proposal_answer(int status, const Proposal& proposal, const Call& call) {
  json::object body = summary_of(proposal);
  body["organisatie"] = proposal.organisation;
  body["voorwaarden"] = proposal.conditions;
  body["inhoud"] = content_of(proposal.content);
  json::array history;
  for (const auto& event : proposal.events)
    history.push_back({{"stap", dutch_name(event.step)},
                       {"op", moment(event.at)},
                       {"account", event.account},
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
  return page_of(all, call.request, call.language, summary_of);
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
  const auto previewed = workflow_.preview(own_proposal(call).content, instant_at(call.now));
  if (const auto* refused = std::get_if<Refused>(&previewed)) throw problem_of(*refused, call.language);
  json::array flows;
  for (const auto& each : std::get<std::vector<Preview>>(previewed)) flows.push_back(preview_of(each, call.language));
  return answer_of(200, json::object{{"stromen", std::move(flows)}});
}

}  // namespace koppelpoort::api
