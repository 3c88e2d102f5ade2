#include "gateway/api/message.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/http/query.hpp"

namespace koppelpoort::api {

namespace json = boost::json;

Answer answer_of(int status, const json::value& value) {
  Answer answer;
  answer.status = status;
  answer.body = json::serialize(value);
  return answer;
}

Answer answer_of(const Problem& problem) {
  json::object body{{"status", problem.status}, {"title", problem.title}, {"detail", problem.detail}};
  if (!problem.reasons.empty()) {
    json::array reasons;
    for (const auto& reason : problem.reasons) reasons.emplace_back(reason);
    body["redenen"] = std::move(reasons);
  }
  Answer answer = answer_of(problem.status, body);
  answer.type = "application/problem+json; charset=utf-8";
  answer.headers = problem.headers;
  return answer;
}

Problem problem_of(const Refused& refused, Language language) {
  using Kind = Refused::Kind;
  struct Form {
    int status;
    const char *nl, *en;
  };
  const auto form = [&]() -> Form {
    switch (refused.kind) {
      case Kind::not_allowed: return {403, "Niet toegestaan", "Not allowed"};
      case Kind::conflict_of_interest: return {403, "Belangenconflict", "Conflict of interest"};
      case Kind::not_found: return {404, "Niet gevonden", "Not found"};
      case Kind::state: return {409, "Nu niet mogelijk", "Not possible now"};
      case Kind::changed_meanwhile: return {412, "Intussen veranderd", "Changed meanwhile"};
      case Kind::content: break;
    }
    return {422, "Inhoud niet in orde", "Content not right"};
  }();
  return {form.status, in(language, form.nl, form.en), in(language, refused.nl, refused.en), refused.reasons};
}

namespace {

[[noreturn]] void refuse_member(std::string_view member, Language language, const char* nl, const char* en) {
  throw Problem(400, in(language, "Ongeldige invoer", "Invalid input"),
                "`" + std::string(member) + "` " + in(language, nl, en));
}

std::size_t number_in(const Request& request, std::string_view name, std::size_t otherwise, std::size_t most,
                      Language language) {
  const auto at = request.query.find(name);
  if (at == request.query.end()) return otherwise;
  std::size_t number = 0;
  const char* end = at->second.data() + at->second.size();
  const auto [stop, error] = std::from_chars(at->second.data(), end, number);
  if (error != std::errc{} || stop != end || number == 0 || number > most)
    refuse_member(name, language, "moet een getal vanaf 1 zijn, en niet te groot",
                  "must be a number from 1, and not too large");
  return number;
}

}  // namespace

std::string text_if(const json::object& body, std::string_view member, Language language) {
  const json::value* value = body.if_contains(member);
  if (value == nullptr) return {};
  if (!value->is_string()) refuse_member(member, language, "moet een tekst zijn", "must be a text");
  return std::string(value->get_string());
}

std::string text_of(const json::object& body, std::string_view member, Language language) {
  std::string text = text_if(body, member, language);
  if (text.empty()) refuse_member(member, language, "ontbreekt", "is missing");
  return text;
}

std::string reasons_of(const json::object& body, Language language) {
  constexpr std::size_t least = 10;
  std::string reasons = text_of(body, "toelichting", language);
  if (reasons.size() < least)
    refuse_member("toelichting", language, "moet ten minste tien tekens zijn", "must be at least ten characters");
  return reasons;
}

std::vector<std::string> texts_of(const json::object& body, std::string_view member, Language language) {
  std::vector<std::string> texts;
  const json::value* value = body.if_contains(member);
  if (value == nullptr) return texts;
  if (!value->is_array()) refuse_member(member, language, "moet een lijst van teksten zijn", "must be a list of texts");
  for (const auto& each : value->get_array()) {
    if (!each.is_string())
      refuse_member(member, language, "moet een lijst van teksten zijn", "must be a list of texts");
    texts.emplace_back(each.get_string());
  }
  return texts;
}

Page page_asked(std::size_t total, const Request& request, Language language) {
  constexpr std::size_t size_default = 20, size_most = 100, number_most = 1'000'000;
  const std::size_t size = number_in(request, "aantal", size_default, size_most, language);
  const std::size_t number = number_in(request, "pagina", 1, number_most, language);
  const std::size_t begin = (number - 1) * size;
  return {begin, std::min(total, begin + size), number, size};
}

Answer answer_of(const Page& page, std::size_t total, json::array items, const Request& request) {
  const auto link = [&](std::size_t number, const char* rel) {
    std::string query;
    for (const auto& [name, value] : request.query)
      if (name != "pagina" && name != "aantal")
        query += http::percent_encoded(name) + "=" + http::percent_encoded(value) + "&";
    return "<" + request.path + "?" + query + "pagina=" + std::to_string(number) +
           "&aantal=" + std::to_string(page.size) + ">; rel=\"" + rel + "\"";
  };
  std::string links = link(page.number, "self");
  if (page.number > 1) links += ", " + link(page.number - 1, "prev");
  if (page.end < total) links += ", " + link(page.number + 1, "next");
  Answer answer = answer_of(200, json::object{{"totaal", total}, {"resultaten", std::move(items)}});
  answer.headers.emplace_back("Link", std::move(links));
  return answer;
}

}  // namespace koppelpoort::api
