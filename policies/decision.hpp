// A decision is a value with grounds: verdict, findings, what may pass, and the versions that produced it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policies/codes.hpp"
#include "policies/exchange.hpp"

namespace koppelpoort {

enum class Verdict : std::uint8_t { permit, minimise, block };

enum class Effect : std::uint8_t {
  note,     // said, changes nothing
  removes,  // the named elements do not pass
  blocks    // nothing passes
};

struct Finding {
  Code code{};
  Effect effect = Effect::note;
  std::vector<ElementIndex> elements;  // sorted; which elements it is about; empty: the whole exchange
  std::string subject;  // the id it is about: a basis, a condition, a role, an organisation, a wire field
  std::string detail;   // a date, a period, a wire field; never a person's datum

  bool operator==(const Finding&) const = default;
};

struct Decision {
  Verdict verdict = Verdict::block;
  BlockKind kind = BlockKind::undecided;  // none unless the verdict is block
  std::vector<Finding> findings;          // in order of code, the primary reason first among those that block
  ElementSet allowed;                     // elements that may be delivered; empty on a block
  std::optional<Period> period;           // narrowed period that may be asked about, when the exchange has one
  std::vector<std::string> bases;         // catalogue ids that carry what passes
  std::set<std::string> related_persons;
  bool strict_answer = false;  // an answer with more than `allowed` is blocked, not cut
  std::int64_t register_version = 0;
  std::string catalogue;  // digest of catalogue, taxonomy and settings

  const Finding* primary() const;  // nothing unless the verdict is block
};

// When the gate itself cannot decide, record or understand (families gate and answer).
Decision undecided(Code code, std::string detail);

std::string_view name_of(Verdict verdict);
std::string_view name_of(Effect effect);

}  // namespace koppelpoort
