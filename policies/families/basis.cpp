// KP-301 to KP-312 and KP-401 to KP-403: both sides' ground, in force on that day, for these elements.
// Each flow of a claimed entry stands alone: an element passes only when one flow carries it as a whole on the giving
// side and one flow carries it as a whole on the collecting side.
#include <algorithm>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

// How far a flow gets; the furthest one explains a refusal best. In order of nearness.
enum class Reach { none, parties, task, force, reuse, named, exempted, applies };

struct Candidate {
  const Entry* entry = nullptr;
  const Flow* flow = nullptr;
  const FlowCover* cover = nullptr;
  Reach reach = Reach::none;           // before looking at elements: none, parties, task, force or applies
  std::vector<Finding> circumstances;  // what fails for the exchange as a whole
  ElementSet carries;                  // what it carries when the circumstances hold
  ElementSet numbers_refused;
  ElementSet under_secrecy;  // carried, but a secrecy duty is not lifted
};

// What keeps the named ground for the person number from counting; the nearest last.
enum class NumberMiss { none, task, force, release };

bool gives(const Candidate& each) { return each.flow->side != Side::collect; }
bool collects(const Candidate& each) { return each.flow->side != Side::give; }

class BasisCheck {
 public:
  explicit BasisCheck(Context& context)
      : context_(context),
        knowledge_(context.snapshot.knowledge()),
        purpose_(*context.purpose),
        service_(*context.service),
        controller_roles_(context.controller->roles_on(context.day)) {
    find_number_ground();
    for (const Entry* entry : purpose_.bases)
      for (const auto& flow : entry->flows) candidates_.push_back(examine(*entry, flow));
  }

  void run() {
    ElementSet given, given_in_secret, collected;
    for (const auto& each : candidates_) {
      if (!fits(each)) continue;
      if (gives(each)) {
        given |= each.carries & ~each.under_secrecy;
        given_in_secret |= each.carries & each.under_secrecy;
      }
      if (collects(each)) collected |= each.carries;
    }
    const ElementSet covered = context_.requested & given & collected;
    context_.by_duty = covered.any() && (covered & ~must_be_given()).none();
    const ElementSet open = context_.requested & ~covered;
    if (open.any() || context_.requested.none()) explain_open(open, given | given_in_secret, collected, given);
    name_bases(covered);
  }

 private:
  static bool fits(const Candidate& each) { return each.reach == Reach::applies && each.circumstances.empty(); }

  ElementSet must_be_given() const {
    ElementSet duty;
    for (const auto& each : candidates_)
      if (fits(each) && gives(each) && each.flow->duty) duty |= each.carries & ~each.under_secrecy;
    return duty;
  }

  bool accepted(const Entry& entry) const {
    const Settings& settings = context_.snapshot.settings();
    return entry.confidence == Confidence::released || settings.accepted.contains(entry.confidence) ||
           settings.released.contains(entry.id);
  }

  // The named entry that lets the recipient use the person number; an entry of another kind never counts. Where none
  // does, the one that comes nearest says why.
  void find_number_ground() {
    for (const Entry* entry : purpose_.bases) {
      if (!entry->number) continue;
      const bool this_task = entry->number->roles.test(purpose_.role) &&
                             (entry->number->goals.none() || entry->number->goals.test(purpose_.goal));
      const bool holds = entry->state_on(context_.day) == LawState::in_force;
      if (this_task && holds && accepted(*entry)) {
        number_ground_ = entry;
        return;
      }
      const NumberMiss miss = !this_task ? NumberMiss::task : (!holds ? NumberMiss::force : NumberMiss::release);
      if (nearest_number_ == nullptr || miss > number_miss_) {
        nearest_number_ = entry;
        number_miss_ = miss;
      }
    }
  }

  void explain_number(const Candidate& best, const ElementSet& numbers) {
    if (best.flow->number != NumberGround::sector) {
      context_.remove(Code::bsn_not_allowed, numbers, best.entry->id, "not by this provider");
      return;
    }
    switch (number_miss_) {
      case NumberMiss::none: context_.remove(Code::bsn_not_allowed, numbers, best.entry->id); break;
      case NumberMiss::task:
        context_.remove(Code::bsn_not_allowed, numbers, nearest_number_->id, "for another task");
        break;
      case NumberMiss::force: explain_force(*nearest_number_, numbers); break;
      case NumberMiss::release:
        context_.remove(Code::basis_not_released, numbers, nearest_number_->id,
                        std::string(name_of(nearest_number_->confidence)));
    }
  }

  Candidate examine(const Entry& entry, const Flow& flow) {
    Candidate found{&entry, &flow, &knowledge_.covers[flow.index], Reach::none, {}, {}, {}, {}};
    const bool reaches_controller = (flow.to & controller_roles_).any() || flow.to.test(purpose_.role);
    if (!flow.from.test(service_.role) || !reaches_controller) return found;
    found.reach = Reach::parties;
    if (!flow.goals.test(purpose_.goal) || !flow.to.test(purpose_.role)) return found;
    found.reach = Reach::task;
    if (entry.state_on(context_.day) != LawState::in_force) return found;
    found.reach = Reach::force;
    const bool inside = service_.service->provider == purpose_.purpose->controller;
    if (flow.same_organisation && !(inside && (flow.obtained_for & service_.obtained_for).any())) return found;
    found.reach = Reach::applies;
    found.circumstances = circumstances_of(entry, flow);
    const bool number =
        flow.number == NumberGround::own || (flow.number == NumberGround::sector && number_ground_ != nullptr);
    if (!number) found.numbers_refused = found.cover->numbers;
    found.carries = found.cover->exempted & ~found.numbers_refused;
    if (gives(found)) found.under_secrecy = still_secret(found);
    return found;
  }

  std::vector<Finding> circumstances_of(const Entry& entry, const Flow& flow) const {
    const Exchange& exchange = context_.exchange;
    std::vector<Finding> failing;
    const auto fail = [&](Code code, std::string detail) {
      failing.push_back({code, Effect::removes, {}, entry.id, std::move(detail)});
    };
    if ((flow.volumes & (1u << static_cast<unsigned>(exchange.volume))) == 0)
      fail(Code::bulk_not_allowed, std::string(name_of(exchange.volume)));
    if ((flow.modes & (1u << static_cast<unsigned>(exchange.mode))) == 0) fail(Code::condition_not_met, "mode");
    for (const auto position : flow.conditions) {
      const Condition& condition = entry.conditions[position];
      if (!condition.asked_on(context_.day, exchange.volume)) continue;
      const auto& evidence = condition.per_exchange ? exchange.evidence : purpose_.purpose->evidence;
      if (!shown(evidence, entry.id + "/" + condition.id, context_.day)) fail(Code::condition_not_met, condition.id);
    }
    if (flow.signal && exchange.signal.empty()) fail(Code::no_signal, {});
    if (!flow.relation.empty() && !in_capacity(flow)) fail(Code::no_client_relation, {});
    if (flow.look_back_months && exchange.period && too_far_back(*flow.look_back_months))
      fail(Code::retention_exceeded, std::to_string(*flow.look_back_months) + " months");
    if (!accepted(entry)) fail(Code::basis_not_released, std::string(name_of(entry.confidence)));
    return failing;
  }

  // For one person the purpose's word counts (and the gate's own check, where the purpose asks for it). For more than
  // one it does not: that all of them are clients must have been established, or a list of strangers would pass.
  bool in_capacity(const Flow& flow) const {
    if (context_.exchange.volume != Volume::single)
      return stands(context_.exchange.relations, flow.relation, context_.day);
    const auto& capacities = purpose_.purpose->capacities;
    return std::ranges::any_of(flow.relation, [&](const std::string& each) {
      return std::ranges::find(capacities, each) != capacities.end();
    });
  }

  bool too_far_back(int months) const {
    using namespace std::chrono;
    if (!context_.exchange.period->from) return true;
    year_month_day earliest = year_month_day{context_.day} - std::chrono::months{months};
    if (!earliest.ok()) earliest = earliest.year() / earliest.month() / last;
    return *context_.exchange.period->from < Date{sys_days{earliest}};
  }

  ElementSet still_secret(const Candidate& found) const {
    ElementSet secret;
    for (const auto& [entry, elements] : service_.secrecy)
      if (entry->state_on(context_.day) == LawState::in_force && !lifts(found, *entry)) secret |= elements;
    return secret;
  }

  static bool lifts(const Candidate& found, const Entry& secrecy) {
    const auto may = [&](LiftedBy by) { return (secrecy.secrecy->lifted_by & (1u << static_cast<unsigned>(by))) != 0; };
    const Flow& flow = *found.flow;
    if (may(LiftedBy::duty) && flow.duty) return true;
    if (may(LiftedBy::power) && !flow.duty) return true;
    if (may(LiftedBy::named) && std::ranges::find(flow.lifts, secrecy.id) != flow.lifts.end()) return true;
    const auto conditioned_on = [&](bool consent) {
      return std::ranges::any_of(flow.conditions, [&](auto position) {
        return (found.entry->conditions[position].kind == "consent") == consent;
      });
    };
    // A candidate fits only when its conditions are met, so it is enough that the flow has one.
    return (may(LiftedBy::consent) && conditioned_on(true)) ||
           (may(LiftedBy::statutory_condition) && !flow.conditions.empty());
  }

  // ---- what is missing, said once for all elements that share the reason ----

  static Reach reach_for(const Candidate& each, std::size_t element) {
    if (each.reach != Reach::applies) return each.reach;
    if (!each.cover->named.test(element)) return Reach::reuse;
    if (!each.carries.test(element)) return Reach::named;
    return each.circumstances.empty() ? Reach::applies : Reach::exempted;
  }

  // Further, or as far with less in the way; what nobody can mend weighs more than anything that somebody can.
  static bool nearer(const Candidate& a, const Candidate& b, std::size_t element) {
    const auto weight = [](const Candidate& each) {
      const auto forbidden = std::ranges::count_if(
          each.circumstances, [](const Finding& finding) { return kind_of(finding.code) == BlockKind::forbidden; });
      return std::pair(forbidden, each.circumstances.size());
    };
    const Reach reach_a = reach_for(a, element), reach_b = reach_for(b, element);
    return reach_a != reach_b ? reach_a > reach_b : weight(a) < weight(b);
  }

  const Candidate* nearest(std::size_t element, bool giving) const {
    const Candidate* best = nullptr;
    for (const auto& each : candidates_)
      if ((giving ? gives(each) : collects(each)) && (best == nullptr || nearer(each, *best, element))) best = &each;
    return best;
  }

  void explain_open(const ElementSet& open, const ElementSet& given, const ElementSet& collected,
                    const ElementSet& given_openly) {
    std::map<std::pair<const Candidate*, Reach>, ElementSet> by_reason;
    ElementSet no_giver, no_taker;
    const auto add = [&](std::size_t element, bool giving) {
      const Candidate* best = nearest(element, giving);
      const Reach reach = best == nullptr ? Reach::none : reach_for(*best, element);
      if (reach == Reach::none)
        (giving ? no_giver : no_taker).set(element);
      else
        by_reason[{best, reach}].set(element);
    };
    for (const auto element : listed(open)) {
      if (!given.test(element)) add(element, true);
      if (!collected.test(element)) add(element, false);
    }
    for (const auto& [reason, elements] : by_reason) explain(*reason.first, reason.second, elements);
    name_side_without_basis(no_giver, no_taker);
    name_reuse(no_giver & no_taker);
    name_law_that_is_gone(open);
    name_secrecy(open & ~given_openly, open & given & ~given_openly);
    name_special_without_basis(open & ~given);
    if (context_.exchange.volume != Volume::single && !any_reaches(Reach::task))
      context_.remove(Code::bulk_not_allowed, open, {}, std::string(name_of(context_.exchange.volume)));
    keep_back_what_nobody_named(open);
  }

  // No claimed entry is about these parties: on both sides, or only on one.
  void name_side_without_basis(const ElementSet& no_giver, const ElementSet& no_taker) {
    context_.remove(Code::no_legal_basis, no_giver & no_taker);
    context_.remove(Code::no_legal_basis, no_giver & ~no_taker, {}, "to give");
    context_.remove(Code::no_legal_basis, no_taker & ~no_giver, {}, "to ask");
  }

  // The controller's own data, obtained for another task, without an entry that lets them be used again (AVG 6(4)).
  void name_reuse(const ElementSet& elements) {
    const bool inside = service_.service->provider == purpose_.purpose->controller;
    if (inside && service_.obtained_for.any() && !service_.obtained_for.test(purpose_.goal))
      context_.remove(Code::purpose_mismatch, elements, service_.service->id, "obtained for another task");
  }

  // Whatever the explanation found to say: an element without cover never passes. Left over is what one entry gives
  // under secrecy while another, which would lift it, does not fit.
  void keep_back_what_nobody_named(const ElementSet& open) {
    for (const auto& [entry, elements] : service_.secrecy)
      if (entry->state_on(context_.day) == LawState::in_force)
        context_.remove(Code::secrecy_duty, open & elements & ~context_.removed, entry->id);
    context_.remove(Code::no_legal_basis, open & ~context_.removed);
  }

  bool any_reaches(Reach least) const {
    return std::ranges::any_of(candidates_, [&](const Candidate& each) { return each.reach >= least; });
  }

  void explain(const Candidate& best, Reach reach, const ElementSet& elements) {
    const std::string& id = best.entry->id;
    switch (reach) {
      case Reach::none: break;  // name_side_without_basis
      case Reach::parties:
        if (best.flow->goals.test(purpose_.goal))
          context_.remove(Code::role_mismatch, elements, id, "other role of this controller");
        else
          context_.remove(Code::purpose_mismatch, elements, id);
        break;
      case Reach::task: explain_force(*best.entry, elements); break;
      case Reach::force: context_.remove(Code::purpose_mismatch, elements, id, "re-use"); break;
      case Reach::reuse: context_.remove(Code::category_not_covered, elements, id); break;
      case Reach::named:
        context_.remove(Code::special_category_no_exemption, elements & best.cover->special, id);
        context_.remove(Code::criminal_data_no_basis, elements & best.cover->criminal, id);
        if (const ElementSet numbers = elements & best.numbers_refused; numbers.any()) explain_number(best, numbers);
        break;
      case Reach::exempted:
        for (const auto& finding : best.circumstances)
          context_.remove(finding.code, elements, finding.subject, finding.detail);
        break;
      case Reach::applies: break;
    }
  }

  void explain_force(const Entry& entry, const ElementSet& elements) {
    const Validity* interval = entry.interval_on(context_.day);
    switch (entry.state_on(context_.day)) {
      case LawState::disapplied: context_.remove(Code::basis_disapplied, elements, entry.id, interval->evidence); break;
      case LawState::repealed: context_.remove(Code::basis_expired, elements, entry.id, to_text(interval->from)); break;
      case LawState::pending:
        context_.remove(Code::basis_not_in_force, elements, entry.id, "a bill, seen on " + to_text(interval->from));
        break;
      default: explain_unknown(entry, elements);
    }
  }

  // No interval covers the day: before the first one, or in a gap behind one.
  void explain_unknown(const Entry& entry, const ElementSet& elements) {
    const auto behind =
        std::ranges::find_if(entry.validity, [&](const Validity& each) { return each.from > context_.day; });
    if (behind != entry.validity.begin()) {
      context_.remove(Code::basis_expired, elements, entry.id, to_text(context_.day));
      return;
    }
    const bool law = behind != entry.validity.end() && behind->certainty == Certainty::law;
    const std::string from = behind == entry.validity.end() ? to_text(context_.day) : to_text(behind->from);
    context_.remove(Code::basis_not_in_force, elements, entry.id, (law ? "from " : "not known before ") + from);
  }

  // A claimed entry for this very task that is not in force says so, also where it never had this provider.
  void name_law_that_is_gone(const ElementSet& open) {
    for (const auto& each : candidates_) {
      const bool this_task = each.flow->goals.test(purpose_.goal) && each.flow->to.test(purpose_.role);
      if (each.reach == Reach::none && this_task && each.entry->state_on(context_.day) != LawState::in_force)
        explain_force(*each.entry, open);
    }
  }

  // A duty that a plain power or duty would lift is no news where there is no basis at all.
  void name_secrecy(const ElementSet& closed, const ElementSet& covered_but_secret) {
    for (const auto& duty : service_.secrecy) {
      const Entry* entry = duty.first;
      if (entry->state_on(context_.day) != LawState::in_force) continue;
      constexpr unsigned by_any_basis =
          (1u << static_cast<unsigned>(LiftedBy::duty)) | (1u << static_cast<unsigned>(LiftedBy::power));
      const bool lifted_by_any = (entry->secrecy->lifted_by & by_any_basis) == by_any_basis;
      const ElementSet bound = duty.second & (lifted_by_any ? covered_but_secret : closed);
      const bool lifted = std::ranges::any_of(candidates_, [&](const Candidate& each) {
        return each.reach == Reach::applies && gives(each) && lifts(each, *entry) &&
               (bound & ~each.cover->named).none();
      });
      if (!lifted) context_.remove(Code::secrecy_duty, bound, entry->id);
    }
  }

  // Special and criminal data without any flow that names them: the exemption is lacking as well as the basis.
  void name_special_without_basis(const ElementSet& elements) {
    const auto& categories = knowledge_.catalogue.words.categories;
    ElementSet special, criminal, named;
    for (const auto& each : candidates_)
      if (each.reach == Reach::applies) named |= each.cover->named;
    for (std::size_t i = 0; i < categories.size(); ++i) {
      const ElementSet found = elements & knowledge_.taxonomy.of_category[i] & ~named;
      if (categories[i].kind == CategoryKind::special) special |= found;
      if (categories[i].kind == CategoryKind::criminal) criminal |= found;
    }
    context_.remove(Code::special_category_no_exemption, special);
    context_.remove(Code::criminal_data_no_basis, criminal);
  }

  void name_bases(const ElementSet& covered) {
    bool number_used = false;
    for (const auto& each : candidates_) {
      if (!fits(each) || (each.carries & covered).none()) continue;
      number_used = number_used ||
                    (each.flow->number == NumberGround::sector && (each.carries & each.cover->numbers & covered).any());
      name(*each.entry);
    }
    if (number_used) name(*number_ground_);
  }

  void name(const Entry& entry) {
    if (std::ranges::find(context_.bases, entry.id) != context_.bases.end()) return;
    context_.bases.push_back(entry.id);
    if (entry.confidence != Confidence::released)
      context_.note(Code::basis_not_released, entry.id, std::string(name_of(entry.confidence)));
  }

  Context& context_;
  const Knowledge& knowledge_;
  const Snapshot::CompiledPurpose& purpose_;
  const Snapshot::CompiledService& service_;
  RoleSet controller_roles_;
  const Entry* number_ground_ = nullptr;
  const Entry* nearest_number_ = nullptr;
  NumberMiss number_miss_ = NumberMiss::none;
  std::vector<Candidate> candidates_;
};

}  // namespace

void check_basis(Context& context) {
  if (context.purpose == nullptr || context.service == nullptr) return;
  BasisCheck(context).run();
  if (context.purpose->purpose->relies_on_consent) context.block(Code::consent_not_free, context.exchange.purpose);
}

}  // namespace koppelpoort
