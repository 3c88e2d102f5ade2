#include "gateway/exchange/problem.hpp"

#include <algorithm>
#include <set>

#include "gateway/exchange/person_numbers.hpp"

namespace koppelpoort {
namespace {

void member(std::string& out, std::string_view key, std::string_view text, bool first = false) {
  if (!first) out += ',';
  append_json_text(out, key);
  out += ':';
  append_json_text(out, text);
}

void write_finding(std::string& out, const ExplainedReason& reason, Language language) {
  out += '{';
  member(out, "code", to_text(reason.code), true);
  member(out, "name", reason.name);
  member(out, "kind", name_of(reason.kind));
  member(out, "detail", language == Language::nl ? reason.nl : reason.en);
  member(out, "law", reason.law);
  out += ",\"elements\":[";
  for (std::size_t i = 0; i < reason.elements.size(); ++i) {
    if (i != 0) out += ',';
    append_json_text(out, reason.elements[i]);
  }
  out += "]}";
}

void write_remedy(std::string& out, const ExplainedReason& reason, Language language) {
  out += '{';
  member(out, "code", to_text(reason.code), true);
  member(out, "who", reason.mends);
  member(out, "what", language == Language::nl ? reason.next_nl : reason.next_en);
  out += '}';
}

std::string_view title_of(BlockKind kind, Language language) {
  const bool dutch = language == Language::nl;
  switch (kind) {
    case BlockKind::forbidden:
      return dutch ? "Geweigerd: de wet geeft zo geen weg" : "Refused: the law gives no way as asked";
    case BlockKind::missing: return dutch ? "Geweigerd: er ontbreekt iets" : "Refused: something is missing";
    default: return dutch ? "Niet besloten: er gaat niets door" : "Not decided: nothing passes";
  }
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4u];
      out += digits[byte & 15u];
    } else {
      out += c;
    }
  }
  out += '"';
}

Language language_of(std::string_view accept_language) {
  const auto english = accept_language.find("en");
  const auto dutch = accept_language.find("nl");
  return english != std::string_view::npos && english < dutch ? Language::en : Language::nl;
}

int status_of(const Decision& decision) {
  const Finding* primary = decision.primary();
  if (primary == nullptr) return 200;
  switch (primary->code) {
    case Code::request_malformed: return 400;
    case Code::record_not_durable:
    case Code::registers_stale: return 503;
    case Code::answer_unreadable:
    case Code::undeclared_person_number:
    case Code::provider_unreachable: return 502;
    default: return 403;
  }
}

std::string problem_of(const Snapshot* snapshot, const Decision& decision, std::string_view tx, int status,
                       Language language) {
  const Finding* primary = decision.primary();
  const std::string code = primary == nullptr ? std::string("KP-902") : to_text(primary->code);
  std::vector<ExplainedReason> reasons;
  if (snapshot != nullptr)
    for (const auto& finding : decision.findings) reasons.push_back(in_words(*snapshot, finding));
  const auto first =
      std::ranges::find_if(reasons, [](const ExplainedReason& each) { return each.effect != Effect::note; });
  std::string out = "{";
  member(out, "type", "urn:koppelpoort:reden:" + code, true);
  out += ",\"status\":" + std::to_string(status);
  member(out, "title", title_of(decision.kind, language));
  if (first != reasons.end()) member(out, "detail", language == Language::nl ? first->nl : first->en);
  member(out, "instance", "urn:uuid:" + std::string(tx));
  member(out, "code", code);
  out += ",\"findings\":[";
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (i != 0) out += ',';
    write_finding(out, reasons[i], language);
  }
  out += "],\"remedy\":[";
  std::set<Code> said;  // one next step a code, however often the code stands there
  for (const auto& reason : reasons) {
    if (reason.effect == Effect::note || !said.insert(reason.code).second) continue;
    if (said.size() > 1) out += ',';
    write_remedy(out, reason, language);
  }
  out += "]";
  member(out, "decision", tx);
  member(out, "kind", name_of(decision.kind));
  out += "}";
  hide_person_numbers(out);  // what a caller put in the wrong place is not repeated
  return out;
}

}  // namespace koppelpoort
