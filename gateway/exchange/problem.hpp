// A refusal as application/problem+json (RFC 9457), in Dutch or English. Says what and why, never whether a person
// exists.
#pragma once

#include <string>
#include <string_view>

#include "policies/decision.hpp"
#include "policies/explain.hpp"

namespace koppelpoort {

inline constexpr std::string_view problem_type = "application/problem+json; charset=utf-8";

// The caller's language from Accept-Language: English when it stands before Dutch, Dutch otherwise.
Language language_of(std::string_view accept_language);

int status_of(const Decision& decision);
std::string problem_of(const Snapshot* snapshot, const Decision& decision, std::string_view tx, int status,
                       Language language);

void append_json_text(std::string& out, std::string_view text);

}  // namespace koppelpoort
