// Decisions and explanations as JSON for machines.
#pragma once

#include <boost/json.hpp>

#include "policies/explain.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort::cli {

boost::json::object decision_json(const Snapshot& snapshot, const Decision& decision);
boost::json::object explanation_json(const Explanation& explanation);
boost::json::array texts_json(const std::vector<std::string>& texts);

}  // namespace koppelpoort::cli
