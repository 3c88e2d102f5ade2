// An explained decision as the API gives it, in the reader's language.
#pragma once

#include <boost/json.hpp>

#include "policies/explain.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort::api {

std::string_view dutch_name(Verdict verdict);
std::string_view dutch_name(Effect effect);
std::string_view dutch_name(BlockKind kind);               // empty for none
std::string_view dutch_verdict(std::string_view verdict);  // of a record's word
std::string_view dutch_kind(std::string_view kind);

// `samenvatting`, `redenen`, `gegevens`, `grondslagen`, `watNu` and what else a page about one decision shows.
boost::json::object explained(const Snapshot& snapshot, const Explanation& explanation, Language language);

// What a data element is called, and whether it is specially protected.
boost::json::object element_of(const Knowledge& knowledge, std::string_view id, Language language);
// By id, each once.
boost::json::array elements_of(const Knowledge& knowledge, const std::set<std::string>& ids, Language language);

}  // namespace koppelpoort::api
