// Field sets by which a municipality's own proxy bounds BRP questions, as drafts.
#pragma once

#include <string>
#include <string_view>

#include "adapters/import/imported_purpose.hpp"
#include "adapters/wire/json/mapping.hpp"

namespace koppelpoort {

// One field path of the BRP API a line: a set of a municipality's own proxy. `name` becomes the title.
ImportedPurpose import_field_set(std::string_view text, std::string_view name, const std::string& service,
                                 const Mapping& mapping, const Taxonomy& taxonomy);

}  // namespace koppelpoort
