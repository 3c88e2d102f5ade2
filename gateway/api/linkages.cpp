// `/beheer/v1/koppelingen`: what may flow from which source to which purpose of the organisation, on a day, and which
// sources may come together.
#include "gateway/api/api.hpp"
#include "gateway/api/explained.hpp"
#include "policies/analysis.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

constexpr std::size_t flows_most = 500;  // more is no picture; `totaal` says how many there are

json::array texts(const auto& list) {
  json::array all;
  for (const auto& each : list) all.emplace_back(std::string_view(each));
  return all;
}

}  // namespace

// Decided for each purpose at each source of its necessity register, with everything shown that a request can show.
Answer Api::show_linkages(const Call& call) {
  need(call, Right::see_purposes);
  Instant at = instant_at(call.now);
  if (const auto on = call.request.query.find("op"); on != call.request.query.end()) {
    const auto noon = parse_instant(on->second + "T12:00:00Z");
    if (!noon)
      throw Problem(400, in(call.language, "Ongeldige invoer", "Invalid input"),
                    in(call.language, "`op` is een datum, zoals 2026-11-25.", "`op` is a date, such as 2026-11-25."));
    at = *noon;
  }
  const auto whole = means_.in_force();
  Problems problems;
  const auto own =
      Snapshot::compile(whole->shared_knowledge(), own_entries(whole->registers(), call.caller->actor.organisation),
                        whole->version(), whole->settings(), problems);
  if (own == nullptr) throw std::runtime_error(to_text(problems));
  const Registers& registers = own->registers();
  json::array flows, linkages;
  const auto all = possible_flows(*own, at);
  for (const auto& flow : all) {
    if (flows.size() == flows_most) break;
    const Service& service = registers.services.find(flow.service)->second;
    json::array codes;
    for (const auto& finding : flow.decision.findings)
      if (finding.effect == Effect::blocks) codes.emplace_back(to_text(finding.code));
    flows.push_back({{"doel", flow.purpose},
                     {"doelTitel", registers.purposes.find(flow.purpose)->second.title},
                     {"dienst", flow.service},
                     {"dienstTitel", service.title},
                     {"bron", service.source},
                     {"aanbiederNaam", name_of_organisation(registers, flow.provider)},
                     {"gegevens", flow.motivated.count()},
                     {"oordeel", dutch_name(flow.decision.verdict)},
                     {"codes", std::move(codes)}});
  }
  for (const auto& [id, linkage] : registers.linkages)
    linkages.push_back({{"id", id},
                        {"titel", linkage.title},
                        {"doelen", texts(linkage.purposes)},
                        {"bronnen", texts(linkage.sources)},
                        {"sleutel", linkage.join_key},
                        {"inWerking", linkage.state == PurposeState::active},
                        {"proportionaliteit", linkage.proportionality},
                        {"subsidiariteit", linkage.subsidiarity}});
  return answer_of(
      200, json::object{{"totaal", all.size()}, {"stromen", std::move(flows)}, {"koppelingen", std::move(linkages)}});
}

// What tasks are called, and the roles that the organisation has.
Answer Api::list_words(const Call& call) {
  need(call, Right::see_catalogue);
  const Vocabulary& words = knowledge_.catalogue.words;
  const auto& organisations = workflow_.registers().organisations;
  const auto own = organisations.find(call.caller->actor.organisation);
  json::array roles, goals;
  for (const auto& role : words.roles) {
    const bool held = own != organisations.end() &&
                      std::ranges::any_of(own->second.roles, [&](const auto& each) { return each.role == role.id; });
    roles.push_back({{"id", role.id}, {"naam", in(call.language, role.nl, role.en)}, {"eigen", held}});
  }
  for (const auto& goal : words.goals)
    goals.push_back(
        {{"id", goal.id}, {"naam", in(call.language, goal.nl, goal.en)}, {"structureleLeemte", goal.structural_gap}});
  return answer_of(200, json::object{{"rollen", std::move(roles)}, {"taken", std::move(goals)}});
}

}  // namespace koppelpoort::api
