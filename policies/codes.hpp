// The reason codes (decision model, section 4). A code never changes meaning; its texts are data in reasons.toml.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "legal_bases/strict_toml.hpp"

namespace koppelpoort {

enum class Code : std::uint16_t {
  identity_missing = 101,
  organisation_unknown = 102,
  mandate_missing = 103,
  role_mismatch = 104,
  security_profile = 105,
  service_unknown = 106,  // ours: no such service is registered (docs/decisions/0004)
  purpose_missing = 201,
  purpose_unknown = 202,
  purpose_not_yours = 203,
  purpose_not_approved = 204,
  purpose_expired = 205,
  purpose_suspended = 206,
  marketing_purpose = 207,
  no_legal_basis = 301,
  basis_not_in_force = 302,
  basis_expired = 303,
  basis_disapplied = 304,
  purpose_mismatch = 305,
  category_not_covered = 306,
  consent_not_free = 307,
  bulk_not_allowed = 308,
  condition_not_met = 309,
  no_signal = 310,
  secrecy_duty = 311,
  basis_not_released = 312,  // ours: no lawyer has released the entry (docs/decisions/0004)
  special_category_no_exemption = 401,
  criminal_data_no_basis = 402,
  bsn_not_allowed = 403,
  medical_to_employer = 404,
  biometric_not_necessary = 405,
  data_excess = 501,
  necessity_not_motivated = 502,
  frequency_exceeded = 503,
  no_client_relation = 504,
  retention_exceeded = 505,
  source_not_in_linkage = 601,
  cumulative_linkage = 602,
  linkage_not_approved = 603,
  profiling_not_allowed = 701,
  profiling_proxy = 702,
  dpia_missing = 703,
  algorithm_evidence_missing = 704,
  fg_not_involved = 705,
  prior_consultation_pending = 706,
  or_consent_missing = 707,
  transparency_missing = 708,
  rights_blocked = 709,
  field_unmapped = 801,
  field_removed = 802,
  answer_unreadable = 803,
  undeclared_person_number = 804,
  other_person_removed = 805,
  request_malformed = 901,
  record_not_durable = 902,
  registers_stale = 903,
  provider_unreachable = 904,
  structural_gap = 990,
};

// Why a block is a block (decision model, section 1); never mixed up in a record, a count or a screen.
enum class BlockKind : std::uint8_t { none, missing, forbidden, undecided };

// What a code says to people.
struct Wording {
  std::string detail;            // for findings whose detail begins like this; empty: for all
  std::string nl, en;            // sentences; {placeholders} are filled from the finding
  std::string next_nl, next_en;  // what now
  std::string mends;             // the role that can mend it; empty when nobody can
};

struct Reason {
  Code code{};
  std::string name, family;
  BlockKind kind = BlockKind::none;  // none: a note
  std::string law;                   // the article or recommendation behind it
  std::string short_nl, short_en;    // for a list; of releases from before there were any: the name
  Wording wording;
  std::vector<Wording> when;  // for certain details
};

// What a family of codes says to the person whose data were asked about (language level B1).
struct PlainWords {
  std::string nl, en;
};

struct Reasons {
  std::map<Code, Reason> of;
  std::map<std::string, std::string, std::less<>> details;  // English detail, or its beginning, to Dutch

  std::map<std::string, PlainWords, std::less<>> plain;  // by family

  const Reason& at(Code code) const { return of.at(code); }
  const Wording& wording(Code code, std::string_view detail) const;
  std::string dutch(std::string_view detail) const;  // the detail itself where no Dutch is known
};

// Every code above must have its text, and no other.
Reasons read_reasons(const Texts& texts, Problems& problems);

BlockKind kind_of(Code code);
std::string to_text(Code code);  // `KP-301`
std::string_view name_of(BlockKind kind);

}  // namespace koppelpoort
