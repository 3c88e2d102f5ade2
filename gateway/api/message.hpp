// One request to the management API, and its answer, without sockets.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/http/query.hpp"
#include "gateway/workflow/workflow.hpp"
#include "policies/explain.hpp"

namespace koppelpoort::api {

inline constexpr const char* version = "1.0.0";  // of the interface, not of the program

struct Request {
  std::string method, path;  // the path decoded, without the query
  http::Query query;
  std::map<std::string, std::string, std::less<>> headers;  // names in small letters
  std::string body;
  std::string address;  // of the caller, for limits

  std::string_view header(std::string_view name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? std::string_view() : std::string_view(at->second);
  }
};

struct Answer {
  int status = 200;
  std::string type = "application/json; charset=utf-8", body;
  std::vector<std::pair<std::string, std::string>> headers;
  // Of a stream that stays open (text/event-stream): what there is to say now; nothing ends it.
  std::function<std::optional<std::string>()> stream = {};
};

// Everything that goes wrong becomes one of these (RFC 9457).
struct Problem : std::exception {
  Problem(int of_status, std::string of_title, std::string of_detail, std::vector<std::string> of_reasons = {})
      : status(of_status), title(std::move(of_title)), detail(std::move(of_detail)), reasons(std::move(of_reasons)) {}
  const char* what() const noexcept override { return detail.c_str(); }

  int status;
  std::string title, detail;
  std::vector<std::string> reasons;
  std::vector<std::pair<std::string, std::string>> headers;
};

Answer answer_of(int status, const boost::json::value& value);
Answer answer_of(const Problem& problem);
Problem problem_of(const Refused& refused, Language language);

// A text member of a body; a problem when it is missing or something else.
std::string text_of(const boost::json::object& body, std::string_view member, Language language);
std::string text_if(const boost::json::object& body, std::string_view member, Language language);
// `toelichting`: why, in at least ten characters.
std::string reasons_of(const boost::json::object& body, Language language);
std::vector<std::string> texts_of(const boost::json::object& body, std::string_view member, Language language);

// The page that `pagina` and `aantal` ask for: which of `total` things are on it, and the answer with links to its
// neighbours.
struct Page {
  std::size_t begin = 0, end = 0;    // in the list
  std::size_t number = 1, size = 0;  // as asked
};
Page page_asked(std::size_t total, const Request& request, Language language);
Answer answer_of(const Page& page, std::size_t total, boost::json::array items, const Request& request);

// Only what is on the page is made into JSON; a list may be long.
template <typename Thing, typename Make>
Answer page_of(const std::vector<const Thing*>& all, const Request& request, Language language, Make make) {
  const Page page = page_asked(all.size(), request, language);
  boost::json::array items;
  for (std::size_t i = page.begin; i < page.end; ++i) items.push_back(make(*all[i]));
  return answer_of(page, all.size(), std::move(items), request);
}

// Dutch or English, as the caller asks.
inline std::string in(Language language, std::string_view nl, std::string_view en) {
  return std::string(language == Language::nl ? nl : en);
}

}  // namespace koppelpoort::api
