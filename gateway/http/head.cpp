#include "gateway/http/head.hpp"

#include <algorithm>
#include <array>

namespace koppelpoort::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// RFC 9110 token characters without the underscore, which some servers treat as a hyphen.
constexpr auto name_character = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return name_character[static_cast<unsigned char>(c)]; });
}

bool visible(char c) { return c > 0x20 && c < 0x7F; }

class HeadParser {
 public:
  HeadParser(std::string_view bytes, Head& head, Refusal& refusal) : rest_(bytes), head_(head), refusal_(refusal) {}

  bool request(Methods methods) {
    std::string_view line;
    if (!next_line(line) || !request_line(line, methods) || !fields()) return false;
    return host() && framing(true) && connection() && expectation() && forbidden_fields();
  }

  bool response() {
    std::string_view line;
    return next_line(line) && status_line(line) && fields() && framing(false) && connection();
  }

 private:
  bool refuse(int status, const char* what) {
    refusal_ = {status, what};
    return false;
  }

  // Up to CR LF, which must be the only control characters.
  bool next_line(std::string_view& line) {
    const auto end = rest_.find("\r\n");
    if (end == std::string_view::npos) return refuse(400, "a line is not closed with CR LF");
    line = rest_.substr(0, end);
    rest_.remove_prefix(end + 2);
    for (const char c : line) {
      if (c == '\t') continue;
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
        return refuse(400, "a control character stands in the head");
      if (static_cast<unsigned char>(c) >= 0x80) return refuse(400, "the head holds more than ASCII");
    }
    return true;
  }

  bool request_line(std::string_view line, Methods methods) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return refuse(400, "the request line has no three parts");
    head_.method = line.substr(0, first);
    head_.target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (!is_name(head_.method)) return refuse(400, "the method is no token");
    if (head_.target.size() > target_bytes_max) return refuse(414, "the target is longer than 4 KiB");
    if (version != "HTTP/1.1")
      return refuse(version.starts_with("HTTP/") && version.size() == 8 ? 505 : 400, "only HTTP/1.1 is spoken here");
    const bool asks = head_.method == "GET" || head_.method == "POST";
    const bool manages = methods == Methods::manage && (head_.method == "PUT" || head_.method == "DELETE");
    if (!asks && !manages) return refuse(405, "this method is not used here");
    if (!std::ranges::all_of(head_.target, visible))
      return refuse(400, "the target holds a space or control character");
    if (!head_.target.starts_with('/')) return refuse(400, "the target must be a path that begins with one slash");
    return true;
  }

  bool status_line(std::string_view line) {
    if (!line.starts_with("HTTP/1.1 ") || line.size() < 12) return refuse(502, "the status line is no HTTP/1.1");
    int status = 0;
    for (const char c : line.substr(9, 3)) {
      if (c < '0' || c > '9') return refuse(502, "the status is no number");
      status = status * 10 + (c - '0');
    }
    if (line.size() > 12 && line[12] != ' ') return refuse(502, "the status line is malformed");
    if (status < 100 || status > 599) return refuse(502, "the status is out of range");
    head_.status = status;
    return true;
  }

  bool fields() {
    for (;;) {
      std::string_view line;
      if (!next_line(line)) return false;
      if (line.empty()) return true;
      if (head_.fields.size() == fields_max) return refuse(431, "more than 64 header fields");
      if (line.front() == ' ' || line.front() == '\t') return refuse(400, "a header field goes on over a second line");
      const auto colon = line.find(':');
      if (colon == std::string_view::npos) return refuse(400, "a header field has no colon");
      Field field{line.substr(0, colon), line.substr(colon + 1)};
      if (!is_name(field.name)) return refuse(400, "a header field's name is malformed");
      while (!field.value.empty() && (field.value.front() == ' ' || field.value.front() == '\t'))
        field.value.remove_prefix(1);
      while (!field.value.empty() && (field.value.back() == ' ' || field.value.back() == '\t'))
        field.value.remove_suffix(1);
      if (!repeatable(field.name) && head_.find(field.name)) return refuse(400, "a header field stands twice");
      head_.fields.push_back(field);
    }
  }

  // Lists that real clients and servers send in several lines, and that decide nothing here.
  static bool repeatable(std::string_view name) {
    constexpr std::array<std::string_view, 8> names{"accept", "accept-language", "via",  "cache-control",
                                                    "vary",   "set-cookie",      "link", "warning"};
    return std::ranges::any_of(names, [&](std::string_view each) { return same_name(each, name); });
  }

  bool host() {
    const auto value = head_.find("host");
    if (!value || value->empty()) return refuse(400, "the Host field is missing");
    const bool plain = std::ranges::all_of(*value, [](char c) {
      return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '.' || c == '-' || c == ':' ||
             c == '[' || c == ']';
    });
    return plain || refuse(400, "the Host field is malformed");
  }

  bool framing(bool request) {
    const auto encoding = head_.find("transfer-encoding");
    const auto length = head_.find("content-length");
    const int bad = request ? 400 : 502;
    if (encoding && length) return refuse(bad, "both Content-Length and Transfer-Encoding");
    if (encoding) {
      std::string plain;
      for (const char c : *encoding) plain += lower(c);
      if (plain != "chunked") return refuse(request ? 501 : 502, "a Transfer-Encoding other than chunked");
      head_.framing = Framing::chunked;
    } else if (length) {
      if (length->empty() || length->size() > 12) return refuse(bad, "Content-Length is no plain number");
      for (const char c : *length) {
        if (c < '0' || c > '9') return refuse(bad, "Content-Length is no plain number");
        head_.length = head_.length * 10 + static_cast<std::size_t>(c - '0');
      }
      if (head_.length > (request ? request_body_max : response_body_max))
        return refuse(request ? 413 : 502, "the body is larger than allowed");
      head_.framing = Framing::length;
    }
    if (!request) return response_framing();
    if ((head_.method == "GET" || head_.method == "DELETE") && (head_.framing == Framing::chunked || head_.length > 0))
      return refuse(400, "a GET with a body");
    if ((head_.method == "POST" || head_.method == "PUT") && head_.framing == Framing::none)
      return refuse(411, "a body without a length");
    return true;
  }

  bool response_framing() {
    const bool bodyless = head_.status == 204 || head_.status == 304 || head_.status < 200;
    if (bodyless) {
      if (head_.framing == Framing::chunked || head_.length > 0) return refuse(502, "a body where none may be");
      head_.framing = Framing::none;
      return true;
    }
    if (head_.framing == Framing::none) return refuse(502, "an answer without a length");
    return true;
  }

  bool connection() {
    const auto value = head_.find("connection");
    if (!value) return true;
    if (same_name(*value, "close"))
      head_.close = true;
    else if (!same_name(*value, "keep-alive"))
      return refuse(head_.status == 0 ? 400 : 502, "Connection names something other than close or keep-alive");
    return true;
  }

  bool expectation() {
    const auto value = head_.find("expect");
    if (!value) return true;
    if (!same_name(*value, "100-continue")) return refuse(417, "an expectation other than 100-continue");
    head_.expects_continue = true;
    return true;
  }

  bool forbidden_fields() {
    constexpr std::array<std::string_view, 7> names{
        "upgrade", "http2-settings", "te", "trailer", "x-http-method-override", "x-http-method", "x-method-override"};
    for (const auto name : names)
      if (head_.find(name)) return refuse(400, "a header field that changes the meaning of the request");
    if (const auto encoding = head_.find("content-encoding"); encoding && !same_name(*encoding, "identity"))
      return refuse(415, "an encoded request body");
    if (head_.find("range")) return refuse(416, "ranges are not given");
    return true;
  }

  std::string_view rest_;
  Head& head_;
  Refusal& refusal_;
};

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> Head::find(std::string_view name) const {
  for (const auto& field : fields)
    if (same_name(field.name, name)) return field.value;
  return std::nullopt;
}

std::size_t find_head(std::string_view bytes, Refusal& refusal) {
  // A head that begins with white space or an empty line is left-over framing of something else.
  if (!bytes.empty() && !visible(bytes.front())) {
    refusal = {400, "something stands before the request line"};
    return 0;
  }
  const auto end = bytes.substr(0, head_bytes_max).find("\r\n\r\n");
  if (end != std::string_view::npos) return end + 4;
  const auto line = bytes.find("\r\n");
  if (line == std::string_view::npos && bytes.size() > target_bytes_max + 64)
    refusal = {414, "the target is longer than 4 KiB"};
  if (bytes.size() >= head_bytes_max) refusal = {431, "the head is larger than 16 KiB"};
  // A bare line feed or NUL never becomes right by waiting for more.
  for (std::size_t i = 0; i < bytes.size() && i < head_bytes_max; ++i) {
    if (bytes[i] == '\0' || (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))) {
      refusal = {400, "a control character stands in the head"};
      break;
    }
  }
  return 0;
}

bool parse_request(std::string_view bytes, Head& head, Refusal& refusal, Methods methods) {
  return HeadParser(bytes, head, refusal).request(methods);
}

bool parse_response(std::string_view bytes, Head& head, Refusal& refusal) {
  return HeadParser(bytes, head, refusal).response();
}

}  // namespace koppelpoort::http
