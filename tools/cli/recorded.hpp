// Recorded decisions, read back as the exchanges that were decided. Free text was not recorded, so it comes back as
// `recorded`; whether it was there is what decides.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/config/config.hpp"
#include "policies/decision.hpp"
#include "policies/registers/events.hpp"

namespace koppelpoort::cli {

struct RecordedDecision {
  std::string id, written_at, verdict, block, catalogue;
  std::vector<std::string> codes, bases, subjects;
  std::int64_t registers = 0;  // the version that it was decided on
  Exchange exchange;
  ElementSet allowed;

  // The gate could not decide: nothing to repeat.
  bool undecided() const { return block == "undecided"; }
};

// In order; until `visit` says false.
void read_decisions(const Config& config, const Taxonomy& taxonomy,
                    const std::function<bool(const RecordedDecision&)>& visit);
// Throws Failure when the ledger holds no such decision.
RecordedDecision find_decision(const Config& config, const Taxonomy& taxonomy, const std::string& id);

// Snapshots of register versions, compiled when first asked for; the last few are kept.
class Versions {
 public:
  Versions(const Config& config, std::shared_ptr<const Knowledge> knowledge);
  std::shared_ptr<const Snapshot> at(std::int64_t version);
  std::int64_t newest() const { return events_.empty() ? 0 : events_.back().version; }
  // `17`, or a date or instant: the last version recorded by then. Throws Failure on anything else.
  std::int64_t version_of(const std::string& text) const;
  const std::vector<RegisterEvent>& events() const { return events_; }

 private:
  Settings settings_;
  std::shared_ptr<const Knowledge> knowledge_;
  std::vector<RegisterEvent> events_;
  std::map<std::int64_t, std::shared_ptr<const Snapshot>> kept_;
};

// What differs between the record and the decision made again: in verdict, kind, codes, bases or elements. Empty: none.
std::string difference_of(const RecordedDecision& recorded, const Decision& decision);

}  // namespace koppelpoort::cli
