// Why a decision is what it is, on what it rests, and what would change it (decision model, section 5).
#pragma once

#include <optional>
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
  std::string subject;  // the id it is about, as the finding has it
  std::string name;
  Effect effect = Effect::note;
  BlockKind kind = BlockKind::none;
  std::vector<std::string> elements;  // ids
  std::string nl, en, next_nl, next_en, law, mends, mends_nl;
};

struct ExplainedBasis {
  std::string id, law, article, link;
  std::string state_nl, state_en;  // on the day of the exchange
};

struct ExplainedElement {
  std::string id, nl, en;
  std::string category_nl, category_en;  // what kind of data it is
  bool passes = false;
  std::vector<Code> because;  // what keeps it back; empty when it passes
};

struct Explanation {
  Verdict verdict = Verdict::block;
  BlockKind kind = BlockKind::none;
  std::string summary_nl, summary_en;
  std::string purpose, purpose_nl, purpose_en;
  std::string asked_by, asked_of;  // names of the organisations, where registered
  Instant at{};
  std::vector<ExplainedBasis> bases;  // every basis the purpose claims
  std::vector<ExplainedElement> elements;
  std::vector<ExplainedReason> reasons;
  std::vector<Remedy> remedies;    // of each finding by itself; tried before they are shown
  std::vector<Remedy> together;    // what lifts the refusal as a whole; empty where nothing does
  bool structural_gap = false;     // the law gives no way for a worthy aim
  bool law_lacking = false;        // no legal basis in force fits: only another law could change that
  std::optional<Date> cut_from;    // the period asked about was cut to begin here
  std::string plain_nl, plain_en;  // for the person whose data were asked about: why, in plain words
};

// Never says whether a person exists: it looks only at the exchange, the snapshot and the decision.
Explanation explain(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision);

// One finding in words, with its placeholders filled.
ExplainedReason in_words(const Snapshot& snapshot, const Finding& finding);

// Who reads it: an integrator wants codes and the next step, an FG the whole, ops what is the matter and whose it is,
// and the person whose data were asked about what happened, in plain words.
enum class Reader { integrator, fg, ops, person };

// For a terminal or a mail.
std::string to_text(const Explanation& explanation, Language language, Reader reader);

}  // namespace koppelpoort
