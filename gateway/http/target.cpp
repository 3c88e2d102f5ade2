#include "gateway/http/target.hpp"

namespace koppelpoort::http {
namespace {

bool unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool refuse(Refusal& refusal, const char* what) {
  refusal = {400, what};
  return false;
}

bool decode_path(std::string_view raw, std::string& path, Refusal& refusal) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      if (i + 2 >= raw.size() || hex(raw[i + 1]) < 0 || hex(raw[i + 2]) < 0)
        return refuse(refusal, "the path is badly encoded");
      c = static_cast<char>(hex(raw[i + 1]) * 16 + hex(raw[i + 2]));
      i += 2;
      if (!unreserved(c)) return refuse(refusal, "the path encodes a character that could change its meaning");
    } else if (c != '/' && !unreserved(c)) {
      return refuse(refusal, "the path holds an unusual character");
    }
    path += c;
  }
  return true;
}

bool plain_segments(std::string_view path, Refusal& refusal) {
  path.remove_prefix(1);
  while (!path.empty()) {
    const auto end = path.find('/');
    const std::string_view segment = path.substr(0, end);
    if (segment.empty()) return refuse(refusal, "the path holds an empty segment");
    if (segment == "." || segment == "..") return refuse(refusal, "the path holds a dot segment");
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

bool parse_target(std::string_view raw, Target& target, Refusal& refusal) {
  const auto question = raw.find('?');
  if (question != std::string_view::npos) target.query = raw.substr(question + 1);
  if (target.query.find_first_of("#\\\"<>^`{|}?") != std::string_view::npos)
    return refuse(refusal, "the query holds an unusual character");
  if (raw.size() > 1 && raw[1] == '/') return refuse(refusal, "the path holds an empty segment");
  return decode_path(raw.substr(0, question), target.path, refusal) && plain_segments(target.path, refusal);
}

}  // namespace koppelpoort::http
