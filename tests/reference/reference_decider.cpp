#include "tests/reference/reference_decider.hpp"

#include <algorithm>
#include <functional>

#include "policies/motivation.hpp"
#include "policies/proxy_guard.hpp"

namespace koppelpoort::reference {
namespace {

using Ids = std::set<std::string>;

bool bit(unsigned set, unsigned number) { return (set >> number & 1u) != 0; }

class World {
 public:
  World(const Knowledge& knowledge, const Registers& registers, const Settings& settings, const Exchange& exchange)
      : catalogue_(knowledge.catalogue),
        knowledge_(knowledge),
        registers_(registers),
        settings_(settings),
        exchange_(exchange),
        day_(dutch_date(exchange.at)) {
    if (const auto at = registers.purposes.find(exchange.purpose); at != registers.purposes.end())
      purpose_ = &at->second;
    if (const auto at = registers.services.find(exchange.service); at != registers.services.end())
      service_ = &at->second;
    for (const auto& each : exchange.elements) {
      if (!each.element) continue;
      const std::string& id = knowledge.taxonomy.elements[*each.element].id;
      requested_.insert(id);
      (each.use == Use::search ? searched_ : delivered_).insert(id);
    }
  }

  Outcome decide() {
    identity();
    purpose();
    basis();
    special_data();
    necessity();
    linkage();
    algorithm();
    accountability();
    return verdict();
  }

 private:
  // ---- section 3: what is left, and what that means ----

  Outcome verdict() {
    Ids left;
    for (const auto& id : delivered_)
      if (!removed_.contains(id)) left.insert(id);
    const bool search_lost = std::ranges::any_of(searched_, [&](const auto& id) { return removed_.contains(id); });
    bool enough = service_ != nullptr;
    if (service_ != nullptr)
      for (const auto& id : service_->essential) enough = enough && left.contains(id);
    const bool may_cut = purpose_ != nullptr && purpose_->excess == Excess::minimise;
    if (blocked_ || purpose_ == nullptr || service_ == nullptr || search_lost || left.empty() ||
        (cut_ && !(may_cut && enough))) {
      outcome_.verdict = Verdict::block;
      return outcome_;
    }
    outcome_.verdict = cut_ ? Verdict::minimise : Verdict::permit;
    outcome_.allowed = left;
    return outcome_;
  }

  void block(Code code) {
    blocked_ = true;
    outcome_.codes.insert(static_cast<int>(code));
  }
  void remove(Code code, const std::string& id) {
    removed_.insert(id);
    cut_ = true;
    outcome_.codes.insert(static_cast<int>(code));
  }

  // ---- words ----

  const Element& element(const std::string& id) const {
    return knowledge_.taxonomy.elements[*knowledge_.taxonomy.find(id)];
  }
  const Category& category(const std::string& id) const { return catalogue_.words.categories[element(id).category]; }
  bool holds_role(const std::string& oin, const std::string& role) const {
    const auto at = registers_.organisations.find(oin);
    if (at == registers_.organisations.end()) return false;
    for (const auto& each : at->second.roles)
      if (each.role == role && within(each.period)) return true;
    return false;
  }
  bool within(const Period& period) const {
    return !(period.from && day_ < *period.from) && !(period.until && day_ >= *period.until);
  }
  bool is_shown(const std::vector<Evidence>& evidence, const std::string& name) const {
    for (const auto& each : evidence)
      if (each.for_what == name && !each.reference.empty() && within(each.period)) return true;
    return false;
  }
  bool in_force(const Entry& entry) const { return entry.state_on(day_) == LawState::in_force; }
  bool may_decide(const Entry& entry) const {
    return entry.confidence == Confidence::released || settings_.accepted.contains(entry.confidence);
  }

  // ---- KP-1xx ----

  void organisation(const std::string& oin) {
    const auto at = registers_.organisations.find(oin);
    if (at == registers_.organisations.end() || !within(at->second.active)) block(Code::organisation_unknown);
  }

  void identity() {
    if (exchange_.consumer.empty())
      block(Code::identity_missing);
    else
      organisation(exchange_.consumer);
    if (!exchange_.on_behalf_of.empty() && exchange_.on_behalf_of != exchange_.consumer) {
      organisation(exchange_.on_behalf_of);
      bool mandated = false;
      for (const auto& [id, each] : registers_.mandates) {
        const bool covers = each.purposes.empty() || std::ranges::count(each.purposes, exchange_.purpose) > 0;
        mandated = mandated || (each.principal == exchange_.on_behalf_of && each.agent == exchange_.consumer &&
                                covers && within(each.period));
      }
      if (!mandated) block(Code::mandate_missing);
    }
    if (service_ == nullptr) {
      block(Code::service_unknown);
    } else {
      organisation(service_->provider);
      if (registers_.organisations.contains(service_->provider) && !holds_role(service_->provider, service_->role))
        blocked_ = true;  // KP-104
      if (exchange_.transport < service_->transport) block(Code::security_profile);
    }
    if (purpose_ != nullptr) {
      if (purpose_->controller != exchange_.consumer) organisation(purpose_->controller);
      if (registers_.organisations.contains(purpose_->controller) && !holds_role(purpose_->controller, purpose_->role))
        blocked_ = true;  // KP-104
    }
    if (exchange_.training_valid_until && *exchange_.training_valid_until < day_) block(Code::security_profile);
  }

  // ---- KP-2xx ----

  void purpose() {
    if (exchange_.purpose.empty()) return block(Code::purpose_missing);
    if (purpose_ == nullptr) return block(Code::purpose_unknown);
    const std::string acts_for = exchange_.on_behalf_of.empty() ? exchange_.consumer : exchange_.on_behalf_of;
    if (purpose_->controller != acts_for) block(Code::purpose_not_yours);
    if (purpose_->state == PurposeState::suspended || purpose_->state == PurposeState::withdrawn)
      block(Code::purpose_suspended);
    else if (purpose_->state != PurposeState::active || !purpose_->approval ||
             exchange_.at < purpose_->approval->signed_at)
      block(Code::purpose_not_approved);
    if (!within(purpose_->valid) || (purpose_->review_by && day_ > *purpose_->review_by)) block(Code::purpose_expired);
    if (purpose_->goal == "marketing") block(Code::marketing_purpose);
  }

  // ---- KP-3xx and KP-401 to KP-403: an entry carries an element as a whole, or not at all ----

  void basis() {
    if (purpose_ == nullptr || service_ == nullptr) return;
    bool all_by_duty = true;
    Ids covered;
    for (const auto& id : requested_) {
      bool given = false, collected = false, duty = false;
      for (const auto& name : purpose_->bases) {
        const Entry* entry = catalogue_.find(name);
        for (const auto& flow : entry->flows) {
          if (!carries(*entry, flow, id)) continue;
          if (flow.side != Side::collect && !secret(*entry, flow, id)) {
            given = true;
            duty = duty || flow.duty;
          }
          if (flow.side != Side::give) collected = true;
        }
      }
      if (given && collected) {
        covered.insert(id);
        all_by_duty = all_by_duty && duty;
      } else {
        removed_.insert(id);
        cut_ = true;
        outcome_.without_basis.insert(id);
      }
    }
    covered_ = !covered.empty();
    by_duty_ = all_by_duty;
    if (purpose_->relies_on_consent) blocked_ = true;  // KP-307
  }

  bool carries(const Entry& entry, const Flow& flow, const std::string& id) const {
    const auto role_of_service = catalogue_.words.role(service_->role), role = catalogue_.words.role(purpose_->role);
    const auto goal = catalogue_.words.goal(purpose_->goal);
    if (!flow.from.test(*role_of_service) || !flow.to.test(*role) || !flow.goals.test(*goal)) return false;
    if (!in_force(entry) || !may_decide(entry)) return false;
    if (flow.same_organisation) {
      bool obtained = false;
      for (const auto& each : service_->obtained_for)
        obtained = obtained || flow.obtained_for.test(*catalogue_.words.goal(each));
      if (service_->provider != purpose_->controller || !obtained) return false;
    }
    if (!fits_exchange(entry, flow)) return false;
    const bool named = flow.categories.test(element(id).category) || std::ranges::count(flow.fields, id) > 0;
    if (!named) return false;
    const Category& kind = category(id);
    if (kind.kind == CategoryKind::special && !flow.special.contains("any") && !flow.special.contains(kind.special))
      return false;
    if (kind.kind == CategoryKind::criminal && !flow.criminal) return false;
    if (kind.kind == CategoryKind::national_id)
      return flow.number == NumberGround::own || (flow.number == NumberGround::sector && number_ground());
    return true;
  }

  bool fits_exchange(const Entry& entry, const Flow& flow) const {
    if (!bit(flow.volumes, static_cast<unsigned>(exchange_.volume))) return false;
    if (!bit(flow.modes, static_cast<unsigned>(exchange_.mode))) return false;
    for (const auto position : flow.conditions) {
      const Condition& condition = entry.conditions[position];
      if (!condition.asked_on(day_, exchange_.volume)) continue;
      if (!is_shown(condition.per_exchange ? exchange_.evidence : purpose_->evidence, entry.id + "/" + condition.id))
        return false;
    }
    if (flow.signal && exchange_.signal.empty()) return false;
    if (!flow.relation.empty()) {
      bool stands = false;
      for (const auto& capacity : flow.relation) {
        if (exchange_.volume == Volume::single)
          stands = stands || std::ranges::count(purpose_->capacities, capacity) > 0;
        else
          for (const auto& each : exchange_.relations)
            stands = stands || (each.capacity == capacity && within(each.period));
      }
      if (!stands) return false;
    }
    if (flow.look_back_months && exchange_.period && begins_before(months_back(*flow.look_back_months))) return false;
    return true;
  }

  bool number_ground() const {
    for (const auto& name : purpose_->bases) {
      const Entry* entry = catalogue_.find(name);
      if (!entry->number || !in_force(*entry) || !may_decide(*entry)) continue;
      const bool goal =
          entry->number->goals.none() || entry->number->goals.test(*catalogue_.words.goal(purpose_->goal));
      if (entry->number->roles.test(*catalogue_.words.role(purpose_->role)) && goal) return true;
    }
    return false;
  }

  bool secret(const Entry& entry, const Flow& flow, const std::string& id) const {
    for (const auto& [name, duty] : catalogue_.entries) {
      if (!duty.secrecy || !in_force(duty)) continue;
      if (!duty.secrecy->binds.test(*catalogue_.words.role(service_->role))) continue;
      if (!duty.secrecy->categories.test(element(id).category)) continue;
      const auto by = [&](LiftedBy way) { return bit(duty.secrecy->lifted_by, static_cast<unsigned>(way)); };
      bool lifted = (by(LiftedBy::duty) && flow.duty) || (by(LiftedBy::power) && !flow.duty) ||
                    (by(LiftedBy::named) && std::ranges::count(flow.lifts, name) > 0) ||
                    (by(LiftedBy::statutory_condition) && !flow.conditions.empty());
      for (const auto position : flow.conditions)
        lifted = lifted || (by(LiftedBy::consent) && entry.conditions[position].kind == "consent");
      if (!lifted) return true;
    }
    return false;
  }

  Date months_back(int months) const {
    using namespace std::chrono;
    const year_month_day today{day_};
    const year_month then = year_month{today.year(), today.month()} - std::chrono::months{months};
    const day last_day = year_month_day_last{then.year(), month_day_last{then.month()}}.day();
    return sys_days{then / std::min(today.day(), last_day)};
  }
  bool begins_before(Date day) const { return !exchange_.period->from || *exchange_.period->from < day; }

  // ---- KP-404, KP-405 ----

  void special_data() {
    if (purpose_ == nullptr) return;
    const Entry* rule = catalogue_.find("uavg-29-biometrie");
    for (const auto& id : requested_) {
      const std::string& kind = category(id).id;
      if (purpose_->role == "werkgever" && (kind == "gezondheid-medisch" || kind == "adm-testuitslag"))
        remove(Code::medical_to_employer, id);
      if (kind != "biometrie") continue;
      bool met = rule != nullptr;
      if (rule != nullptr)
        for (const auto& condition : rule->conditions)
          if (condition.asked_on(day_, exchange_.volume))
            met = met && is_shown(purpose_->evidence, rule->id + "/" + condition.id);
      if (!met) remove(Code::biometric_not_necessary, id);
    }
  }

  // ---- KP-5xx, KP-805 ----

  void necessity() {
    for (const auto& each : exchange_.elements) {
      if (each.element) continue;
      if (each.use == Use::search)
        block(Code::data_excess);
      else
        outcome_.codes.insert(static_cast<int>(Code::data_excess)), cut_ = true;
    }
    if (delivered_.empty()) block(Code::data_excess);
    if (service_ != nullptr)
      for (const auto& id : requested_)
        if (std::ranges::count(service_->elements, id) == 0) remove(Code::data_excess, id);
    if (purpose_ == nullptr) return;
    for (const auto& id : requested_) {
      const Necessity* reason = nullptr;
      for (const auto& [name, each] : registers_.necessities)
        if (each.purpose == exchange_.purpose && each.service == exchange_.service &&
            std::ranges::count(each.elements, id) > 0)
          reason = &each;
      if (reason == nullptr) {
        remove(Code::data_excess, id);
        continue;
      }
      if (!fault_of_motivation(reason->proportionality, reason->subsidiarity).empty() ||
          (reason->review_by && day_ > *reason->review_by))
        remove(Code::necessity_not_motivated, id);
      if (reason->per_person_per_month && exchange_.history.same_person_this_month >= *reason->per_person_per_month)
        remove(Code::frequency_exceeded, id);
      if (reason->persons_at_most && exchange_.volume != Volume::single &&
          (!exchange_.persons || *exchange_.persons > *reason->persons_at_most))
        remove(Code::frequency_exceeded, id);
    }
    const char* names[] = {"self", "partner", "kind", "ouder", "huisgenoot", "ander"};
    for (const auto& id : requested_) {
      const auto who = static_cast<std::size_t>(element(id).person);
      if (who != 0 && !purpose_->related_persons.contains(names[who])) remove(Code::other_person_removed, id);
    }
    relation_and_period();
  }

  void relation_and_period() {
    if (purpose_->relation_checked) {
      bool stands = false;
      for (const auto& each : exchange_.relations)
        stands = stands || (within(each.period) && std::ranges::count(purpose_->capacities, each.capacity) > 0);
      if (!stands) block(Code::no_client_relation);
    }
    if (!purpose_->retention_months) block(Code::retention_exceeded);
    if (!exchange_.period || !purpose_->look_back_months) return;
    const Date earliest = months_back(*purpose_->look_back_months);
    if (!begins_before(earliest)) return;
    outcome_.codes.insert(static_cast<int>(Code::retention_exceeded));
    if (exchange_.period->until && *exchange_.period->until <= earliest)
      blocked_ = true;
    else
      cut_ = true;
  }

  // ---- KP-6xx ----

  bool approved(const Linkage& each) const {
    if (each.state != PurposeState::active || !each.approval || exchange_.at < each.approval->signed_at) return false;
    if (!within(each.valid) || (each.review_by && day_ > *each.review_by)) return false;
    if (each.use == LinkageUse::one_case && exchange_.volume != Volume::single) return false;
    return fault_of_motivation(each.proportionality, each.subsidiarity).empty();
  }
  static bool contains(const Linkage& each, const Ids& sources) { return std::ranges::includes(each.sources, sources); }

  void linkage() {
    if (purpose_ == nullptr || service_ == nullptr) return;
    Ids declared{service_->source}, mine{service_->source}, all{service_->source};
    for (const auto& [id, each] : registers_.necessities)
      if (each.purpose == purpose_->id) declared.insert(registers_.services.at(each.service).source);
    for (const auto& each : exchange_.history.obtained) {
      all.insert(each.source);
      if (each.purpose == purpose_->id) mine.insert(each.source);
    }
    if (declared.size() > 1 || mine.size() > 1) one_purpose(mine);
    if (all.size() == mine.size()) return;
    bool fine = false;
    for (const auto& [id, each] : registers_.linkages)
      for (const auto& name : each.purposes)
        fine = fine || (registers_.purposes.at(name).controller == purpose_->controller && contains(each, all) &&
                        approved(each));
    if (!fine) block(Code::cumulative_linkage);
  }

  void one_purpose(const Ids& mine) {
    std::vector<const Linkage*> good, with_source;
    for (const auto& [id, each] : registers_.linkages)
      if (std::ranges::count(each.purposes, purpose_->id) > 0 && approved(each)) good.push_back(&each);
    if (good.empty()) return block(Code::linkage_not_approved);
    for (const auto* each : good)
      if (each->sources.contains(service_->source)) with_source.push_back(each);
    if (with_source.empty()) return block(Code::source_not_in_linkage);
    if (!searched_.empty() &&
        std::ranges::none_of(with_source, [&](const auto* each) { return searched_.contains(each->join_key); }))
      return block(Code::source_not_in_linkage);
    if (std::ranges::none_of(with_source, [&](const auto* each) { return contains(*each, mine); }))
      block(Code::linkage_not_approved);
  }

  // ---- KP-701, KP-702, KP-704 ----

  static bool proxy(const Element& each) {
    return std::ranges::any_of(each.tags, [](const auto& tag) { return tag.starts_with("proxy:"); });
  }

  void algorithm() {
    if (exchange_.volume != Volume::single)
      for (const auto& id : searched_)
        if (proxy(element(id))) remove(Code::profiling_proxy, id);
    if (purpose_ == nullptr || purpose_->algorithm.empty()) return;
    const Algorithm& each = registers_.algorithms.at(purpose_->algorithm);
    if (each.profiling && each.decides_alone) block(Code::profiling_not_allowed);
    if (each.profiling && exchange_.volume != Volume::single && exchange_.signal.empty())
      block(Code::profiling_not_allowed);
    const FeatureScan scan = scan_features(each.features, knowledge_.taxonomy, knowledge_.proxies);
    if (!scan.proxies.empty()) block(Code::profiling_proxy);
    bool complete = !each.features.empty() && scan.undeclared.empty() &&
                    is_shown(each.evidence, "algorithm-register") && is_shown(each.evidence, "model-card");
    if (each.profiling) {
      bool tested = false;
      for (const auto& evidence : each.evidence)
        tested = tested || (evidence.for_what == "bias-test" && evidence.version == each.version &&
                            !evidence.reference.empty() && within(evidence.period));
      complete = complete && tested && is_shown(each.evidence, "human-review") &&
                 (is_shown(each.evidence, "iama") || is_shown(each.evidence, "fria"));
    }
    if (!complete) block(Code::algorithm_evidence_missing);
  }

  // ---- KP-703, KP-705 to KP-709 ----

  void accountability() {
    if (purpose_ == nullptr) return;
    for (const auto& [id, entry] : catalogue_.entries) {
      if (!entry.gate || !in_force(entry) || !concerned(entry.gate->applies_to)) continue;
      for (const auto& name : entry.gate->evidence)
        if (!entry.gate->evidence.empty()) demand(name);
      if (purpose_->algorithm.empty()) continue;
      for (const auto& practice : entry.gate->practices)
        if (registers_.algorithms.at(purpose_->algorithm).practices.contains(practice))
          block(Code::profiling_not_allowed);
    }
    if (!exchange_.rights.empty() && covered_ && !by_duty_) block(Code::rights_blocked);
  }

  bool concerned(const std::vector<std::string>& words) const {
    if (words.empty()) return true;
    const auto& known = catalogue_.words;
    for (const auto& word : words) {
      const auto role = known.role(word), goal = known.goal(word);
      if (role && role == known.role(purpose_->role)) return true;
      if (role && service_ != nullptr && role == known.role(service_->role)) return true;
      if (goal && goal == known.goal(purpose_->goal)) return true;
      for (const auto& id : requested_)
        if (known.category(word) == std::optional<WordIndex>{element(id).category}) return true;
    }
    return false;
  }

  std::optional<Date> started() const {
    if (purpose_->started) return purpose_->started;
    if (purpose_->approval) return dutch_date(purpose_->approval->signed_at);
    return std::nullopt;
  }

  bool dated(const std::string& name, const std::function<bool(const Evidence&)>& right) const {
    for (const auto& each : purpose_->evidence) {
      if (each.for_what != name || each.reference.empty() || !right(each)) continue;
      if (each.period.from && within(each.period) && !(started() && *each.period.from > *started())) return true;
    }
    return false;
  }

  void demand(const std::string& name) {
    const Algorithm* model = purpose_->algorithm.empty() ? nullptr : &registers_.algorithms.at(purpose_->algorithm);
    if (name == "dpia") {
      if (!dated(name, [&](const auto& each) { return std::ranges::count(each.covers, exchange_.service) > 0; }))
        block(Code::dpia_missing);
      if (purpose_->residual_risk == ResidualRisk::high && !is_shown(purpose_->evidence, "prior-consultation"))
        block(Code::prior_consultation_pending);
    } else if (name == "or-consent") {
      if (!dated(name, [&](const auto& each) { return model == nullptr || each.version == model->version; }))
        block(Code::or_consent_missing);
    } else if (name == "transparency") {
      if (!dated(name, [](const auto&) { return true; })) block(Code::transparency_missing);
    } else if (name == "security-profile") {
      if (exchange_.transport != Transport::mutual_tls) block(Code::security_profile);
    } else if (name == "fg-advice") {
      if (!purpose_->approval) return;
      const Date advice = dutch_date(purpose_->approval->advised_at);
      if (advice > *started() || (purpose_->changed && advice < *purpose_->changed) ||
          (purpose_->fg_involved_since && *purpose_->fg_involved_since > *started()))
        block(Code::fg_not_involved);
    } else if (name == "joint-controller-arrangement" || name == "processor-contract") {
      bool arranged = false;
      for (const auto& each : purpose_->evidence) {
        const std::string last = each.for_what.substr(each.for_what.find('/') + 1);
        arranged = arranged || ((last == "joint-controller-arrangement" || last == "processor-contract") &&
                                !each.reference.empty() && within(each.period));
      }
      if (!arranged) blocked_ = true;  // KP-309
    } else if (!is_shown(purpose_->evidence, name) && (model == nullptr || !is_shown(model->evidence, name))) {
      block(Code::algorithm_evidence_missing);
    }
  }

  const Catalogue& catalogue_;
  const Knowledge& knowledge_;
  const Registers& registers_;
  const Settings& settings_;
  const Exchange& exchange_;
  Date day_;
  const Purpose* purpose_ = nullptr;
  const Service* service_ = nullptr;
  Ids requested_, searched_, delivered_, removed_;
  bool blocked_ = false, cut_ = false, covered_ = false, by_duty_ = false;
  Outcome outcome_;
};

// KP-504 and KP-505 explain a basis when they name elements; about the purpose they name none.
bool explains_basis(const Finding& finding) {
  const int code = static_cast<int>(finding.code);
  const bool either = code == 504 || code == 505;
  return code == 104 || (code >= 301 && code <= 312) || (code >= 401 && code <= 403) ||
         (either && !finding.elements.empty());
}

}  // namespace

Outcome decide(const Knowledge& knowledge, const Registers& registers, const Settings& settings,
               const Exchange& exchange) {
  return World(knowledge, registers, settings, exchange).decide();
}

Outcome comparable(const Knowledge& knowledge, const Exchange& exchange, const Decision& decision) {
  Outcome outcome;
  outcome.verdict = decision.verdict;
  const auto& elements = knowledge.taxonomy.elements;
  for (const auto& each : exchange.elements)
    if (each.element && decision.allowed.test(*each.element)) outcome.allowed.insert(elements[*each.element].id);
  for (const auto& finding : decision.findings) {
    if (finding.effect == Effect::note) continue;
    if (!explains_basis(finding)) {
      outcome.codes.insert(static_cast<int>(finding.code));
      continue;
    }
    for (const auto index : finding.elements) outcome.without_basis.insert(elements[index].id);
  }
  return outcome;
}

}  // namespace koppelpoort::reference
