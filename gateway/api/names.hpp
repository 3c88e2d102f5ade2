// The words of the workflow as the API and the screen say them, in Dutch.
#pragma once

#include <optional>
#include <string_view>

#include "policies/workflow/proposal.hpp"

namespace koppelpoort::api {

std::string_view dutch_name(AccountRole role);
std::optional<AccountRole> role_in_dutch(std::string_view name);
std::string_view dutch_name(Right right);
std::string_view dutch_name(ProposalState state);
std::string_view dutch_name(Step step);

}  // namespace koppelpoort::api
