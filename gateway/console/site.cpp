#include "gateway/console/site.hpp"

#include <algorithm>

namespace koppelpoort::console {
namespace {

constexpr std::string_view page = "/index.html";

// No script or style in the page itself, nothing from elsewhere, nobody's frame.
constexpr const char* content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
    "'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'";

std::string_view type_of(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {{".html", "text/html; charset=utf-8"},
                                                                     {".js", "text/javascript; charset=utf-8"},
                                                                     {".css", "text/css; charset=utf-8"},
                                                                     {".svg", "image/svg+xml"},
                                                                     {".woff2", "font/woff2"}};
  for (const auto& [ending, type] : types)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

const Asset* find(std::string_view path) {
  const auto& all = assets();
  const auto at = std::ranges::find(all, path, &Asset::path);
  return at == all.end() ? nullptr : &*at;
}

bool names_a_file(std::string_view path) {
  return path.starts_with("/assets/") || path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
}

api::Answer plain(int status, std::string text) {
  api::Answer answer;
  answer.status = status;
  answer.type = "text/plain; charset=utf-8";
  answer.body = std::move(text);
  return answer;
}

api::Answer file(const api::Request& request, const Asset& asset) {
  api::Answer answer;
  const std::string tag = "\"" + std::string(asset.tag) + "\"";
  const bool keeps = asset.path.starts_with("/assets/");  // its name changes with its bytes
  answer.headers = {{"Cache-Control", keeps ? "public, max-age=31536000, immutable" : "no-cache"},
                    {"ETag", tag},
                    {"Vary", "Accept-Encoding"}};
  answer.type = type_of(asset.path);
  if (request.header("if-none-match") == tag) {
    answer.status = 304;
    return answer;
  }
  const bool small = request.header("accept-encoding").find("br") != std::string_view::npos &&
                     asset.compressed.size() < asset.bytes.size();
  if (small) answer.headers.emplace_back("Content-Encoding", "br");
  answer.body = small ? asset.compressed : asset.bytes;
  return answer;
}

}  // namespace

api::Answer answer(const api::Request& request) {
  api::Answer answer;
  if (request.method != "GET") {
    answer = plain(405, "Alleen lezen. Read only.\n");
    answer.headers.emplace_back("Allow", "GET");
  } else if (const Asset* asset = find(request.path)) {
    answer = file(request, *asset);
  } else if (names_a_file(request.path)) {
    answer = plain(404, "Dit bestand is er niet. There is no such file.\n");
  } else {
    answer = file(request, *find(page));
  }
  const std::pair<const char*, const char*> always[] = {
      {"Content-Security-Policy", content_policy},
      {"Strict-Transport-Security", "max-age=31536000"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"}};
  for (const auto& [name, value] : always) answer.headers.emplace_back(name, value);
  return answer;
}

}  // namespace koppelpoort::console
