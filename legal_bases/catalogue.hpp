// The catalogue of legal bases: what an article allows between whom, and when it is in force.
// Immutable after loading. MAINTAINING.md describes every field; names here equal the keys there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "legal_bases/date.hpp"
#include "legal_bases/vocabulary.hpp"

namespace koppelpoort {

enum class EntryKind {
  exchange,
  internal_reuse,
  duty_to_reuse,
  source_register,
  scope_extension,
  intermediary,
  cooperation,
  citizen_duty,
  pending,
  disapplied,
  expired,
  amending,
  gate,
  approval_gate,
  prohibition,
  retention,
  bsn_gate,
  secrecy_gate
};
// `unknown` is what the catalogue says about a date before its first interval.
enum class LawState { unknown, in_force, repealed, disapplied, pending };
enum class Certainty { law, seen, general_knowledge, judgment, bill };
enum class Confidence { verified, verified_2017, official_document, general_knowledge, released };
enum class Nature { duty, power, prohibition, policy, organisational, unknown };
enum class Side { both, give, collect };
enum class NumberGround { none, sector, recipient, own };
enum class Volume : std::uint8_t { single, list, standing, population };
// How data come to the recipient: asked for, sent from own motion, or sent without request because the law says so.
enum class Mode : std::uint8_t { request, own_motion, push };
enum class LiftedBy : std::uint8_t { duty, power, named, consent, statutory_condition };

struct Law {
  std::string id, name, short_name, bwb, celex;
};

// Half-open: `until` is the first day on which it no longer holds.
struct Validity {
  Date from;
  std::optional<Date> until;
  LawState state = LawState::in_force;
  Certainty certainty = Certainty::law;
  std::string evidence;
};

struct Condition {
  std::string id;  // unique within its entry; elsewhere written as `entry/condition`
  std::string nl, en;
  bool per_exchange = false;    // with every request; otherwise once, in the register
  std::string kind;             // document | attestation | consent | date
  std::string mends;            // who can supply it
  std::vector<Volume> volumes;  // empty: all
  std::optional<Date> from;     // part of the law only since that day

  bool asked_on(Date day, Volume volume) const;
};

struct Flow {
  std::size_t index = 0;  // position among all flows of the catalogue
  Side side = Side::both;
  RoleSet from, to;
  GoalSet goals;
  CategorySet categories;           // already without `not_categories`
  std::vector<std::string> fields;  // sorted; a closed list when not empty
  std::set<std::string> special;    // art. 9 kinds exempted; may hold `any`
  bool criminal = false;
  NumberGround number = NumberGround::none;
  bool duty = false;
  std::uint8_t modes = 7;    // bit per Mode
  std::uint8_t volumes = 1;  // bit per Volume
  bool signal = false;
  std::vector<std::string> relation;
  bool same_organisation = false;
  GoalSet obtained_for;
  std::vector<std::string> lifts;
  std::vector<std::uint16_t> conditions;  // positions in Entry::conditions
  std::optional<int> look_back_months;
  std::string note;
};

struct Number {  // a bsn-gate: who may use the person number
  RoleSet roles;
  GoalSet goals;  // none: every goal
  std::string obligations;
};
struct Secrecy {
  RoleSet binds;
  CategorySet categories;
  std::uint8_t lifted_by = 0;  // bit per LiftedBy
};
struct Requirement {  // what a gate, prohibition or retention entry asks of every exchange
  std::vector<std::string> evidence, applies_to, practices;
  std::optional<int> retention_months;
};

struct Entry {
  std::string id;
  const Law* law = nullptr;
  EntryKind kind = EntryKind::exchange;
  int tier = 1;
  std::string article, paragraph, link, source, to_check;
  std::optional<Date> text_read;
  Confidence confidence = Confidence::general_knowledge;
  std::string purpose, purpose_nl, data, limits;  // for people; no input of any decision
  std::vector<std::string> gdpr6;
  std::string gdpr6_note, art9, art10, bsn, nature_note;
  std::vector<Nature> nature;
  std::vector<std::string> enforced_by;
  std::vector<Validity> validity;
  std::vector<Flow> flows;
  std::vector<Condition> conditions;
  std::optional<Number> number;
  std::optional<Secrecy> secrecy;
  std::optional<Requirement> gate;
  std::string file;
  std::size_t line = 0;

  // The state on that day; `unknown` before the first interval and in holes.
  LawState state_on(Date day) const;
  const Validity* interval_on(Date day) const;
};

struct Catalogue {
  Vocabulary words;
  std::map<std::string, Law, std::less<>> laws;
  std::map<std::string, Entry, std::less<>> entries;
  std::size_t flow_count = 0;

  const Entry* find(std::string_view id) const;
};

// One law file into `catalogue`, whose words must be there; links between entries are checked by read_catalogue alone.
void read_law(Catalogue& catalogue, const TomlDocument& document, const std::string& file, Problems& problems);

// `legal_bases/vocabulary.toml` and every `legal_bases/catalogue/*.toml`. With problems the catalogue is not usable.
Catalogue read_catalogue(const Texts& texts, Problems& problems);

std::string_view name_of(EntryKind kind);
std::string_view name_of(LawState state);
std::string_view name_of(Confidence confidence);
std::string_view name_of(Volume volume);
std::string_view name_of(Certainty certainty);
std::string_view name_of(Nature nature);
std::string_view name_of(Side side);
Names<Volume> volume_names();
Names<Mode> mode_names();
Names<Confidence> confidence_names();

}  // namespace koppelpoort
