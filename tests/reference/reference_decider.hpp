// The decision model, written a second time from the specification, for reading: no indexes, no bit tricks, nothing
// compiled beforehand. Shares the plain data types with the engine and nothing else. Slow on purpose.
#pragma once

#include <set>
#include <string>

#include "policies/decision.hpp"
#include "policies/exchange.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort::reference {

struct Outcome {
  Verdict verdict = Verdict::block;
  std::set<std::string> allowed;
  std::set<std::string> without_basis;  // requested, but not carried on both sides
  std::set<int> codes;  // that keep something back, but those that explain a basis (KP-104, 3xx, 401-403)
};

Outcome decide(const Knowledge& knowledge, const Registers& registers, const Settings& settings,
               const Exchange& exchange);

// The part of the engine's decision that is compared.
Outcome comparable(const Knowledge& knowledge, const Exchange& exchange, const Decision& decision);

}  // namespace koppelpoort::reference
