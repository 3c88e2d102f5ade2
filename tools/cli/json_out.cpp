#include "tools/cli/json_out.hpp"

#include "tools/scenario/scenario.hpp"

namespace koppelpoort::cli {

namespace json = boost::json;

json::array texts_json(const std::vector<std::string>& texts) {
  json::array all;
  for (const auto& text : texts) all.emplace_back(text);
  return all;
}

json::object decision_json(const Snapshot& snapshot, const Decision& decision) {
  json::object out;
  out["verdict"] = name_of(decision.verdict);
  out["block"] = name_of(decision.kind);
  out["codes"] = texts_json(codes_of(decision, false));
  out["notes"] = texts_json(codes_of(decision, true));
  out["elements"] = texts_json(elements_of(snapshot, decision.allowed));
  out["bases"] = texts_json(decision.bases);
  out["register_version"] = decision.register_version;
  out["catalogue"] = decision.catalogue;
  return out;
}

json::object explanation_json(const Explanation& explanation) {
  json::object out;
  out["verdict"] = name_of(explanation.verdict);
  out["block"] = name_of(explanation.kind);
  out["summary"] = {{"nl", explanation.summary_nl}, {"en", explanation.summary_en}};
  out["purpose"] = {{"id", explanation.purpose}, {"nl", explanation.purpose_nl}, {"en", explanation.purpose_en}};
  json::array bases, elements, reasons, remedies;
  for (const auto& each : explanation.bases)
    bases.push_back(
        {{"id", each.id}, {"law", each.law}, {"article", each.article}, {"link", each.link}, {"state", each.state_en}});
  for (const auto& each : explanation.elements) {
    json::array because;
    for (const auto code : each.because) because.emplace_back(to_text(code));
    elements.push_back(
        {{"id", each.id}, {"nl", each.nl}, {"en", each.en}, {"passes", each.passes}, {"because", because}});
  }
  for (const auto& each : explanation.reasons)
    reasons.push_back({{"code", to_text(each.code)},
                       {"name", each.name},
                       {"subject", each.subject},
                       {"effect", name_of(each.effect)},
                       {"kind", name_of(each.kind)},
                       {"elements", texts_json(each.elements)},
                       {"nl", each.nl},
                       {"en", each.en},
                       {"next_nl", each.next_nl},
                       {"next_en", each.next_en},
                       {"law", each.law},
                       {"mends", each.mends}});
  for (const auto& each : explanation.remedies)
    remedies.push_back({{"code", to_text(each.code)}, {"nl", each.nl}, {"en", each.en}, {"who", each.who}});
  out["bases"] = std::move(bases);
  out["elements"] = std::move(elements);
  out["reasons"] = std::move(reasons);
  out["remedies"] = std::move(remedies);
  json::array together;
  for (const auto& each : explanation.together)
    together.push_back({{"code", to_text(each.code)}, {"nl", each.nl}, {"en", each.en}, {"who", each.who}});
  out["together"] = std::move(together);
  out["plain"] = {{"nl", explanation.plain_nl}, {"en", explanation.plain_en}};
  out["structural_gap"] = explanation.structural_gap;
  return out;
}

}  // namespace koppelpoort::cli
