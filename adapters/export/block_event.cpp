#include "adapters/export/block_event.hpp"

#include <boost/json.hpp>

#include "legal_bases/date.hpp"

namespace koppelpoort {

std::string block_event(const ExportedDecision& decision, const std::string& source) {
  namespace json = boost::json;
  const auto texts = [](const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); };
  return json::serialize(json::object{{"specversion", "1.0"},
                                      {"id", decision.id},
                                      {"source", source},
                                      {"type", "nl.koppelpoort.uitwisseling-geweigerd"},
                                      {"subject", decision.service.empty() ? "onbekend" : decision.service},
                                      {"time", to_text(instant_at(decision.decided_at / 1'000'000))},
                                      {"datacontenttype", "application/json"},
                                      {"data",
                                       {{"besluit", decision.id},
                                        {"soort", decision.block},
                                        {"codes", texts(decision.codes)},
                                        {"afnemer", decision.consumer},
                                        {"doel", decision.purpose},
                                        {"dienst", decision.service}}}});
}

}  // namespace koppelpoort
