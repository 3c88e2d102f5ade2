// Registers of others, in JSON, that are read into drafts. Each takes the text of one file; a file that is not what it
// should be throws std::invalid_argument with what is wrong.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/import/imported_purpose.hpp"

namespace koppelpoort {

// Case types of a ZGW catalogue as a JSON array: purpose, and retention by the longest of the results.
std::vector<ImportedPurpose> import_case_types(std::string_view text);

// Entries of the Dutch algorithm register as a JSON array.
std::vector<ImportedPurpose> import_algorithms(std::string_view text, const Catalogue& catalogue);

// Flows with decision, data groups and legal basis, as gegevensbijbesluiten.overheid.nl publishes them: a JSON array.
std::vector<ImportedPurpose> import_flows(std::string_view text, const Catalogue& catalogue);

// Fields that a law needs, one JSON object a line (machine-readable law): one draft a law and executing organisation.
std::vector<ImportedPurpose> import_law_fields(std::string_view text, const Catalogue& catalogue);

}  // namespace koppelpoort
