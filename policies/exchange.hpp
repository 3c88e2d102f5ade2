// One request for data, as the decision sees it. Everything that decides is in here or in the snapshot: no clock,
// no I/O. The text of an aim is in neither.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policies/registers/registers.hpp"
#include "policies/taxonomy.hpp"

namespace koppelpoort {

enum class Use : std::uint8_t { deliver, search };

struct Requested {
  std::optional<ElementIndex> element;  // nothing: the wire field maps to no element
  Use use = Use::deliver;
  std::string wire;  // the field's name on the wire; only kept for unmapped fields
};

// What the ledger knows, filled by the gateway: state over time enters the decision as a value.
struct History {
  struct Obtained {
    std::string source, purpose;
    bool operator==(const Obtained&) const = default;
  };
  int same_person_this_month = 0;  // KP-503
  // What the controller obtained about these persons, for any purpose, within the window (KP-602, KP-603).
  std::vector<Obtained> obtained;
};

// In which capacity the person stands to the controller, and since when (KP-504).
struct Relation {
  std::string capacity;
  Period period;
};

struct Exchange {
  Instant at{};
  std::string consumer;      // OIN from the certificate; empty when there was no usable one
  std::string on_behalf_of;  // OIN of the principal when the consumer says it acts for another
  std::string service, operation, purpose;
  std::vector<Requested> elements;
  Volume volume = Volume::single;
  Mode mode = Mode::request;
  std::optional<Period> period;     // the period that the data are asked about
  std::string signal;               // reference of the individual reason (KP-310)
  std::vector<Evidence> evidence;   // for conditions that hold per exchange
  std::vector<Relation> relations;  // that the gate itself established
  std::optional<int> persons;       // about how many a list is, where the request says so
  std::vector<std::string> rights;  // pending for this person: objection, restriction, correction (KP-709)
  Transport transport = Transport::mutual_tls;
  std::optional<Date> training_valid_until;  // of the asking user, where known (KP-105)
  History history;
};

}  // namespace koppelpoort
