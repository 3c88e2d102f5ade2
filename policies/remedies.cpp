#include "policies/remedies.hpp"

#include <algorithm>
#include <functional>

#include "policies/decide.hpp"

namespace koppelpoort {
namespace {

class Drafter {
 public:
  Drafter(const Snapshot& snapshot, const Finding& finding, Draft& draft)
      : snapshot_(snapshot), finding_(finding), day_(dutch_date(draft.exchange.at)), draft_(draft) {
    remedy_.code = finding.code;
    remedy_.who = snapshot.knowledge().reasons.wording(finding.code, finding.detail).mends;
  }

  std::optional<Remedy> remedy() {
    if (!change()) return std::nullopt;
    remedy_.who_nl = snapshot_.knowledge().reasons.dutch(remedy_.who);
    return remedy_;
  }

 private:
  // False when nothing within the registers, the request or the settings can lift the finding.
  bool change() {
    switch (finding_.code) {
      case Code::organisation_unknown: return register_organisation();
      case Code::mandate_missing: return add_mandate();
      case Code::role_mismatch: return add_role();
      case Code::security_profile: return raise_profile();
      case Code::purpose_not_approved:
      case Code::purpose_suspended: return approve();
      case Code::purpose_expired: return extend();
      case Code::bulk_not_allowed: return ask_one_person();
      case Code::condition_not_met: return show_condition();
      case Code::no_signal: return name_signal();
      case Code::basis_not_released: return release_basis();
      case Code::category_not_covered:
      case Code::special_category_no_exemption:
      case Code::criminal_data_no_basis:
      case Code::bsn_not_allowed:
      case Code::medical_to_employer:
      case Code::secrecy_duty: return leave_out();
      case Code::data_excess: return motivate();
      case Code::necessity_not_motivated: return write_motivation();
      case Code::no_client_relation: return show_relation();
      case Code::retention_exceeded: return bound_period();
      case Code::other_person_removed: return name_related();
      case Code::frequency_exceeded: return wait_or_judge();
      case Code::source_not_in_linkage:
      case Code::cumulative_linkage:
      case Code::linkage_not_approved: return register_linkage();
      case Code::profiling_not_allowed: return leave_profiling();
      case Code::profiling_proxy: return leave_proxy();
      case Code::dpia_missing: return show_dpia();
      case Code::algorithm_evidence_missing: return show_about_algorithm();
      case Code::fg_not_involved: return involve_fg();
      case Code::prior_consultation_pending: return lower_risk();
      case Code::or_consent_missing: return show_consent();
      case Code::transparency_missing:
        return show("transparency", "Informeer de mensen om wie het gaat, en leg vast waar en sinds wanneer.",
                    "Inform the people concerned, and record where and since when.");
      case Code::rights_blocked: return answer_person();
      default: return false;
    }
  }

  bool say(std::string nl, std::string en) {
    remedy_.nl = std::move(nl);
    remedy_.en = std::move(en);
    return true;
  }

  Purpose* purpose() {
    const auto at = draft_.registers.purposes.find(draft_.exchange.purpose);
    return at == draft_.registers.purposes.end() ? nullptr : &at->second;
  }

  std::string names(bool dutch) const {
    std::string all;
    for (const auto index : finding_.elements) {
      const Element& element = snapshot_.knowledge().taxonomy.elements[index];
      all += (all.empty() ? "" : ", ") + (dutch ? element.nl : element.en);
    }
    return all;
  }

  bool register_organisation() {
    auto at = draft_.registers.organisations.find(finding_.subject);
    if (at == draft_.registers.organisations.end()) return false;  // who it is, the gate cannot know
    at->second.active = {};
    return say("Verleng de inschrijving van organisatie " + at->second.name + ".",
               "Extend the registration of organisation " + at->second.name + ".");
  }

  bool nothing_left() const {
    return std::ranges::none_of(draft_.exchange.elements,
                                [](const Requested& each) { return each.use == Use::deliver; });
  }

  bool add_mandate() {
    if (draft_.exchange.consumer.empty()) return false;  // to whom, the gate cannot know
    Mandate mandate{"draft", draft_.exchange.on_behalf_of, draft_.exchange.consumer, {draft_.exchange.purpose}, {},
                    "draft"};
    if (purpose() == nullptr) mandate.purposes.clear();
    draft_.registers.mandates["draft"] = mandate;
    return say("Registreer een mandaat van " + mandate.principal + " aan " + mandate.agent + " voor dit doel.",
               "Register a mandate of " + mandate.principal + " to " + mandate.agent + " for this purpose.");
  }

  bool add_role() {
    const auto at = draft_.registers.organisations.find(finding_.subject);
    if (at == draft_.registers.organisations.end()) return false;
    at->second.roles.push_back({finding_.detail, {}});
    return say("Leg vast dat " + at->second.name + " de rol " + finding_.detail + " heeft, als de wet dat zegt.",
               "Record that " + at->second.name + " holds the role " + finding_.detail + ", if the law says so.");
  }

  bool raise_profile() {
    if (finding_.subject == "training") {
      draft_.exchange.training_valid_until.reset();
      return say("Laat de medewerker de training opnieuw volgen.", "Have the employee take the training again.");
    }
    draft_.exchange.transport = Transport::mutual_tls;
    return say("Gebruik een verbinding met wederzijds TLS.", "Use a connection with mutual TLS.");
  }

  bool approve() {
    if (purpose() == nullptr) return false;
    purpose()->state = PurposeState::active;
    purpose()->approval = Approval{"fg", draft_.exchange.at, "controller", draft_.exchange.at};
    return say("Laat de FG adviseren en de verwerkingsverantwoordelijke tekenen.",
               "Have the FG advise and the controller sign.");
  }

  bool extend() {
    if (purpose() == nullptr) return false;
    purpose()->valid = {};
    purpose()->review_by.reset();
    return say("Laat het doel opnieuw beoordelen en geef het een nieuwe termijn.",
               "Have the purpose reviewed and give it a new term.");
  }

  bool ask_one_person() {
    draft_.exchange.volume = Volume::single;
    return say("Vraag per persoon.", "Ask per person.");
  }

  bool show_condition() {
    const Entry* entry = snapshot_.knowledge().catalogue.find(finding_.subject);
    if (entry == nullptr) return false;
    if (finding_.detail == "joint-controller-arrangement or processor-contract")
      return show("processor-contract",
                  "Sluit de verwerkersovereenkomst of de onderlinge regeling die hierbij hoort, en leg haar vast.",
                  "Conclude the processor contract or joint arrangement that belongs to this, and record it.");
    const auto at = std::ranges::find(entry->conditions, finding_.detail, &Condition::id);
    if (at == entry->conditions.end()) return false;
    const Evidence evidence{entry->id + "/" + at->id, "draft", {}};
    if (at->per_exchange)
      draft_.exchange.evidence.push_back(evidence);
    else if (purpose() != nullptr)
      purpose()->evidence.push_back(evidence);
    return say("Toon aan: " + at->nl + ".", "Show: " + at->en + ".");
  }

  bool name_signal() {
    draft_.exchange.signal = "draft";
    return say("Leg het signaal over deze persoon vast en stuur de verwijzing mee.",
               "Record the signal about this person and send its reference along.");
  }

  bool release_basis() {
    const Entry* entry = snapshot_.knowledge().catalogue.find(finding_.subject);
    if (entry == nullptr) return false;
    draft_.settings.released.insert(entry->id);
    return say("Laat een jurist " + entry->id + " controleren en vrijgeven.",
               "Have a lawyer check and release " + entry->id + ".");
  }

  bool leave_out() {
    std::erase_if(draft_.exchange.elements, [&](const Requested& each) {
      return each.element && std::ranges::find(finding_.elements, *each.element) != finding_.elements.end();
    });
    if (nothing_left()) return false;
    remedy_.who = "consumer";
    return say("Vraag niet: " + names(true) + ".", "Do not ask: " + names(false) + ".");
  }

  bool motivate() {
    if (finding_.elements.empty() || finding_.detail != "no necessity" || purpose() == nullptr) {
      if (finding_.elements.empty()) {
        std::erase_if(draft_.exchange.elements, [&](const Requested& each) { return !each.element; });
        return !nothing_left() && say("Vraag het onbekende veld niet.", "Do not ask the unknown field.");
      }
      return leave_out();
    }
    Necessity necessity;
    necessity.id = "draft " + std::to_string(draft_.registers.necessities.size());
    necessity.purpose = purpose()->id;
    necessity.service = draft_.exchange.service;
    necessity.proportionality = "a text that says why the task cannot do without this element";
    necessity.subsidiarity = "a text that says why no less intrusive way exists for the task";
    for (const auto index : finding_.elements)
      necessity.elements.push_back(snapshot_.knowledge().taxonomy.elements[index].id);
    draft_.registers.necessities[necessity.id] = necessity;
    return say("Motiveer in het noodzakelijkheidsregister: " + names(true) + ".",
               "Motivate in the necessity register: " + names(false) + ".");
  }

  bool write_motivation() {
    const auto at = draft_.registers.necessities.find(finding_.subject);
    if (at == draft_.registers.necessities.end()) return false;
    at->second.proportionality = "a text that says why the task cannot do without this element";
    at->second.subsidiarity = "a text that says why no less intrusive way exists for the task";
    at->second.review_by.reset();
    return say("Vul de motivering " + at->first + " aan en laat haar beoordelen.",
               "Complete motivation " + at->first + " and have it judged.");
  }

  bool show_relation() {
    if (purpose() == nullptr) return false;
    if (purpose()->capacities.empty()) return false;
    draft_.exchange.relations.clear();
    for (const auto& capacity : purpose()->capacities) draft_.exchange.relations.push_back({capacity, {}});
    return say("Open of koppel de zaak van deze persoon voordat u vraagt.",
               "Open or attach this person's case before you ask.");
  }

  bool bound_period() {
    if (purpose() == nullptr) return false;
    if (!purpose()->retention_months) {
      purpose()->retention_months = 12;
      return say("Leg de bewaartermijn van het doel vast.", "Record the purpose's retention period.");
    }
    draft_.exchange.period = Period{day_, std::nullopt};
    return say("Vraag een kortere periode.", "Ask a shorter period.");
  }

  bool name_related() {
    if (purpose() == nullptr) return false;
    purpose()->related_persons.insert(finding_.subject);
    return say("Leg in het doel vast dat gegevens over " + finding_.subject + " nodig zijn, en waarom.",
               "Record in the purpose that data about " + finding_.subject + " are needed, and why.");
  }

  bool wait_or_judge() {
    const auto at = draft_.registers.necessities.find(finding_.subject);
    if (at == draft_.registers.necessities.end()) return false;
    if (finding_.detail.starts_with("people")) {
      at->second.persons_at_most.reset();
      return say("Laat opnieuw beoordelen over hoeveel mensen het mag gaan.",
                 "Have it judged again about how many people it may be.");
    }
    draft_.exchange.history.same_person_this_month = 0;
    return say("Wacht tot de volgende maand.", "Wait until next month.");
  }

  // One linkage that holds everything that would come together.
  bool register_linkage() {
    if (purpose() == nullptr) return false;
    const auto service = draft_.registers.services.find(draft_.exchange.service);
    if (service == draft_.registers.services.end()) return false;
    Linkage linkage;
    linkage.id = linkage.title = "draft";
    linkage.sources.insert(service->second.source);
    for (const auto& [id, necessity] : draft_.registers.necessities)
      if (necessity.purpose == purpose()->id)
        linkage.sources.insert(draft_.registers.services.at(necessity.service).source);
    std::set<std::string> purposes{purpose()->id};
    for (const auto& each : draft_.exchange.history.obtained) {
      if (finding_.code != Code::cumulative_linkage && each.purpose != purpose()->id) continue;
      linkage.sources.insert(each.source);
      if (draft_.registers.purposes.contains(each.purpose)) purposes.insert(each.purpose);
    }
    linkage.purposes.assign(purposes.begin(), purposes.end());
    const Taxonomy& taxonomy = snapshot_.knowledge().taxonomy;
    linkage.join_key = "persoon.burgerservicenummer";
    for (const auto& each : draft_.exchange.elements)
      if (each.element && each.use == Use::search) linkage.join_key = taxonomy.elements[*each.element].id;
    linkage.use = draft_.exchange.volume == Volume::single ? LinkageUse::one_case : LinkageUse::selection;
    linkage.proportionality = "a text that says why the task cannot do without these sources together";
    linkage.subsidiarity = "a text that says why no less intrusive way exists for the task";
    linkage.state = PurposeState::active;
    linkage.approval = Approval{"fg", Instant{}, "controller", Instant{}};
    draft_.registers.linkages = {{"draft", linkage}};
    std::string sources;
    for (const auto& source : linkage.sources) sources += (sources.empty() ? "" : ", ") + source;
    return say("Registreer de koppeling van " + sources + ", met haar redenen, en laat de FG adviseren.",
               "Register the linkage of " + sources + ", with its reasons, and have the FG advise.");
  }

  Algorithm* algorithm() {
    if (purpose() == nullptr) return nullptr;
    const auto at = draft_.registers.algorithms.find(purpose()->algorithm);
    return at == draft_.registers.algorithms.end() ? nullptr : &at->second;
  }

  bool leave_profiling() {
    if (algorithm() == nullptr) return false;
    if (finding_.detail == "no person decides") {
      algorithm()->decides_alone = false;
      return say("Laat een mens beslissen.", "Have a person decide.");
    }
    if (algorithm()->practices.erase(finding_.detail) > 0)
      return say("Laat deze verboden praktijk achterwege.", "Leave out this prohibited practice.");
    draft_.exchange.volume = Volume::single;
    return say("Kijk naar één persoon met een aanleiding.", "Look at one person with a reason.");
  }

  bool leave_proxy() {
    if (!finding_.elements.empty()) return leave_out();
    if (algorithm() == nullptr) return false;
    std::erase_if(algorithm()->features, [&](const Feature& each) { return each.name == finding_.subject; });
    return say("Haal het kenmerk " + finding_.subject + " uit het algoritme, en test het opnieuw.",
               "Take the feature " + finding_.subject + " out of the algorithm, and test it anew.");
  }

  bool show(std::string_view name, std::string nl, std::string en) {
    if (purpose() == nullptr) return false;
    Evidence evidence{std::string(name), "draft", {Date::min(), std::nullopt}};
    evidence.covers = {draft_.exchange.service};
    if (algorithm() != nullptr) evidence.version = algorithm()->version;
    purpose()->evidence.push_back(evidence);
    return say(std::move(nl), std::move(en));
  }

  bool show_dpia() {
    return show("dpia", "Voer een DPIA uit die deze dienst beschrijft, van vóór de start.",
                "Carry out a DPIA that describes this service, from before the start.");
  }

  bool show_consent() {
    return show("or-consent", "Leg de instemming van de ondernemingsraad vast, van vóór de start.",
                "Record the consent of the works council, from before the start.");
  }

  bool show_about_algorithm() {
    Evidence evidence{finding_.detail, "draft", {}};
    if (evidence.for_what.starts_with("bias-test")) evidence.for_what = "bias-test";
    if (evidence.for_what.starts_with("iama")) evidence.for_what = "iama";
    if (algorithm() == nullptr) {
      if (purpose() == nullptr) return false;
      purpose()->evidence.push_back(evidence);
    } else if (finding_.detail.starts_with("origin of feature")) {
      for (auto& feature : algorithm()->features)
        if (finding_.detail.ends_with(" " + feature.name)) feature.from = {"persoon.geboorte.datum"};
    } else if (finding_.detail == "features") {
      algorithm()->features.push_back({"draft", "", {"persoon.geboorte.datum"}});
    } else {
      evidence.version = algorithm()->version;
      algorithm()->evidence.push_back(evidence);
    }
    const std::string dutch = snapshot_.knowledge().reasons.dutch(finding_.detail);
    return say("Lever aan en leg vast: " + dutch + ".", "Supply and record: " + finding_.detail + ".");
  }

  bool involve_fg() {
    if (purpose() == nullptr) return false;
    purpose()->approval = Approval{"fg", Instant{}, "controller", Instant{}};
    purpose()->started = day_;
    purpose()->changed.reset();
    purpose()->fg_involved_since.reset();
    return say("Vraag de FG om advies over het doel zoals het nu is, en begin opnieuw.",
               "Ask the FG for advice on the purpose as it now is, and start anew.");
  }

  bool lower_risk() {
    if (purpose() == nullptr) return false;
    purpose()->residual_risk = ResidualRisk::low;
    return say("Verlaag het restrisico, en leg het vast.", "Lower the residual risk, and record it.");
  }

  bool answer_person() {
    std::erase(draft_.exchange.rights, finding_.subject);
    return say("Beantwoord eerst het verzoek van deze persoon.", "Answer this person's request first.");
  }

  const Snapshot& snapshot_;
  const Finding& finding_;
  Date day_;
  Draft& draft_;
  Remedy remedy_;
};

bool same_matter(const Finding& a, const Finding& b) {
  const auto shared = [&](ElementIndex each) { return std::ranges::find(b.elements, each) != b.elements.end(); };
  return a.code == b.code && a.subject == b.subject && a.detail == b.detail &&
         (a.elements.empty() || b.elements.empty() || std::ranges::any_of(a.elements, shared));
}

// A finding and what answers it.
using Step = std::pair<Finding, Remedy>;

Draft as_asked(const Snapshot& snapshot, const Exchange& exchange) {
  return {snapshot.registers(), exchange, snapshot.settings()};
}

// Every finding that keeps something back, answered in one draft; again for what only then comes to light.
constexpr int rounds = 3;

std::vector<Step> answer_all(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision) {
  std::vector<Step> steps;
  Draft draft = as_asked(snapshot, exchange);
  std::optional<Decision> now = decision;
  for (int round = 0; round < rounds && now && now->verdict == Verdict::block; ++round) {
    for (const auto& finding : now->findings) {
      if (finding.effect == Effect::note) continue;
      if (auto remedy = change_for(snapshot, finding, draft)) steps.emplace_back(finding, std::move(*remedy));
    }
    now = decide_draft(snapshot, draft);
  }
  if (!now || now->verdict == Verdict::block) steps.clear();
  return steps;
}

bool suffices(const Snapshot& snapshot, const Exchange& exchange, const std::vector<Step>& steps) {
  Draft draft = as_asked(snapshot, exchange);
  for (const auto& [finding, remedy] : steps) change_for(snapshot, finding, draft);
  const auto after = decide_draft(snapshot, draft);
  return after && after->verdict != Verdict::block;
}

}  // namespace

std::optional<Remedy> change_for(const Snapshot& snapshot, const Finding& finding, Draft& draft) {
  Draft changed = draft;
  auto remedy = Drafter(snapshot, finding, changed).remedy();
  if (remedy) draft = std::move(changed);
  return remedy;
}

std::optional<Decision> decide_draft(const Snapshot& snapshot, const Draft& draft) {
  Problems problems;
  const auto changed =
      Snapshot::compile(snapshot.shared_knowledge(), draft.registers, snapshot.version(), draft.settings, problems);
  if (changed == nullptr) return std::nullopt;
  return decide(*changed, draft.exchange);
}

bool lifted(const Decision& decision, const Finding& finding) {
  return std::ranges::none_of(decision.findings, [&](const Finding& each) {
    return each.effect != Effect::note && same_matter(finding, each);
  });
}

std::vector<Remedy> remedies_for(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision) {
  std::vector<Remedy> remedies;
  for (const auto& finding : decision.findings) {
    if (finding.effect == Effect::note) continue;
    Draft draft = as_asked(snapshot, exchange);
    auto remedy = change_for(snapshot, finding, draft);
    if (!remedy) continue;
    const auto after = decide_draft(snapshot, draft);
    if (!after || !lifted(*after, finding)) continue;
    const bool said = std::ranges::any_of(remedies, [&](const Remedy& each) { return each.en == remedy->en; });
    if (!said) remedies.push_back(std::move(*remedy));
  }
  return remedies;
}

std::vector<Remedy> remedies_together(const Snapshot& snapshot, const Exchange& exchange, const Decision& decision) {
  if (decision.verdict != Verdict::block) return {};
  std::vector<Step> steps = answer_all(snapshot, exchange, decision);
  for (std::size_t i = steps.size(); i-- > 0;) {
    std::vector<Step> fewer = steps;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!fewer.empty() && suffices(snapshot, exchange, fewer)) steps = std::move(fewer);
  }
  std::vector<Remedy> remedies;
  remedies.reserve(steps.size());
  for (auto& [finding, remedy] : steps) remedies.push_back(std::move(remedy));
  return remedies;
}

}  // namespace koppelpoort
