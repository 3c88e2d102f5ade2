// What a person gets who asks which data about them went where (art. 15 AVG): who, when, for what, on which ground,
// which kinds of data, and what was refused. Names no other person: neither who asked along with them nor who works
// where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/explain.hpp"

namespace koppelpoort {

struct Party {
  std::string name;
  bool discreet = false;  // then `name` is its kind: its name would tell where somebody is
  bool operator==(const Party&) const = default;
};

struct SubjectLine {
  std::string decision;  // its id
  Instant at{};
  Party asked_by, asked_of;  // `asked_of` without a name: no registered source
  std::string purpose_nl, purpose_en;
  std::vector<std::string> bases;               // law and article
  std::vector<std::string> given_nl, given_en;  // kinds of data that were released; empty when nothing was
  std::vector<std::string> kept_nl, kept_en;    // kinds that were asked for and kept back
  bool refused = false;
  std::string why_nl, why_en;  // of a refusal, in plain words
};

struct SubjectReport {
  std::string controller;    // the organisation that answers
  std::optional<Date> from;  // nothing: since the ledger began
  Date until{};              // both included
  Date written{};
  std::vector<SubjectLine> lines;  // in order of time
};

// What differs for the reader in nothing but the moment stands in one line.
struct SubjectGroup {
  const SubjectLine* line = nullptr;
  std::vector<Instant> at;
};
std::vector<SubjectGroup> groups_of(const SubjectReport& report);

std::string to_text(const SubjectReport& report, Language language);
std::string to_page(const SubjectReport& report, Language language);  // HTML

}  // namespace koppelpoort
