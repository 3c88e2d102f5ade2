#include "tests/reference/random_world.hpp"

#include <algorithm>

#include "tests/support/world.hpp"

namespace koppelpoort::reference {
namespace {

constexpr const char* agent_oin = "00000099000000005000";
constexpr const char* good_text = "Zonder dit gegeven kan de taak niet worden uitgevoerd.";
constexpr const char* other_text = "Er is geen minder ingrijpende weg dan deze bron.";

}  // namespace

RandomWorld::RandomWorld(const Knowledge& knowledge, std::uint64_t seed) : knowledge_(knowledge), random_(seed) {
  calm_ = below(3) != 0;
  do {
    entry_ = &one_of(knowledge.catalogue.entries).second;
  } while (entry_->flows.empty());
  flow_ = &one_of(entry_->flows);
  const auto& words = knowledge.catalogue.words;
  from_ = words.roles[one_of(flow_->from)].id;
  to_ = words.roles[one_of(flow_->to)].id;
  goal_ = words.goals[one_of(flow_->goals)].id;
  day_ = *parse_date("2026-11-25");
  if (chance(0.3)) day_ = *parse_date("2014-01-01") + std::chrono::days{below(5500)};
  for (const auto each :
       {Confidence::verified, Confidence::verified_2017, Confidence::official_document, Confidence::general_knowledge})
    if (chance(0.95)) settings.accepted.insert(each);
  make_organisations();
  for (const char* id : {"s1", "s2", "s3"}) registers.services[id] = make_service(id);
  make_algorithm();
  registers.purposes["p1"] = make_purpose("p1", {"s1", "s2"});
  registers.purposes["p2"] = make_purpose("p2", {"s2", "s3"});
  make_necessities("p1", registers.services.at("s1"));
  if (chance(calm_ ? 0.14 : 0.3)) make_necessities("p1", registers.services.at("s2"));
  if (chance(0.5)) make_necessities("p2", registers.services.at("s3"));
  for (const char* id : {"l1", "l2"})
    if (chance(0.6)) make_linkage(id);
  if (chance(0.5)) {
    Mandate mandate{"m", test::caller_oin, agent_oin, {}, period(), "fictief"};
    if (chance(0.5)) mandate.purposes = {chance(0.8) ? "p1" : "p2"};
    registers.mandates["m"] = mandate;
  }
}

// In a calm world what is rarely wrong is nearly always right.
bool RandomWorld::chance(double probability) {
  constexpr double calm = 0.12;
  if (calm_ && probability > 0.9) probability = 1 - (1 - probability) * calm;
  if (calm_ && probability < 0.15) probability *= calm;
  return std::uniform_real_distribution<>(0, 1)(random_) < probability;
}

std::size_t RandomWorld::below(std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
}

template <std::size_t Size>
std::size_t RandomWorld::one_of(const std::bitset<Size>& set) {
  std::size_t skip = below(set.count());
  std::size_t at = set._Find_first();
  while (skip-- > 0) at = set._Find_next(at);
  return at;
}

// Mostly open; else one that begins or ends on, just before or just after the day.
Period RandomWorld::period() {
  Period made;
  if (chance(0.08)) made.from = day_ + std::chrono::days{static_cast<int>(below(3)) - 1};
  if (chance(0.08)) made.until = day_ + std::chrono::days{static_cast<int>(below(3)) - 1};
  return made;
}

Evidence RandomWorld::evidence(std::string name) {
  Evidence made{std::move(name), chance(0.97) ? "fictief" : "", period()};
  if (!made.period.from && chance(0.97)) made.period.from = day_ - std::chrono::days{300 + below(60)};
  return made;
}

std::optional<Approval> RandomWorld::approval() {
  if (chance(0.03)) return std::nullopt;
  const Instant noon = day_ + std::chrono::hours{12};
  Approval made{"fg", noon - std::chrono::days{200 + below(60)}, "directeur",
                noon - std::chrono::days{100 + below(100)}};
  if (chance(0.05)) made.signed_at = noon + std::chrono::seconds{static_cast<int>(below(3)) - 1};
  return made;
}

void RandomWorld::make_organisations() {
  const auto role = [&](const std::string& usual) {
    return chance(0.97) ? usual : one_of(knowledge_.catalogue.words.roles).id;
  };
  registers.organisations[test::caller_oin] = {test::caller_oin, "c", "x", period(), {{role(to_), period()}}};
  registers.organisations[test::provider_oin] = {test::provider_oin, "p", "x", period(), {{role(from_), period()}}};
  registers.organisations[agent_oin] = {agent_oin, "a", "x", period(), {}};
}

Service RandomWorld::make_service(const std::string& id) {
  Service made;
  made.id = made.title = id;
  made.provider = flow_->same_organisation && chance(0.9) ? test::caller_oin : test::provider_oin;
  if (made.provider == test::caller_oin) registers.organisations[test::caller_oin].roles.push_back({from_, {}});
  made.role = chance(0.97) ? from_ : one_of(knowledge_.catalogue.words.roles).id;
  made.path = "/" + id;
  made.endpoint = "https://voorbeeld.invalid";
  made.source = chance(0.1) ? "s1" : id;
  std::set<std::string> elements;
  const FlowCover& cover = knowledge_.covers[flow_->index];
  for (int i = 0; i < 5 && cover.named.any(); ++i)
    elements.insert(knowledge_.taxonomy.elements[one_of(cover.named)].id);
  while (elements.empty() || chance(0.14)) elements.insert(one_of(knowledge_.taxonomy.elements).id);
  made.elements.assign(elements.begin(), elements.end());
  if (chance(0.2)) made.essential.insert(one_of(made.elements));
  if (flow_->obtained_for.any() && chance(0.9))
    made.obtained_for.push_back(knowledge_.catalogue.words.goals[one_of(flow_->obtained_for)].id);
  made.strict = chance(0.2);
  if (chance(0.1)) made.transport = Transport::tls;
  return made;
}

Purpose RandomWorld::make_purpose(const std::string& id, const std::vector<std::string>& services) {
  Purpose made;
  made.id = made.title = id;
  made.controller = chance(0.97) ? test::caller_oin : test::provider_oin;
  made.role = chance(0.97) ? to_ : one_of(knowledge_.catalogue.words.roles).id;
  made.goal = chance(0.97) ? goal_ : one_of(knowledge_.catalogue.words.goals).id;
  made.bases = {entry_->id};
  for (const auto& [name, entry] : knowledge_.catalogue.entries)
    if (entry.number && chance(0.7)) made.bases.push_back(name);
  if (chance(0.3)) made.bases.push_back(one_of(knowledge_.catalogue.entries).first);
  // The other side of a one-sided flow, where some entry has it.
  for (const auto& [name, entry] : knowledge_.catalogue.entries)
    for (const auto& flow : entry.flows)
      if (flow.side != flow_->side && (flow.from & flow_->from).any() && (flow.to & flow_->to).any() && chance(0.3) &&
          std::ranges::find(made.bases, name) == made.bases.end())
        made.bases.push_back(name);
  if (chance(0.03)) made.bases.clear();
  made.relies_on_consent = chance(0.02);
  made.state = chance(0.92) ? PurposeState::active : static_cast<PurposeState>(below(6));
  made.approval = approval();
  made.valid = period();
  if (chance(0.1)) made.review_by = day_ + std::chrono::days{static_cast<int>(below(3)) - 1};
  made.excess = chance(0.5) ? Excess::minimise : Excess::block;
  made.capacities = flow_->relation;
  if (chance(0.1)) made.capacities = {"client"};
  made.relation_checked = chance(0.14);
  for (const char* who : {"partner", "kind", "ouder", "huisgenoot", "ander"})
    if (chance(0.8)) made.related_persons.insert(who);
  if (chance(0.14)) made.look_back_months = static_cast<int>(below(30));
  if (chance(0.97)) made.retention_months = 12;
  for (const auto& basis : made.bases)
    for (const auto& condition : knowledge_.catalogue.find(basis)->conditions)
      if (chance(0.93)) made.evidence.push_back(evidence(basis + "/" + condition.id));
  for (const char* name : {"dpia", "or-consent", "transparency", "processor-contract", "human-review", "iama", "fria",
                           "algorithm-register", "prior-consultation"}) {
    if (!chance(0.93)) continue;
    made.evidence.push_back(evidence(name));
    if (chance(0.95)) made.evidence.back().covers = services;
    if (chance(0.95)) made.evidence.back().version = "1";
  }
  if (chance(0.14)) made.algorithm = "a";
  if (chance(0.14)) made.started = day_ - std::chrono::days{below(400)};
  if (chance(0.1)) made.changed = day_ - std::chrono::days{below(400)};
  if (chance(0.1)) made.fg_involved_since = day_ - std::chrono::days{below(400)};
  made.residual_risk = chance(0.9) ? ResidualRisk::low : ResidualRisk::high;
  return made;
}

void RandomWorld::make_necessities(const std::string& purpose, const Service& service) {
  std::vector<std::string> first, second;
  for (const auto& id : service.elements)
    if (chance(0.95)) (chance(0.8) ? first : second).push_back(id);
  int number = 0;
  for (auto* part : {&first, &second}) {
    if (part->empty()) continue;
    Necessity made;
    made.id = purpose + service.id + std::to_string(++number);
    made.purpose = purpose;
    made.service = service.id;
    made.elements = *part;
    made.proportionality = chance(0.97) ? good_text : "";
    made.subsidiarity = chance(0.97) ? other_text : good_text;
    if (chance(0.1)) made.review_by = day_ + std::chrono::days{static_cast<int>(below(3)) - 1};
    if (chance(0.14)) made.per_person_per_month = static_cast<int>(1 + below(3));
    if (chance(0.14)) made.persons_at_most = static_cast<int>(1 + below(3));
    registers.necessities[made.id] = made;
  }
}

void RandomWorld::make_linkage(const std::string& id) {
  Linkage made;
  made.id = made.title = id;
  made.purposes = {chance(0.7) ? "p1" : "p2"};
  if (chance(0.3)) made.purposes = {"p1", "p2"};
  // One controller: a linkage over more does not compile.
  if (registers.purposes.at("p1").controller != registers.purposes.at("p2").controller) made.purposes = {"p1"};
  for (const auto& [name, service] : registers.services)
    if (chance(0.8)) made.sources.insert(service.source);
  made.join_key = one_of(registers.services.at("s1").elements);
  made.use = chance(0.5) ? LinkageUse::one_case : LinkageUse::selection;
  made.proportionality = chance(0.97) ? good_text : "";
  made.subsidiarity = other_text;
  made.state = chance(0.9) ? PurposeState::active : static_cast<PurposeState>(below(6));
  made.approval = approval();
  made.valid = period();
  if (chance(0.1)) made.review_by = day_ + std::chrono::days{static_cast<int>(below(3)) - 1};
  registers.linkages[id] = made;
}

void RandomWorld::make_algorithm() {
  Algorithm made;
  made.id = made.title = "a";
  made.owner = test::caller_oin;
  made.version = "1";
  made.profiling = chance(0.7);
  made.decides_alone = chance(0.1);
  if (chance(0.1))
    for (const auto& [id, entry] : knowledge_.catalogue.entries)
      if (entry.gate && !entry.gate->practices.empty() && chance(0.3))
        made.practices.insert(entry.gate->practices.front());
  for (int i = 0; i < 3; ++i)
    if (chance(0.8))
      made.features.push_back(
          {"f" + std::to_string(i),
           "",
           {chance(0.9) ? one_of(knowledge_.taxonomy.elements).id : "f" + std::to_string(below(3))}});
  for (const char* name : {"algorithm-register", "model-card", "human-review", "iama", "fria", "bias-test"}) {
    if (!chance(0.92)) continue;
    made.evidence.push_back(evidence(name));
    made.evidence.back().version = chance(0.95) ? "1" : "0";
  }
  registers.algorithms["a"] = made;
}

Exchange RandomWorld::exchange() {
  Exchange made;
  made.at = day_ + std::chrono::hours{12};
  if (chance(0.1)) made.at = start_of(day_) - std::chrono::seconds{below(2)};
  made.consumer = chance(0.97) ? test::caller_oin : (chance(0.5) ? "" : test::other_oin);
  if (chance(0.15)) {
    made.consumer = agent_oin;
    made.on_behalf_of = chance(0.9) ? test::caller_oin : test::provider_oin;
  }
  made.service = chance(0.8) ? "s1" : (chance(0.9) ? "s2" : "geen");
  made.purpose = chance(0.85) ? "p1" : (chance(0.9) ? "p2" : (chance(0.5) ? "" : "geen"));
  const auto service = registers.services.find(made.service);
  if (service != registers.services.end())
    for (const auto& id : service->second.elements)
      if (chance(0.5))
        made.elements.push_back({knowledge_.taxonomy.find(id), chance(0.85) ? Use::deliver : Use::search, {}});
  if (chance(0.05))
    made.elements.push_back({static_cast<ElementIndex>(below(knowledge_.taxonomy.elements.size())), Use::deliver, {}});
  if (chance(0.03)) made.elements.push_back({std::nullopt, chance(0.7) ? Use::deliver : Use::search, "vrij"});
  for (unsigned each = 0; each < 4; ++each)
    if ((unsigned{flow_->volumes} >> each & 1u) != 0 && chance(0.7)) made.volume = static_cast<Volume>(each);
  if (chance(0.05)) made.volume = static_cast<Volume>(below(4));
  for (unsigned each = 0; each < 3; ++each)
    if ((unsigned{flow_->modes} >> each & 1u) != 0 && chance(0.5)) made.mode = static_cast<Mode>(each);
  if (chance(0.4)) {
    made.period = Period{};
    if (chance(0.8)) made.period->from = day_ - std::chrono::days{below(1000)};
    if (chance(0.3)) made.period->until = day_ - std::chrono::days{below(1000)};
  }
  if (chance(0.92)) made.signal = "zaak";
  for (const auto& condition : entry_->conditions)
    if (condition.per_exchange && chance(0.9)) made.evidence.push_back({entry_->id + "/" + condition.id, "x", {}});
  for (const auto& capacity : flow_->relation)
    if (chance(0.8)) made.relations.push_back({capacity, period()});
  if (chance(0.5)) made.relations.push_back({"client", period()});
  if (chance(0.5)) made.persons = static_cast<int>(below(4));
  if (chance(0.1)) made.rights = {"objection"};
  if (chance(0.05)) made.transport = Transport::tls;
  if (chance(0.14)) made.training_valid_until = day_ + std::chrono::days{static_cast<int>(below(3)) - 1};
  made.history.same_person_this_month = static_cast<int>(below(4));
  while (chance(0.14))
    made.history.obtained.push_back({chance(0.5) ? "s1" : (chance(0.6) ? "s2" : "s3"), chance(0.5) ? "p1" : "p2"});
  return made;
}

}  // namespace koppelpoort::reference
