// Why a decision is what it is, on what it rests, and what would change it (decision model, section 5).
#pragma once

#include <string>
#include <vector>

#include "policies/decision.hpp"
#include "policies/exchange.hpp"
#include "policies/remedies.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

enum class Language { nl, en };

struct ExplainedReason {
  Code code{};
  std::string name;
  Effect effect = Effect::note;
  BlockKind kind = BlockKind::none;
  std::vector<std::string> elements;  // ids
  std::string nl, en, next_nl, next_en, law, mends;
};

struct ExplainedBasis {
  std::string id, law, article, link, state;  // state on the day of the exchange
};

struct ExplainedElement {
  std::string id, nl, en;
  bool passes = false;
  std::vector<Code> because;  // what keeps it back; empty when it passes
};

struct Explanation {
  Verdict verdict = Verdict::block;
  BlockKind kind = BlockKind::none;
  std::string summary_nl, summary_en;
  std::string purpose, purpose_nl, purpose_en;
  std::vector<ExplainedBasis> bases;  // every basis the purpose claims
  std::vector<ExplainedElement> elements;
  std::vector<ExplainedReason> reasons;
  std::vector<Remedy> remedies;  // each one tried before it is shown
  bool structural_gap = false;   // the law gives no way
};

// Never says whether a person exists: it looks only at the exchange, the snapshot and the decision.
Explanation explain(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision);

// One finding in words, with its placeholders filled.
ExplainedReason in_words(const Snapshot& snapshot, const Finding& finding);

// For a person at a terminal or in a mail.
std::string to_text(const Explanation& explanation, Language language);

}  // namespace koppelpoort
