// An explanation as a letter on one or two pages: HTML that stands alone, for paper and screen.
#pragma once

#include <string>

#include "policies/explain.hpp"

namespace koppelpoort {

struct LetterFacts {
  std::string decision;  // its id
  std::string sender;    // the organisation that runs the gate; may be empty
  Date written{};
};

std::string to_letter(const Explanation& explanation, const LetterFacts& facts, Language language, Reader reader);

}  // namespace koppelpoort
