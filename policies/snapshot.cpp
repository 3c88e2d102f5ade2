#include "policies/snapshot.hpp"

#include <algorithm>

#include "legal_bases/digest.hpp"
#include "policies/motivation.hpp"

namespace koppelpoort {
class SnapshotCompiler {
 public:
  SnapshotCompiler(Snapshot& snapshot, Problems& problems)
      : out_(snapshot),
        words_(snapshot.knowledge_->catalogue.words),
        taxonomy_(snapshot.knowledge_->taxonomy),
        problems_(problems) {}

  void run() {
    for (const auto& [oin, organisation] : out_.registers_.organisations) {
      auto& compiled = out_.organisations_[oin];
      compiled.organisation = &organisation;
      for (const auto& holding : organisation.roles)
        compiled.roles.emplace_back(role("organisation `" + organisation.name + "`", holding.role), holding.period);
    }
    for (const auto& [id, entry] : out_.knowledge_->catalogue.entries)
      if (entry.gate && (!entry.gate->evidence.empty() || !entry.gate->practices.empty())) compile(entry);
    for (const auto& [id, service] : out_.registers_.services) out_.sources_.push_back(service.source);
    std::ranges::sort(out_.sources_);
    out_.sources_.erase(std::unique(out_.sources_.begin(), out_.sources_.end()), out_.sources_.end());
    for (const auto& [id, service] : out_.registers_.services) compile(id, service);
    for (const auto& [id, algorithm] : out_.registers_.algorithms) {
      if (!out_.registers_.organisations.contains(algorithm.owner))
        missing("algorithm `" + id + "`", "organisation", algorithm.owner);
      out_.scans_.emplace(id, scan_features(algorithm.features, taxonomy_, out_.knowledge_->proxies));
    }
    for (const auto& [id, purpose] : out_.registers_.purposes) compile(id, purpose);
    for (const auto& [id, necessity] : out_.registers_.necessities) compile(id, necessity);
    for (const auto& [id, linkage] : out_.registers_.linkages) compile(id, linkage);
    for (const auto& [id, mandate] : out_.registers_.mandates) {
      for (const auto& party : {mandate.principal, mandate.agent})
        if (!out_.registers_.organisations.contains(party)) missing("mandate `" + id + "`", "organisation", party);
      for (const auto& purpose : mandate.purposes)
        if (!out_.registers_.purposes.contains(purpose)) missing("mandate `" + id + "`", "purpose", purpose);
    }
  }

 private:
  void missing(const std::string& where, std::string_view what, const std::string& id) {
    problems_.push_back({where, 0, "refers to the " + std::string(what) + " `" + id + "`, which does not exist"});
  }

  std::optional<SourceIndex> source(std::string_view name) const {
    const auto at = std::ranges::lower_bound(out_.sources_, name);
    if (at == out_.sources_.end() || *at != name) return std::nullopt;
    return static_cast<SourceIndex>(at - out_.sources_.begin());
  }

  static void insert(std::vector<SourceIndex>& sorted, SourceIndex source) {
    const auto at = std::ranges::lower_bound(sorted, source);
    if (at == sorted.end() || *at != source) sorted.insert(at, source);
  }

  WordIndex role(const std::string& where, const std::string& id) {
    const auto index = words_.role(id);
    if (!index) missing(where, "role", id);
    return index.value_or(0);
  }

  ElementSet elements(const std::string& where, const auto& ids) {
    ElementSet set;
    for (const auto& id : ids) {
      if (const auto index = taxonomy_.find(id))
        set.set(*index);
      else
        missing(where, "element", id);
    }
    return set;
  }

  void compile(const std::string& id, const Service& service) {
    const std::string where = "service `" + id + "`";
    Snapshot::CompiledService compiled;
    compiled.service = &service;
    compiled.role = role(where, service.role);
    compiled.offered = elements(where, service.elements);
    compiled.essential = elements(where, service.essential);
    if ((compiled.essential & ~compiled.offered).any())
      problems_.push_back({where, 0, "an essential element is not among the offered elements"});
    for (const auto& goal : service.obtained_for) {
      if (const auto index = words_.goal(goal))
        compiled.obtained_for.set(*index);
      else
        missing(where, "goal", goal);
    }
    compiled.source = *source(service.source);
    compiled.provider = out_.organisation(service.provider);
    if (compiled.provider == nullptr) missing(where, "organisation", service.provider);
    for (const auto& [entry_id, entry] : out_.knowledge_->catalogue.entries)
      if (entry.secrecy && entry.secrecy->binds.test(compiled.role))
        compiled.secrecy.emplace_back(&entry, elements_of(taxonomy_, entry.secrecy->categories));
    out_.services_.emplace(id, std::move(compiled));
  }

  void compile(const std::string& id, const Purpose& purpose) {
    const std::string where = "purpose `" + id + "`";
    Snapshot::CompiledPurpose compiled;
    compiled.purpose = &purpose;
    compiled.role = role(where, purpose.role);
    compiled.started = purpose.started;
    if (purpose.approval) {
      compiled.advised = dutch_date(purpose.approval->advised_at);
      if (!compiled.started) compiled.started = dutch_date(purpose.approval->signed_at);
    }
    if (const auto goal = words_.goal(purpose.goal))
      compiled.goal = *goal;
    else
      missing(where, "goal", purpose.goal);
    compiled.controller = out_.organisation(purpose.controller);
    if (compiled.controller == nullptr) missing(where, "organisation", purpose.controller);
    for (const auto& basis : purpose.bases) {
      if (const Entry* entry = out_.knowledge_->catalogue.find(basis))
        compiled.bases.push_back(entry);
      else
        missing(where, "legal basis", basis);
    }
    if (!purpose.algorithm.empty()) {
      const auto at = out_.registers_.algorithms.find(purpose.algorithm);
      if (at == out_.registers_.algorithms.end()) {
        missing(where, "algorithm", purpose.algorithm);
      } else {
        compiled.algorithm = &at->second;
        compiled.scan = &out_.scans_.at(purpose.algorithm);
      }
    }
    out_.purposes_.emplace(id, std::move(compiled));
  }

  void compile(const std::string& id, const Linkage& linkage) {
    const std::string where = "linkage `" + id + "`";
    const auto key = taxonomy_.find(linkage.join_key);
    if (!key) missing(where, "element", linkage.join_key);
    std::vector<SourceIndex> sources;
    for (const auto& name : linkage.sources) {
      if (const auto index = source(name))
        sources.push_back(*index);
      else
        missing(where, "source", name);
    }
    const std::string_view fault = fault_of_motivation(linkage.proportionality, linkage.subsidiarity);
    const auto* compiled =
        &out_.compiled_linkages_
             .emplace(id, Snapshot::CompiledLinkage{&linkage, std::move(sources), fault, key.value_or(0)})
             .first->second;
    std::set<std::string_view> controllers;
    for (const auto& name : linkage.purposes) {
      const auto at = out_.purposes_.find(name);
      if (at == out_.purposes_.end()) {
        missing(where, "purpose", name);
        continue;
      }
      at->second.linkages.push_back(compiled);
      controllers.insert(at->second.purpose->controller);
    }
    if (controllers.size() > 1)
      problems_.push_back({where, 0, "its purposes belong to more than one controller; each has its own linkage"});
    for (const auto controller : controllers) out_.linkages_[std::string(controller)].push_back(compiled);
  }

  // What the words of `applies_to` are, each kind in its own set.
  void compile(const Entry& entry) {
    Snapshot::CompiledGate gate;
    gate.entry = &entry;
    gate.everybody = entry.gate->applies_to.empty();
    for (const auto& word : entry.gate->applies_to) {
      if (const auto role = words_.role(word)) gate.roles.set(*role);
      if (const auto goal = words_.goal(word)) gate.goals.set(*goal);
      if (const auto category = words_.category(word)) gate.elements |= taxonomy_.of_category[*category];
    }
    out_.gates_.push_back(gate);
  }

  void compile(const std::string& id, const Necessity& necessity) {
    const std::string where = "necessity `" + id + "`";
    if (!out_.registers_.purposes.contains(necessity.purpose)) missing(where, "purpose", necessity.purpose);
    if (!out_.registers_.services.contains(necessity.service)) missing(where, "service", necessity.service);
    auto& of_service = out_.necessities_[{necessity.purpose, necessity.service}];
    const ElementSet motivated = elements(where, necessity.elements);
    if (const ElementSet twice = of_service.elements & motivated; twice.any())
      problems_.push_back(
          {where, 0,
           "`" + taxonomy_.elements[twice._Find_first()].id +
               "` is already motivated by another necessity for the same purpose and service; keep one"});
    of_service.elements |= motivated;
    of_service.entries.push_back(
        {&necessity, motivated, fault_of_motivation(necessity.proportionality, necessity.subsidiarity)});
    const auto purpose = out_.purposes_.find(necessity.purpose);
    const auto service = out_.services_.find(necessity.service);
    if (purpose != out_.purposes_.end() && service != out_.services_.end())
      insert(purpose->second.sources, service->second.source);
    of_service.limited = of_service.limited || necessity.per_person_per_month.has_value();
  }

  Snapshot& out_;
  const Vocabulary& words_;
  const Taxonomy& taxonomy_;
  Problems& problems_;
};

std::string address_of_release(const Knowledge& knowledge, const Settings& settings) {
  Digest digest;
  digest.add(knowledge.digest);
  for (const Confidence accepted : settings.accepted) digest.add(name_of(accepted));
  digest.add(settings.cumulative_forbidden ? "cumulative forbidden" : "cumulative on hold");
  return digest.hex();
}

std::shared_ptr<const Snapshot> Snapshot::compile(std::shared_ptr<const Knowledge> knowledge, Registers registers,
                                                  std::int64_t version, Settings settings, Problems& problems) {
  std::shared_ptr<Snapshot> snapshot(new Snapshot);
  snapshot->knowledge_ = std::move(knowledge);
  snapshot->registers_ = std::move(registers);
  snapshot->settings_ = std::move(settings);
  snapshot->version_ = version;
  snapshot->digest_ = address_of_release(*snapshot->knowledge_, snapshot->settings_);
  const std::size_t before = problems.size();
  SnapshotCompiler(*snapshot, problems).run();
  if (problems.size() != before) return nullptr;
  return snapshot;
}

RoleSet Snapshot::CompiledOrganisation::roles_on(Date day) const {
  RoleSet set;
  for (const auto& [role, period] : roles)
    if (period.holds_on(day)) set.set(role);
  return set;
}

const Snapshot::CompiledPurpose* Snapshot::purpose(std::string_view id) const {
  const auto at = purposes_.find(id);
  return at == purposes_.end() ? nullptr : &at->second;
}

const Snapshot::CompiledService* Snapshot::service(std::string_view id) const {
  const auto at = services_.find(id);
  return at == services_.end() ? nullptr : &at->second;
}

const Snapshot::CompiledService* Snapshot::service_at(std::string_view path) const {
  const CompiledService* best = nullptr;
  for (const auto& [id, compiled] : services_) {
    const std::string& prefix = compiled.service->path;
    const bool at_boundary =
        path.size() == prefix.size() || prefix.ends_with('/') ||
        (path.size() > prefix.size() && (path[prefix.size()] == '/' || path[prefix.size()] == '?'));
    if (path.starts_with(prefix) && at_boundary && (best == nullptr || best->service->path.size() < prefix.size()))
      best = &compiled;
  }
  return best;
}

const Snapshot::NecessityOf* Snapshot::necessity(std::string_view purpose, std::string_view service) const {
  const auto at = necessities_.find(std::pair(purpose, service));
  return at == necessities_.end() ? nullptr : &at->second;
}

const std::vector<const Snapshot::CompiledLinkage*>& Snapshot::linkages_of(std::string_view controller) const {
  static const std::vector<const CompiledLinkage*> none;
  const auto at = linkages_.find(controller);
  return at == linkages_.end() ? none : at->second;
}

const Snapshot::CompiledOrganisation* Snapshot::organisation(std::string_view oin) const {
  const auto at = organisations_.find(oin);
  return at == organisations_.end() ? nullptr : &at->second;
}

}  // namespace koppelpoort
