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

// Counts from the ledger, filled by the gateway (KP-503).
struct History {
  int same_person_this_month = 0;
};

struct Exchange {
  Instant at{};
  std::string consumer;      // OIN from the certificate; empty when there was no usable one
  std::string on_behalf_of;  // OIN of the principal when the consumer says it acts for another
  std::string service, operation, purpose;
  std::vector<Requested> elements;
  Volume volume = Volume::single;
  Mode mode = Mode::request;
  std::optional<Period> period;        // the period that the data are asked about
  std::string signal;                  // reference of the individual reason (KP-310)
  std::vector<Evidence> evidence;      // for conditions that hold per exchange
  std::vector<std::string> relations;  // capacities of the person that the gate itself established
  Transport transport = Transport::mutual_tls;
  std::optional<Date> training_valid_until;  // of the asking user, where known (KP-105)
  History history;
};

}  // namespace koppelpoort
