// What all printed pages share: HTML that stands alone, without scripts and without a request to anyone.
#pragma once

#include <string>

#include "policies/explain.hpp"

namespace koppelpoort {

std::string escaped(std::string_view text);
std::string day_in_words(Date day, Language language);

// Up to and with `<body>`; `page_end` is the rest.
std::string page_begin(const std::string& title, Language language);
inline constexpr std::string_view page_end = "</body>\n</html>\n";

}  // namespace koppelpoort
