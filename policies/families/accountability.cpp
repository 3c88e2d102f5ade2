// KP-703 to KP-708 and KP-105: what the gates of the catalogue ask to be shown before the first exchange, and KP-709:
// what the person asked. Gates only take away, so an entry that no lawyer released counts too.
#include <algorithm>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

constexpr std::string_view prior_consultation = "avg-36-voorafgaande-raadpleging";

bool concerns(const Snapshot::CompiledGate& gate, const Context& context) {
  return gate.everybody || gate.roles.test(context.purpose->role) || gate.goals.test(context.purpose->goal) ||
         (context.service != nullptr && gate.roles.test(context.service->role)) ||
         (gate.elements & context.requested).any();
}

class AccountabilityCheck {
 public:
  explicit AccountabilityCheck(Context& context)
      : context_(context), purpose_(*context.purpose->purpose), started_(context.purpose->started) {}

  void run() {
    for (const auto& gate : context_.snapshot.gates()) {
      if (gate.entry->state_on(context_.day) != LawState::in_force || !concerns(gate, context_)) continue;
      for (const auto& name : gate.entry->gate->evidence) demand(*gate.entry, name);
      for (const auto& practice : gate.entry->gate->practices)
        if (const Algorithm* algorithm = context_.purpose->algorithm;
            algorithm != nullptr && algorithm->practices.contains(practice))
          context_.block(Code::profiling_not_allowed, gate.entry->id, practice);
    }
    check_rights();
  }

 private:
  void demand(const Entry& entry, const std::string& name) {
    if (name == "dpia") {
      check_dpia(entry);
    } else if (name == "fg-advice") {
      check_advice();
    } else if (name == "or-consent") {
      check_consent(entry);
    } else if (name == "transparency") {
      const std::string fault = fault_of(name, [](const Evidence&) { return std::string(); });
      if (!fault.empty()) context_.block(Code::transparency_missing, entry.id, fault);
    } else if (name == "security-profile") {
      if (context_.exchange.transport < Transport::mutual_tls) context_.block(Code::security_profile, "transport");
    } else if (name == "joint-controller-arrangement" || name == "processor-contract") {
      // Which of the two it must be follows from who decides about what; one of them is always needed.
      if (!arranged("joint-controller-arrangement") && !arranged("processor-contract"))
        context_.block(Code::condition_not_met, entry.id, "joint-controller-arrangement or processor-contract");
    } else if (!shown(purpose_.evidence, name, context_.day) && !shown_by_algorithm(name)) {
      context_.block(Code::algorithm_evidence_missing, entry.id, name);
    }
  }

  // Under its own name, or as the condition of a basis that asks the same.
  bool arranged(std::string_view name) const {
    return std::ranges::any_of(purpose_.evidence, [&](const Evidence& each) {
      const bool same = each.for_what == name || each.for_what.ends_with("/" + std::string(name));
      return same && !each.reference.empty() && each.period.holds_on(context_.day);
    });
  }

  bool shown_by_algorithm(const std::string& name) const {
    const Algorithm* algorithm = context_.purpose->algorithm;
    return algorithm != nullptr && shown(algorithm->evidence, name, context_.day);
  }

  // The nearest miss of all evidence of this name; empty when one is right. Dated, and from before the first use.
  template <typename Fits>
  std::string fault_of(std::string_view name, Fits fits) const {
    std::string fault = "not shown";
    for (const auto& each : purpose_.evidence) {
      if (each.for_what != name || each.reference.empty()) continue;
      fault = fits(each);
      if (fault.empty() && !each.period.from) fault = "undated";
      if (fault.empty() && !each.period.holds_on(context_.day)) fault = "not valid on " + to_text(context_.day);
      if (fault.empty() && started_ && *started_ < *each.period.from) fault = "from after the start";
      if (fault.empty()) return {};
    }
    return fault;
  }

  void check_dpia(const Entry& entry) {
    const std::string fault = fault_of("dpia", [&](const Evidence& each) {
      const bool covers = std::ranges::find(each.covers, context_.exchange.service) != each.covers.end();
      return std::string(covers ? "" : "about another linkage");
    });
    if (!fault.empty()) context_.block(Code::dpia_missing, entry.id, fault);
    if (purpose_.residual_risk == ResidualRisk::high && !shown(purpose_.evidence, "prior-consultation", context_.day))
      context_.block(Code::prior_consultation_pending, std::string(prior_consultation));
  }

  // Without any approval the purpose is not active; KP-204 says so.
  void check_advice() {
    if (!purpose_.approval || !started_) return;
    const Date advised = *context_.purpose->advised;
    if (*started_ < advised) context_.block(Code::fg_not_involved, purpose_.id, "advice from after the start");
    if (purpose_.changed && advised < *purpose_.changed)
      context_.block(Code::fg_not_involved, purpose_.id, "no advice on the change of " + to_text(*purpose_.changed));
    if (purpose_.fg_involved_since && *started_ < *purpose_.fg_involved_since)
      context_.block(Code::fg_not_involved, purpose_.id, "involved after the start");
  }

  // On the same version of the system, where there is one.
  void check_consent(const Entry& entry) {
    const Algorithm* algorithm = context_.purpose->algorithm;
    const std::string fault = fault_of("or-consent", [&](const Evidence& each) {
      return std::string(algorithm != nullptr && each.version != algorithm->version ? "about another version" : "");
    });
    if (!fault.empty()) context_.block(Code::or_consent_missing, entry.id, fault);
  }

  // A statutory supply goes on, with the mark; everything else waits for the answer to the person. Who has no basis
  // learns nothing about a person's requests.
  void check_rights() {
    if (context_.bases.empty()) return;
    for (const auto& right : context_.exchange.rights) {
      if (context_.by_duty)
        context_.note(Code::rights_blocked, right);
      else
        context_.block(Code::rights_blocked, right);
    }
  }

  Context& context_;
  const Purpose& purpose_;
  std::optional<Date> started_;
};

}  // namespace

void check_accountability(Context& context) {
  if (context.purpose == nullptr) return;
  AccountabilityCheck(context).run();
}

}  // namespace koppelpoort
