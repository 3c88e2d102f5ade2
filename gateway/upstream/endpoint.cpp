#include "gateway/upstream/endpoint.hpp"

namespace koppelpoort {

std::optional<Endpoint> parse_endpoint(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  const auto slash = url.find('/');
  const std::string_view authority = url.substr(0, slash);
  Endpoint endpoint{"", "443", ""};
  if (slash != std::string_view::npos) endpoint.base = url.substr(slash);
  while (endpoint.base.ends_with('/')) endpoint.base.pop_back();
  const auto colon = authority.rfind(':');
  endpoint.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) endpoint.port = authority.substr(colon + 1);
  const bool plain = endpoint.host.find_first_of("@[]\\ ") == std::string::npos;
  const bool number = !endpoint.port.empty() && endpoint.port.find_first_not_of("0123456789") == std::string::npos;
  if (endpoint.host.empty() || !plain || !number) return std::nullopt;
  return endpoint;
}

}  // namespace koppelpoort
