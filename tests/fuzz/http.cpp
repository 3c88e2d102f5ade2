// The HTTP front on any bytes: heads, targets and bodies in pieces. What is accepted must be accepted again as the
// same thing when it is written out anew.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/http/body.hpp"
#include "gateway/http/head.hpp"
#include "gateway/http/query.hpp"
#include "gateway/http/target.hpp"

using namespace koppelpoort::http;

namespace {

void try_body(const Head& head, std::string_view bytes) {
  std::string whole_body;
  for (const std::size_t step : {bytes.size() + 1, std::size_t{1}}) {
    BodyReader reader(head, 4096);
    std::string buffer;
    auto state = BodyReader::State::more;
    for (std::size_t at = 0; at < bytes.size() && state == BodyReader::State::more; at += step) {
      buffer += bytes.substr(at, step);
      std::size_t used = 0;
      state = reader.feed(buffer, used);
      if (used > buffer.size()) std::abort();
      buffer.erase(0, used);
    }
    if (state == BodyReader::State::done && step > 1) whole_body = reader.body();
    if (state == BodyReader::State::done && step == 1 && reader.body() != whole_body) std::abort();
    if (reader.body().size() > 4096 && head.framing == Framing::chunked) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  Refusal refusal;
  const std::size_t end = find_head(bytes, refusal);
  if (end == 0) return 0;
  const std::string_view text = std::string_view(bytes).substr(0, end);
  Head head;
  if (parse_request(text, head, refusal)) {
    Target target;
    if (parse_target(head.target, target, refusal)) {
      Target again;
      std::string once = target.path;
      if (!parse_target(once, again, refusal) || again.path != target.path) std::abort();
      const auto query = parse_query(target.query);
      std::string written;
      for (const auto& [name, value] : query.value_or(Query{}))
        written += (written.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
      if (query && parse_query(written) != query) std::abort();
    }
    if (head.framing != Framing::none && head.length <= 4096) try_body(head, std::string_view(bytes).substr(end));
  }
  Head response;
  if (parse_response(text, response, refusal) && response.framing != Framing::none && response.length <= 4096)
    try_body(response, std::string_view(bytes).substr(end));
  return 0;
}
