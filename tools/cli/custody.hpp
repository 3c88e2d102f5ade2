// How a command looks into the ledger: through the running gate, or with the ledger to itself; recorded either way.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config/config.hpp"

namespace koppelpoort::cli {

// Asks the gate, or does itself what the gate would when none runs. Throws Failure with the reason of a refusal.
boost::json::object ask_custody(const Config& config, const boost::json::object& question);

// Records that somebody reads what was decided, without persons: as role `reader`, before anything is shown. `what`:
// `decision`, `decisions`, `proof` or `export`.
void begin_reading(const Config& config, std::string_view what);

// The person number that somebody types or pipes in: on a command line others could read it. Checked with the
// eleven-test (Besluit BSN); throws Failure.
std::string read_person_number();
bool passes_eleven_test(const std::string& number);

// The person's pseudonyms, of every year that has a key.
std::vector<std::string> names_of(const Config& config, const std::string& controller, std::string& person_number);

}  // namespace koppelpoort::cli
