#include "gateway/api/names.hpp"

namespace koppelpoort::api {
namespace {

// In the order of the enumerations.
constexpr std::string_view roles[] = {"aanvrager", "eigenaar", "fg",       "plaatsvervangend-fg", "bestuur",
                                      "or",        "operatie", "toezicht", "inzageloket",         "beheerder"};
static_assert(std::size(roles) == account_role_count);
constexpr std::string_view rights[] = {"catalogus-zien",
                                       "doelen-zien",
                                       "personeelsdoelen-zien",
                                       "voorstellen-zien",
                                       "voorstel-schrijven",
                                       "indienen",
                                       "reageren",
                                       "adviseren",
                                       "ondertekenen",
                                       "opschorten",
                                       "intrekken",
                                       "besluiten-zien",
                                       "geschiedenis-zien",
                                       "accounts-beheren",
                                       "accounts-bevestigen",
                                       "rapportage-kennisnemen"};
static_assert(std::size(rights) == right_count);
constexpr std::string_view states[] = {"concept", "ingediend", "geadviseerd", "afgeraden", "in-werking", "ingetrokken"};
constexpr std::string_view steps[] = {"gemaakt",
                                      "gewijzigd",
                                      "ingediend",
                                      "vraag",
                                      "antwoord",
                                      "positief-advies",
                                      "positief-advies-met-voorwaarden",
                                      "negatief-advies",
                                      "teruggestuurd",
                                      "ondertekend",
                                      "ingetrokken"};

}  // namespace

std::string_view dutch_name(AccountRole role) { return roles[static_cast<std::size_t>(role)]; }

std::optional<AccountRole> role_in_dutch(std::string_view name) {
  for (const AccountRole role : account_roles())
    if (dutch_name(role) == name) return role;
  return std::nullopt;
}

std::string_view dutch_name(Right right) { return rights[static_cast<std::size_t>(right)]; }
std::string_view dutch_name(ProposalState state) { return states[static_cast<std::size_t>(state)]; }
std::string_view dutch_name(Step step) { return steps[static_cast<std::size_t>(step)]; }

}  // namespace koppelpoort::api
