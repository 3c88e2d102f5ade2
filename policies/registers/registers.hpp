// What people keep in the registers: organisations, services, purposes, necessity, mandates. Plain values; the
// readers beside them refuse what is incomplete, so that a value that exists can be relied on.
#pragma once

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
};

struct Organisation {
  struct Holding {
    std::string role;
    Period period;
  };
  std::string oin, name, kind;
  Period active;
  std::vector<Holding> roles;

  bool holds(std::string_view role, Date day) const;
};

enum class Transport : std::uint8_t { none, tls, mutual_tls };

struct Service {
  std::string id, title, provider, role;  // provider: OIN; role: in which the provider gives
  std::string path;                       // prefix on our side, begins with `/`
  std::string endpoint;                   // https://host:port/base on the provider's side
  std::string adapter;                    // which wire adapter speaks this protocol
  std::string mapping;                    // file name of its mapping, where the adapter has one
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
};

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
};

struct Necessity {
  std::string id, purpose, service;
  std::vector<std::string> elements;
  std::string proportionality, subsidiarity;
  std::optional<Date> review_by;
  std::optional<int> per_person_per_month;
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
  std::map<std::string, Mandate, std::less<>> mandates;
};

// Reads one register table of the given kind (`organisation`, `service`, `purpose`, `necessity`, `mandate`) into
// `registers`, replacing the entry with the same id. Problems say what is wrong and where.
// Returns the entry's id.
std::string read_register_entry(Registers& registers, std::string_view kind, TomlTable table);

std::string_view name_of(PurposeState state);

}  // namespace koppelpoort
