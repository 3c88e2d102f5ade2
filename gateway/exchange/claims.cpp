#include "gateway/exchange/claims.hpp"

#include <algorithm>

namespace koppelpoort {
namespace {

class ClaimReader {
 public:
  ClaimReader(const http::Head& head, Claims& claims) : head_(head), claims_(claims) {}

  std::string read(const std::string& name, std::size_t most) {
    if (name.empty()) return {};
    const auto value = head_.find(name);
    if (!value) return {};
    if (value->size() > most) {
      claims_.fault = "a claim in a header is too long";
      return {};
    }
    return std::string(*value);
  }

 private:
  const http::Head& head_;
  Claims& claims_;
};

// `entry/condition=reference; entry/condition=reference`
bool read_evidence(std::string_view text, std::vector<Evidence>& evidence) {
  while (!text.empty()) {
    const auto end = text.find(';');
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    const auto equals = part.find('=');
    if (equals == 0 || equals == std::string_view::npos || equals + 1 == part.size()) return false;
    evidence.push_back({std::string(part.substr(0, equals)), std::string(part.substr(equals + 1)), {}});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

Claims read_claims(const http::Head& head, const HeaderNames& names) {
  Claims claims;
  ClaimReader reader(head, claims);
  claims.purpose = reader.read(names.purpose, claim_characters_max);
  claims.origin = reader.read(names.origin, claim_characters_max);
  claims.signal = reader.read(names.signal, claim_characters_max);
  claims.user = reader.read(names.user, user_characters_max);
  claims.application = reader.read(names.application, claim_characters_max);
  claims.processing = reader.read(names.processing, claim_characters_max);
  constexpr std::size_t evidence_characters_max = 2048;
  if (!read_evidence(reader.read(names.evidence, evidence_characters_max), claims.evidence))
    claims.fault = "the evidence header is malformed";
  return claims;
}

}  // namespace koppelpoort
