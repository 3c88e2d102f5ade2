#include "policies/workflow/conflicts.hpp"

#include <algorithm>
#include <utility>

namespace koppelpoort {
namespace {

struct Words {
  std::string_view nl, en;
};

constexpr Words words_of(Conflict conflict) {
  switch (conflict) {
    case Conflict::none: return {"", ""};
    case Conflict::other_organisation:
      return {"Dit voorstel is van een andere organisatie.", "This proposal is another organisation's."};
    case Conflict::submitted:
      return {"U diende dit voorstel zelf in. Laat een plaatsvervanger oordelen.",
              "You submitted this proposal yourself. Let a deputy judge it."};
    case Conflict::contributed:
      return {"U schreef zelf mee aan dit voorstel. Laat een plaatsvervanger oordelen.",
              "You wrote in this proposal yourself. Let a deputy judge it."};
    case Conflict::project:
      return {"U werkt mee aan het project waarvoor dit voorstel is. Laat een plaatsvervanger oordelen.",
              "You work on the project that this proposal serves. Let a deputy judge it."};
    case Conflict::advised:
      return {"U gaf hier zelf advies over. Iemand anders van het bestuur tekent.",
              "You advised on this yourself. Somebody else of the board signs."};
    case Conflict::advises_provider:
      return {"U bent ook FG van de bronhouder. Laat een plaatsvervanger oordelen die dat niet is.",
              "You are FG of the provider too. Let a deputy judge it who is not."};
    case Conflict::processor:
      return {"U werkt voor een verwerker van deze organisatie. Laat een plaatsvervanger oordelen.",
              "You work for a processor of this organisation. Let a deputy judge it."};
    case Conflict::provider:
      return {"U werkt voor de bronhouder. Laat een plaatsvervanger oordelen.",
              "You work for the provider. Let a deputy judge it."};
    case Conflict::roles:
      return {"U hebt onder een ander account een rol die hiermee niet samengaat. Laat iemand anders dit doen.",
              "You have a role under another account that does not go together with this. Let somebody else do it."};
  }
  return {"", ""};
}

}  // namespace

bool is_one_word(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char each) { return static_cast<unsigned char>(each) <= ' '; });
}

Conflict conflict_of(const Actor& actor, Right right, const Matter& matter) {
  if (right != Right::advise && right != Right::sign) return Conflict::none;
  if (actor.organisation != matter.controller) return Conflict::other_organisation;
  if (actor.identity == matter.submitter) return Conflict::submitted;
  if (matter.contributors.contains(actor.identity)) return Conflict::contributed;
  if (!matter.project.empty() && actor.projects.contains(matter.project)) return Conflict::project;
  if (right == Right::advise)
    for (const auto& provider : matter.providers)
      if (provider != matter.controller && actor.advises.contains(provider)) return Conflict::advises_provider;
  const auto employs = [&](const std::string& party) {
    return party != matter.controller && actor.employers.contains(party);
  };
  if (std::ranges::any_of(matter.processors, employs)) return Conflict::processor;
  if (std::ranges::any_of(matter.providers, employs)) return Conflict::provider;
  if (!fault_of_roles(actor.held).empty()) return Conflict::roles;
  if (right == Right::sign && actor.identity == matter.adviser) return Conflict::advised;
  return Conflict::none;
}

std::string_view text_of(Conflict conflict, bool dutch) {
  const Words words = words_of(conflict);
  return dutch ? words.nl : words.en;
}

}  // namespace koppelpoort
