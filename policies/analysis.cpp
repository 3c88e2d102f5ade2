#include "policies/analysis.hpp"

#include <algorithm>

#include "policies/decide.hpp"
#include "policies/page.hpp"

namespace koppelpoort {
namespace {

Exchange fullest_exchange(const Snapshot& snapshot, const Snapshot::CompiledPurpose& compiled,
                          const std::string& service, const ElementSet& motivated, Instant at) {
  const Purpose& purpose = *compiled.purpose;
  Exchange exchange;
  exchange.at = at;
  exchange.consumer = purpose.controller;
  exchange.purpose = purpose.id;
  exchange.service = service;
  exchange.volume = purpose.volume;
  exchange.persons = 1;
  exchange.signal = "analysis";
  for (const auto& capacity : purpose.capacities) exchange.relations.push_back({capacity, {}});
  for (std::size_t i = motivated._Find_first(); i < motivated.size(); i = motivated._Find_next(i))
    exchange.elements.push_back({static_cast<ElementIndex>(i), Use::deliver, {}});
  for (const Entry* entry : compiled.bases)
    for (const auto& condition : entry->conditions)
      if (condition.per_exchange) exchange.evidence.push_back({entry->id + "/" + condition.id, "analysis", {}});
  for (const auto* linkage : compiled.linkages)
    if (motivated.test(linkage->join_key) &&
        linkage->linkage->sources.contains(snapshot.service(service)->service->source))
      exchange.elements.push_back({linkage->join_key, Use::search, {}});
  return exchange;
}

std::string names(const Taxonomy& taxonomy, const ElementSet& set) {
  std::string all;
  for (std::size_t i = set._Find_first(); i < taxonomy.elements.size(); i = set._Find_next(i))
    all += (all.empty() ? "" : ", ") + taxonomy.elements[i].id;
  return all;
}

class Linter {
 public:
  Linter(const Snapshot& snapshot, Instant at, Date soon, const Usage* usage)
      : snapshot_(snapshot), day_(dutch_date(at)), soon_(soon), usage_(usage), flows_(possible_flows(snapshot, at)) {}

  std::vector<Remark> run() {
    for (const auto& [id, purpose] : snapshot_.registers().purposes) look_at(purpose);
    for (const auto& flow : flows_) look_at(flow);
    for (const auto& [id, linkage] : snapshot_.registers().linkages) look_at(linkage);
    for (const auto& [id, algorithm] : snapshot_.registers().algorithms) look_at(algorithm);
    return std::move(remarks_);
  }

 private:
  struct Place {
    std::string nl, en, purpose = {};
  };

  void say(const Place& where, std::string nl, std::string en) {
    remarks_.push_back({where.en, where.nl, std::move(nl), std::move(en), where.purpose});
  }

  void look_at(const Purpose& purpose) {
    if (purpose.state != PurposeState::active) return;
    const Place where{"doel " + purpose.id, "purpose " + purpose.id, purpose.id};
    if (std::ranges::none_of(flows_, [&](const PossibleFlow& each) { return each.purpose == purpose.id; }))
      say(where, "geen enkele noodzaak: er kan niets worden gevraagd", "no necessity at all: nothing can be asked");
    if (usage_ != nullptr && !usage_->purposes.contains(purpose.id)) say(where, "nooit gebruikt", "never used");
    if (purpose.review_by && *purpose.review_by < soon_)
      say(where, "herbeoordeling vóór " + day_in_words(*purpose.review_by, Language::nl),
          "review due by " + day_in_words(*purpose.review_by, Language::en));
    if (purpose.valid.until && *purpose.valid.until <= soon_)
      say(where, "eindigt op " + day_in_words(*purpose.valid.until, Language::nl),
          "ends on " + day_in_words(*purpose.valid.until, Language::en));
    for (const auto& id : purpose.bases) look_at_basis(where, *snapshot_.knowledge().catalogue.find(id));
  }

  void look_at_basis(const Place& where, const Entry& entry) {
    const Validity* interval = entry.interval_on(day_);
    if (interval == nullptr || interval->state != LawState::in_force)
      say(where, "grondslag " + entry.id + " geldt vandaag niet", "legal basis " + entry.id + " is not in force today");
    else if (interval->until && *interval->until <= soon_)
      say(where, "grondslag " + entry.id + " vervalt op " + day_in_words(*interval->until, Language::nl),
          "legal basis " + entry.id + " ends on " + day_in_words(*interval->until, Language::en));
  }

  void look_at(const PossibleFlow& flow) {
    if (snapshot_.registers().purposes.at(flow.purpose).state != PurposeState::active) return;
    const Place where{"doel " + flow.purpose + " bij dienst " + flow.service,
                      "purpose " + flow.purpose + " at service " + flow.service, flow.purpose};
    const Taxonomy& taxonomy = snapshot_.knowledge().taxonomy;
    if (const Finding* primary = flow.decision.primary())
      say(where, "er kan niets door: " + to_text(primary->code), "nothing can pass: " + to_text(primary->code));
    else if (const ElementSet never = flow.motivated & ~flow.decision.allowed; never.any())
      say(where, "gemotiveerd, maar mag nooit door: " + names(taxonomy, never),
          "motivated, but can never pass: " + names(taxonomy, never));
    if (usage_ == nullptr || !usage_->purposes.contains(flow.purpose)) return;
    const auto used = usage_->delivered.find({flow.purpose, flow.service});
    const ElementSet idle = flow.decision.allowed & ~(used == usage_->delivered.end() ? ElementSet{} : used->second);
    if (idle.any())
      say(where, "mag door, maar werd nooit gevraagd: " + names(taxonomy, idle),
          "may pass, but was never asked: " + names(taxonomy, idle));
  }

  void look_at(const Linkage& linkage) {
    const Place where{"koppeling " + linkage.id, "linkage " + linkage.id};
    if (linkage.review_by && *linkage.review_by < soon_)
      say(where, "herbeoordeling vóór " + day_in_words(*linkage.review_by, Language::nl),
          "review due by " + day_in_words(*linkage.review_by, Language::en));
    for (const auto& source : linkage.sources) {
      const bool used = std::ranges::any_of(linkage.purposes, [&](const std::string& purpose) {
        const auto& sources = snapshot_.purpose(purpose)->sources;
        return std::ranges::any_of(sources, [&](SourceIndex each) { return snapshot_.sources()[each] == source; });
      });
      if (!used)
        say(where, "geen van haar doelen heeft noodzaak bij bron " + source,
            "none of its purposes has a necessity at source " + source);
    }
  }

  void look_at(const Algorithm& algorithm) {
    const bool used = std::ranges::any_of(snapshot_.registers().purposes,
                                          [&](const auto& each) { return each.second.algorithm == algorithm.id; });
    if (!used)
      say({"algoritme " + algorithm.id, "algorithm " + algorithm.id}, "geen doel gebruikt dit", "no purpose uses this");
  }

  const Snapshot& snapshot_;
  Date day_, soon_;
  const Usage* usage_;
  std::vector<PossibleFlow> flows_;
  std::vector<Remark> remarks_;
};

}  // namespace

std::vector<PossibleFlow> possible_flows(const Snapshot& snapshot, Instant at) {
  std::vector<PossibleFlow> flows;
  for (const auto& [id, purpose] : snapshot.registers().purposes)
    for (const auto& [service, registered] : snapshot.registers().services) {
      const auto* necessity = snapshot.necessity(id, service);
      if (necessity == nullptr) continue;
      PossibleFlow flow{id, service, purpose.controller, registered.provider, necessity->elements, {}};
      flow.decision = decide(snapshot, fullest_exchange(snapshot, *snapshot.purpose(id), service, flow.motivated, at));
      flows.push_back(std::move(flow));
    }
  return flows;
}

Registers own_entries(Registers own, const std::string& organisation) {
  std::erase_if(own.purposes, [&](const auto& each) { return each.second.controller != organisation; });
  std::erase_if(own.necessities, [&](const auto& each) { return !own.purposes.contains(each.second.purpose); });
  std::erase_if(own.linkages, [&](const auto& each) {
    return std::ranges::any_of(each.second.purposes, [&](const auto& id) { return !own.purposes.contains(id); });
  });
  std::erase_if(own.algorithms, [&](const auto& each) { return each.second.owner != organisation; });
  std::erase_if(own.mandates, [&](const auto& each) { return each.second.principal != organisation; });
  return own;
}

std::vector<Remark> lint_registers(const Snapshot& snapshot, Instant at, Date soon, const Usage* usage) {
  return Linter(snapshot, at, soon, usage).run();
}

}  // namespace koppelpoort
