#include "adapters/export/processing_action.hpp"

#include <boost/json.hpp>

#include "legal_bases/date.hpp"

namespace koppelpoort {
namespace {

namespace json = boost::json;

json::string moment(std::int64_t micros) { return json::string(to_text(instant_at(micros / 1'000'000))); }

}  // namespace

std::string processing_action(const ExportedDecision& decision) {
  json::array kinds, persons;
  for (const auto& element : decision.allowed) kinds.push_back(json::object{{"soortGegeven", element}});
  for (const auto& subject : decision.subjects)
    persons.push_back(json::object{{"objecttype", "persoon"},
                                   {"soortObjectId", "koppelpoort-pseudoniem"},
                                   {"objectId", subject},
                                   {"betrokkenheid", "betrokkene"},
                                   {"verwerkteSoortenGegevens", kinds}});
  return json::serialize(json::object{{"actieNaam", "verstrekking " + decision.service},
                                      {"handelingNaam", decision.operation},
                                      {"verwerkingNaam", decision.purpose},
                                      {"verwerkingId", decision.id},
                                      {"verwerkingsactiviteitUrlAfnemer", decision.activity},
                                      {"vertrouwelijkheid", "normaal"},
                                      {"uitvoerder", decision.provider},
                                      {"systeem", "koppelpoort " + decision.node},
                                      {"gegevensbron", decision.service},
                                      {"soortAfnemerId", "OIN"},
                                      {"afnemerId", decision.consumer},
                                      {"tijdstip", moment(decision.released_at)},
                                      {"verwerkteObjecten", std::move(persons)}});
}

}  // namespace koppelpoort
