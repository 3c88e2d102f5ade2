// Proposals on their way into the registers: who may take which step, what it would mean, and what it brings into
// force. The one room behind every door: the management API and `register apply`.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/config/config.hpp"
#include "policies/analysis.hpp"
#include "policies/workflow/content.hpp"

namespace koppelpoort {

// Why something was not done, for the person who asked.
struct Refused {
  enum class Kind { not_allowed, conflict_of_interest, not_found, state, content, changed_meanwhile };
  Kind kind = Kind::content;
  std::string nl, en;
  std::vector<std::string> reasons;  // each thing that is wrong
};

template <typename Value>
using Outcome = std::variant<Value, Refused>;

// What one purpose would get from one source, if this were in force.
struct Preview {
  std::string purpose, service;
  Verdict verdict = Verdict::block;
  BlockKind kind = BlockKind::none;
  std::vector<std::string> passes;  // element ids
  struct Reason {
    std::string code, nl, en, next_nl, next_en;
    Effect effect = Effect::note;
    std::vector<std::string> elements;  // ids, where it is about some
  };
  std::vector<Reason> reasons;
};

class Workflow {
 public:
  // `changed` is called when something came into force, or ended.
  Workflow(const Config& config, std::shared_ptr<const Knowledge> knowledge, std::function<void()> changed);

  const std::map<std::string, Proposal>& proposals();
  const Registers& registers();
  const std::vector<RegisterEvent>& events();
  std::int64_t register_version();

  // The entry as it is in force, in the registers' own form; empty when there is none.
  std::string entry_in_force(std::string_view kind, std::string_view id);

  Outcome<Proposal> create(const Actor& actor, const std::string& content, const std::string& project, Instant now);
  // `seen`: the version that the actor saw; another one in the meantime is refused.
  Outcome<Proposal> take(const Actor& actor, const std::string& id, Step step, const std::string& text,
                         const std::string& content, std::int64_t seen, Instant now);
  // Registers as they would be with this in force.
  Outcome<std::shared_ptr<const Snapshot>> drafted(const std::string& content, Instant now);
  Outcome<std::vector<Preview>> preview(const std::string& content, Instant now);
  // What of this organisation asks attention: reviews and ends that are near, purposes and elements that say nothing.
  std::vector<Remark> remarks(const std::string& organisation, Instant now);
  // At once, without anybody else: what was in force no longer is. `state`: suspended or withdrawn.
  Outcome<std::int64_t> stop(const Actor& actor, const std::string& purpose, PurposeState state,
                             const std::string& reasons, Instant now);

 private:
  void catch_up();
  std::optional<Refused> fault_of_registers(const std::vector<RegisterEvent>& events) const;
  std::optional<Refused> fault_of_submission(const std::string& content, Instant now);
  Outcome<Proposal> sign(const Actor& actor, const Proposal& proposal, const ProposalEvent& event,
                         std::int64_t steps_seen);
  bool changed_since_advice(const Proposal& proposal) const;

  const Config& config_;
  std::shared_ptr<const Knowledge> knowledge_;
  std::function<void()> changed_;
  RegisterEvents store_;
  std::vector<RegisterEvent> events_;
  Registers registers_;
  std::map<std::string, Proposal> proposals_;
  std::int64_t proposal_version_ = 0;
};

}  // namespace koppelpoort
