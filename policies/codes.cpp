#include "policies/codes.hpp"

#include <algorithm>
#include <array>

namespace koppelpoort {
namespace {

struct Fixed {
  Code code;
  std::string_view name;
  BlockKind kind;
};

constexpr auto missing = BlockKind::missing;
constexpr auto forbidden = BlockKind::forbidden;
constexpr auto undecided = BlockKind::undecided;
constexpr auto note = BlockKind::none;

constexpr std::array codes{
    Fixed{Code::identity_missing, "IDENTITY_MISSING", missing},
    Fixed{Code::organisation_unknown, "ORGANISATION_UNKNOWN", missing},
    Fixed{Code::mandate_missing, "MANDATE_MISSING", missing},
    Fixed{Code::role_mismatch, "ROLE_MISMATCH", missing},
    Fixed{Code::security_profile, "SECURITY_PROFILE", missing},
    Fixed{Code::service_unknown, "SERVICE_UNKNOWN", missing},
    Fixed{Code::purpose_missing, "PURPOSE_MISSING", missing},
    Fixed{Code::purpose_unknown, "PURPOSE_UNKNOWN", missing},
    Fixed{Code::purpose_not_yours, "PURPOSE_NOT_YOURS", missing},
    Fixed{Code::purpose_not_approved, "PURPOSE_NOT_APPROVED", missing},
    Fixed{Code::purpose_expired, "PURPOSE_EXPIRED", missing},
    Fixed{Code::purpose_suspended, "PURPOSE_SUSPENDED", missing},
    Fixed{Code::marketing_purpose, "MARKETING_PURPOSE", forbidden},
    Fixed{Code::no_legal_basis, "NO_LEGAL_BASIS", forbidden},
    Fixed{Code::basis_not_in_force, "BASIS_NOT_IN_FORCE", forbidden},
    Fixed{Code::basis_expired, "BASIS_EXPIRED", forbidden},
    Fixed{Code::basis_disapplied, "BASIS_DISAPPLIED", forbidden},
    Fixed{Code::purpose_mismatch, "PURPOSE_MISMATCH", forbidden},
    Fixed{Code::category_not_covered, "CATEGORY_NOT_COVERED", forbidden},
    Fixed{Code::consent_not_free, "CONSENT_NOT_FREE", forbidden},
    Fixed{Code::bulk_not_allowed, "BULK_NOT_ALLOWED", forbidden},
    Fixed{Code::condition_not_met, "CONDITION_NOT_MET", missing},
    Fixed{Code::no_signal, "NO_SIGNAL", missing},
    Fixed{Code::secrecy_duty, "SECRECY_DUTY", forbidden},
    Fixed{Code::basis_not_released, "BASIS_NOT_RELEASED", missing},
    Fixed{Code::special_category_no_exemption, "SPECIAL_CATEGORY_NO_EXEMPTION", forbidden},
    Fixed{Code::criminal_data_no_basis, "CRIMINAL_DATA_NO_BASIS", forbidden},
    Fixed{Code::bsn_not_allowed, "BSN_NOT_ALLOWED", forbidden},
    Fixed{Code::medical_to_employer, "MEDICAL_TO_EMPLOYER", forbidden},
    Fixed{Code::biometric_not_necessary, "BIOMETRIC_NOT_NECESSARY", forbidden},
    Fixed{Code::data_excess, "DATA_EXCESS", missing},
    Fixed{Code::necessity_not_motivated, "NECESSITY_NOT_MOTIVATED", missing},
    Fixed{Code::frequency_exceeded, "FREQUENCY_EXCEEDED", missing},
    Fixed{Code::no_client_relation, "NO_CLIENT_RELATION", missing},
    Fixed{Code::retention_exceeded, "RETENTION_EXCEEDED", missing},
    Fixed{Code::source_not_in_linkage, "SOURCE_NOT_IN_LINKAGE", missing},
    Fixed{Code::cumulative_linkage, "CUMULATIVE_LINKAGE", missing},
    Fixed{Code::linkage_not_approved, "LINKAGE_NOT_APPROVED", missing},
    Fixed{Code::profiling_not_allowed, "PROFILING_NOT_ALLOWED", forbidden},
    Fixed{Code::profiling_proxy, "PROFILING_PROXY", forbidden},
    Fixed{Code::dpia_missing, "DPIA_MISSING", missing},
    Fixed{Code::algorithm_evidence_missing, "ALGORITHM_EVIDENCE_MISSING", missing},
    Fixed{Code::fg_not_involved, "FG_NOT_INVOLVED", missing},
    Fixed{Code::prior_consultation_pending, "PRIOR_CONSULTATION_PENDING", missing},
    Fixed{Code::or_consent_missing, "OR_CONSENT_MISSING", missing},
    Fixed{Code::transparency_missing, "TRANSPARENCY_MISSING", missing},
    Fixed{Code::rights_blocked, "RIGHTS_BLOCKED", missing},
    Fixed{Code::field_unmapped, "FIELD_UNMAPPED", note},
    Fixed{Code::field_removed, "FIELD_REMOVED", note},
    Fixed{Code::answer_unreadable, "ANSWER_UNREADABLE", undecided},
    Fixed{Code::undeclared_person_number, "UNDECLARED_PERSON_NUMBER", undecided},
    Fixed{Code::other_person_removed, "OTHER_PERSON_REMOVED", note},
    Fixed{Code::request_malformed, "REQUEST_MALFORMED", undecided},
    Fixed{Code::record_not_durable, "RECORD_NOT_DURABLE", undecided},
    Fixed{Code::registers_stale, "REGISTERS_STALE", undecided},
    Fixed{Code::provider_unreachable, "PROVIDER_UNREACHABLE", undecided},
    Fixed{Code::structural_gap, "STRUCTURAL_GAP", note},
};

// What it leaves out it says like the code in general.
Wording read_when(TomlTable& table, const Wording& otherwise) {
  Wording wording{table.text("detail"),
                  table.text_if("nl").value_or(otherwise.nl),
                  table.text_if("en").value_or(otherwise.en),
                  table.text_if("next_nl").value_or(otherwise.next_nl),
                  table.text_if("next_en").value_or(otherwise.next_en),
                  table.text_if("mends").value_or(otherwise.mends)};
  table.done();
  return wording;
}

}  // namespace

BlockKind kind_of(Code code) {
  const auto at = std::ranges::find(codes, code, &Fixed::code);
  return at == codes.end() ? BlockKind::undecided : at->kind;
}

std::string to_text(Code code) { return "KP-" + std::to_string(static_cast<int>(code)); }

std::string_view name_of(BlockKind kind) {
  switch (kind) {
    case BlockKind::missing: return "missing";
    case BlockKind::forbidden: return "forbidden";
    case BlockKind::undecided: return "undecided";
    case BlockKind::none: break;
  }
  return "none";
}

std::string Reasons::dutch(std::string_view detail) const {
  for (std::size_t end = detail.size(); end != std::string_view::npos && end > 0; end = detail.rfind(' ', end - 1))
    if (const auto at = details.find(detail.substr(0, end)); at != details.end())
      return at->second + std::string(detail.substr(end));
  return std::string(detail);
}

const Wording& Reasons::wording(Code code, std::string_view detail) const {
  const Reason& reason = of.at(code);
  for (const auto& each : reason.when)
    if (detail.starts_with(each.detail)) return each;
  return reason.wording;
}

Reasons read_reasons(const Texts& texts, Problems& problems) {
  constexpr std::string_view name = "policies/reasons.toml";
  Reasons reasons;
  const auto document = TomlDocument::of(texts, name, problems);
  if (!document) return reasons;
  TomlTable root = document->root(problems);
  for (auto& table : root.tables("reason")) {
    const std::string id = table.text("code");
    const auto at = std::ranges::find_if(codes, [&](const Fixed& each) { return to_text(each.code) == id; });
    if (at == codes.end()) {
      table.problem("code", "`" + id + "` is no reason code of this release");
      continue;
    }
    Reason reason{at->code, table.text("name"), table.text("family"), at->kind, table.text("law"), {}, {}, {}, {}};
    reason.short_nl = table.text_if("short_nl").value_or(reason.name);
    reason.short_en = table.text_if("short_en").value_or(reason.name);
    reason.wording = {{},
                      table.text("nl"),
                      table.text("en"),
                      table.text("next_nl"),
                      table.text("next_en"),
                      table.text_if("mends").value_or("")};
    for (auto& when : table.tables("when")) reason.when.push_back(read_when(when, reason.wording));
    if (reason.name != at->name) table.problem("name", "the name of " + id + " is `" + std::string(at->name) + "`");
    table.done();
    reasons.of.emplace(at->code, std::move(reason));
  }
  for (auto& table : root.tables("detail")) {
    reasons.details.emplace(table.text("en"), table.text("nl"));
    table.done();
  }
  for (auto& table : root.tables("family")) {
    const std::string id = table.text("id");
    reasons.plain[id] = {table.text("nl"), table.text("en")};
    table.done();
  }
  root.done();
  for (const auto& [code, reason] : reasons.of)
    if (reason.kind != BlockKind::none && !reasons.plain.contains(reason.family))
      problems.push_back({std::string(name), 0, "no plain words for the family `" + reason.family + "`"});
  for (const auto& each : codes)
    if (!reasons.of.contains(each.code))
      problems.push_back({std::string(name), 0, "no text for " + to_text(each.code)});
  return reasons;
}

}  // namespace koppelpoort
