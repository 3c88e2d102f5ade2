// Minimises a JSON answer: what is not allowed is removed, what passes keeps its bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/wire/json/mapping.hpp"
#include "policies/codes.hpp"

namespace koppelpoort {

struct Filtered {
  std::string body;
  ElementSet delivered;            // elements that stand in `body`
  ElementSet removed;              // elements that stood in the answer and were taken out
  std::size_t unmapped = 0;        // members that map to no element, taken out
  std::size_t records = 0;         // how many records (persons) pass
  const char* fault = nullptr;     // the answer cannot be read: nothing passes
  bool undeclared_number = false;  // a person number where none was declared: nothing passes
};

// Memory: the answer once more at most. An answer from which nothing is removed comes back as the same bytes.
// An object that the removal left without content disappears, so that it does not betray what was there.
Filtered filter_answer(const Mapping& mapping, const Operation& operation, std::string_view body,
                       const ElementSet& allowed);

// Whether what was filtered may leave (KP-803, KP-804): it is about no more persons than were asked about (0: no number
// was asked by), holds no number where none was declared, and from a strict service nothing had to be taken out.
struct AnswerJudged {
  std::optional<Code> fault;
  std::string detail;
};
AnswerJudged judge_answer(const Filtered& filtered, std::size_t persons_asked, bool strict);

// What was taken out, for people and statistics: KP-801, KP-802 and, about somebody else, KP-805.
std::vector<Code> notes_of(const Filtered& filtered, const Taxonomy& taxonomy);

// Nine digits that pass the eleven test: a person number may look like this.
bool looks_like_person_number(std::string_view digits);

}  // namespace koppelpoort
