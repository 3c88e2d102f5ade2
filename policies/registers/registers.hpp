// What people keep in the registers: organisations, services, purposes, necessity, linkages, algorithms, mandates.
// Plain values; the readers beside them refuse what is incomplete, so that a value that exists can be relied on.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "legal_bases/catalogue.hpp"
#include "legal_bases/strict_toml.hpp"

namespace koppelpoort {

inline constexpr std::size_t oin_digits = 20;
bool is_oin(std::string_view text);  // twenty digits or capitals, taken as opaque (OIN-stelsel, Logius)

struct Period {  // civil days, half-open
  std::optional<Date> from, until;
  bool holds_on(Date day) const { return (!from || *from <= day) && (!until || day < *until); }
  bool operator==(const Period&) const = default;
};

struct Organisation {
  struct Holding {
    std::string role;
    Period period;
  };
  std::string oin, name, kind;
  Period active;
  std::vector<Holding> roles;
  bool discreet = false;  // its name would tell where someone is, or why: a report to a person names its kind instead
};

enum class Transport : std::uint8_t { none, tls, mutual_tls };

struct Service {
  std::string id, title, provider, role;  // provider: OIN; role: in which the provider gives
  std::string path;                       // prefix on our side, begins with `/`
  std::string endpoint;                   // https://host:port/base on the provider's side
  std::string adapter;                    // which wire adapter speaks this protocol
  std::string mapping;                    // file name of its mapping, where the adapter has one
  std::string source;                     // the collection of data behind it; services that share one link nothing
  std::vector<std::string> elements;      // offered; element ids
  std::set<std::string> essential;        // without these an answer is of no use
  std::vector<std::string> obtained_for;  // goals for which the provider obtained the data
  bool strict = false;                    // block an answer that holds more than allowed, instead of cutting it
  Transport transport = Transport::mutual_tls;
};

enum class PurposeState { draft, submitted, active, refused, suspended, withdrawn };
enum class Excess { block, minimise };

struct Approval {
  std::string advised_by;  // the FG (name or account), art. 38-39 AVG
  Instant advised_at{};
  std::string signed_by;  // for the controller
  Instant signed_at{};
};

struct Evidence {  // that a condition or gate is met; `for_what` is `entry/condition` or a gate's evidence name
  std::string for_what, reference;
  Period period;
  std::vector<std::string> covers = {};  // services that a DPIA is about
  std::string version = {};              // of the system that a test or a consent is about
};

// Left by a DPIA (art. 36 AVG). What nobody recorded counts as high.
enum class ResidualRisk { high, low };

struct Purpose {
  std::string id, controller, role, goal, title, title_en, description;  // description: for people, never decides
  std::vector<std::string> bases;                                        // catalogue ids, as claimed
  bool relies_on_consent = false;
  PurposeState state = PurposeState::draft;
  std::string submitted_by;
  std::optional<Approval> approval;
  Period valid;
  std::optional<Date> review_by;
  Excess excess = Excess::block;
  Volume volume = Volume::single;
  std::vector<std::string> capacities;    // in which persons stand to the controller: client, applicant…
  bool relation_checked = false;          // the gate must have established the capacity itself
  std::set<std::string> related_persons;  // partner, kind, ouder… about whom data may pass
  std::optional<int> look_back_months;
  std::optional<int> retention_months;
  std::vector<Evidence> evidence;
  std::string algorithm;                  // id, where the data go into one
  std::optional<Date> started;            // first use; the day of signing when nothing is said
  std::optional<Date> changed;            // last change of content; advice from before it is no advice on it
  std::optional<Date> fg_involved_since;  // art. 38(1) AVG
  ResidualRisk residual_risk = ResidualRisk::high;
  std::string activity;      // URI in the register of processing activities (art. 30 AVG); may be empty
  std::string confidential;  // ground on which a person is not told yet (art. 41 UAVG); empty: they are told
};

struct Necessity {
  std::string id, purpose, service;
  std::vector<std::string> elements;
  std::string proportionality, subsidiarity;
  std::optional<Date> review_by;
  std::optional<int> per_person_per_month;
  std::optional<int> persons_at_most;  // in one list
};

// What the result of a linkage is for.
enum class LinkageUse { one_case, selection, statistics };

// Sources that come together about the same person: an object of its own, with its own reasons and approval.
struct Linkage {
  std::string id, title;
  std::vector<std::string> purposes;  // of one controller; several: they may stand side by side about one person
  std::set<std::string, std::less<>> sources;  // at least two
  std::string join_key;                        // the element that joins them
  LinkageUse use = LinkageUse::one_case;
  std::string proportionality, subsidiarity, submitted_by;
  PurposeState state = PurposeState::draft;
  std::optional<Approval> approval;
  Period valid;
  std::optional<Date> review_by;
};

// One input of an algorithm, as its model card names it.
struct Feature {
  std::string name, description;
  std::vector<std::string> from;  // data elements and other features that it is made of
};

struct Algorithm {
  std::string id, owner, title, version;  // owner: OIN
  bool profiling = false;                 // scores, ranks or selects people
  bool decides_alone = false;             // no person decides after it (art. 22 AVG)
  std::set<std::string> practices;        // prohibited ones that it would be, named by the law
  std::vector<Feature> features;
  std::vector<Evidence> evidence;
};

struct Mandate {
  std::string id, principal, agent;   // OINs
  std::vector<std::string> purposes;  // empty: every purpose of the principal
  Period period;
  std::string reference;
};

struct Registers {
  std::map<std::string, Organisation, std::less<>> organisations;  // by OIN
  std::map<std::string, Service, std::less<>> services;
  std::map<std::string, Purpose, std::less<>> purposes;
  std::map<std::string, Necessity, std::less<>> necessities;
  std::map<std::string, Linkage, std::less<>> linkages;
  std::map<std::string, Algorithm, std::less<>> algorithms;
  std::map<std::string, Mandate, std::less<>> mandates;
};

// The kinds of entries, in the order in which files list them.
inline constexpr std::array<std::string_view, 7> register_kinds{"organisation", "service",   "purpose", "necessity",
                                                                "linkage",      "algorithm", "mandate"};

// Reads one register table of the given kind into `registers`, replacing the entry with the same id. Problems say what
// is wrong and where. Returns the entry's id.
std::string read_register_entry(Registers& registers, std::string_view kind, TomlTable table);
// Nothing happens when it is not there.
void remove_register_entry(Registers& registers, std::string_view kind, const std::string& id);

std::string_view name_of(PurposeState state);

}  // namespace koppelpoort
