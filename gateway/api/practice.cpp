// `/beheer/v1/oefeningen`: real cases to judge, and what the engine says of them. That somebody practised is on record
// (sector picture, R19 and R22); about the persons of a case there is nothing to know: they are invented.
#include <algorithm>

#include "gateway/api/api.hpp"
#include "gateway/api/explained.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

std::string_view in_words(const json::value& text, Language language) {
  return text.at(language == Language::nl ? "nl" : "en").as_string();
}

json::object question_of(const json::object& each, Language language) {
  json::array elements;
  for (const auto& element : each.at("elements").as_array()) elements.emplace_back(in_words(element, language));
  return {{"id", each.at("id")},           {"titel", each.at("title")},
          {"vraag", each.at("name")},      {"op", each.at("day")},
          {"vrager", each.at("asked_by")}, {"aanbieder", each.at("asked_of")},
          {"dienst", each.at("service")},  {"doel", each.at("purpose")},
          {"omvang", each.at("volume")},   {"gegevens", std::move(elements)}};
}

}  // namespace

Answer Api::list_exercises(const Call& call) {
  need(call, Right::see_catalogue);
  std::vector<const json::object*> all;
  for (const auto& each : means_.exercises) all.push_back(&each.as_object());
  return page_of(all, call.request, call.language,
                 [&](const json::object& each) { return question_of(each, call.language); });
}

Answer Api::answer_exercise(const Call& call) {
  need(call, Right::see_catalogue);
  const auto at = std::ranges::find_if(means_.exercises, [&](const json::value& each) {
    return std::string_view(each.at("id").as_string()) == call.path[1];
  });
  if (at == means_.exercises.end())
    throw Problem(404, in(call.language, "Niet gevonden", "Not found"),
                  in(call.language, "Deze oefening is er niet.", "There is no such exercise."));
  const std::string given = text_of(call.body, "oordeel", call.language);
  if (given != "toegestaan" && given != "geminimaliseerd" && given != "geblokkeerd")
    throw Problem(400, in(call.language, "Ongeldige invoer", "Invalid input"),
                  in(call.language, "`oordeel` is toegestaan, geminimaliseerd of geblokkeerd.",
                     "`oordeel` is toegestaan, geminimaliseerd or geblokkeerd."));
  const std::string_view verdict = dutch_verdict(std::string_view(at->at("verdict").as_string()));
  const bool right = given == verdict;
  const std::string& account = call.caller->actor.account;
  accounts_.record({0, instant_at(call.now), account, account, std::string(practised),
                    call.path[1] + (right ? " right" : " wrong")});
  json::array reasons;
  for (const auto& reason : at->at("reasons").as_array())
    reasons.push_back({{"code", reason.at("code")},
                       {"kort", in_words(reason.at("short"), call.language)},
                       {"uitleg", in_words(reason.at("text"), call.language)}});
  return answer_of(200, json::object{{"goed", right},
                                     {"oordeel", verdict},
                                     {"soort", dutch_kind(std::string_view(at->at("block").as_string()))},
                                     {"samenvatting", in_words(at->at("summary"), call.language)},
                                     {"redenen", std::move(reasons)}});
}

}  // namespace koppelpoort::api
