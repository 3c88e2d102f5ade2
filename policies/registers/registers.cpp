#include "policies/registers/registers.hpp"

#include <algorithm>

namespace koppelpoort {
namespace {

constexpr std::pair<std::string_view, PurposeState> purpose_states[] = {
    {"draft", PurposeState::draft},     {"submitted", PurposeState::submitted}, {"active", PurposeState::active},
    {"refused", PurposeState::refused}, {"suspended", PurposeState::suspended}, {"withdrawn", PurposeState::withdrawn}};
constexpr std::pair<std::string_view, Excess> excesses[] = {{"block", Excess::block}, {"minimise", Excess::minimise}};
constexpr std::pair<std::string_view, bool> grounds[] = {{"law", false}, {"consent", true}};
constexpr std::pair<std::string_view, Transport> transports[] = {
    {"mutual-tls", Transport::mutual_tls}, {"tls", Transport::tls}, {"none", Transport::none}};
constexpr std::pair<std::string_view, ResidualRisk> residual_risks[] = {{"high", ResidualRisk::high},
                                                                        {"low", ResidualRisk::low}};
constexpr std::pair<std::string_view, LinkageUse> linkage_uses[] = {
    {"case", LinkageUse::one_case}, {"selection", LinkageUse::selection}, {"statistics", LinkageUse::statistics}};
constexpr std::string_view persons[] = {"partner", "kind", "ouder", "huisgenoot", "ander"};

Period read_period(TomlTable& table) {
  Period period{table.date_if("from"), table.date_if("until")};
  if (period.from && period.until && *period.until <= *period.from)
    table.problem("until", "the period is inverted: `until` is the first day on which it no longer holds");
  return period;
}

std::string read_oin(TomlTable& table, std::string_view key) {
  std::string oin = table.text(key);
  if (!oin.empty() && !is_oin(oin))
    table.problem(key, "`" + std::string(key) + "` must be an OIN: twenty digits or capitals");
  return oin;
}

std::vector<Evidence> read_evidence(TomlTable& table) {
  std::vector<Evidence> all;
  for (auto& each : table.tables("evidence")) {
    Evidence evidence{each.text("for"), each.text("reference"), read_period(each)};
    evidence.covers = each.texts("covers");
    evidence.version = each.text_if("version").value_or("");
    each.done();
    all.push_back(std::move(evidence));
  }
  return all;
}

Organisation read_organisation(TomlTable& table) {
  Organisation organisation;
  organisation.oin = read_oin(table, "oin");
  organisation.name = table.text("name");
  organisation.kind = table.text("kind");
  organisation.discreet = table.flag("discreet", false);
  organisation.active = read_period(table);
  for (auto& role : table.tables("role")) {
    organisation.roles.push_back({role.text("id"), read_period(role)});
    role.done();
  }
  for (auto& role : table.texts("roles")) organisation.roles.push_back({std::move(role), {}});
  return organisation;
}

Service read_service(TomlTable& table) {
  Service service;
  service.id = table.text("id");
  service.title = table.text("title");
  service.provider = read_oin(table, "provider");
  service.role = table.text("role");
  service.path = table.text("path");
  service.endpoint = table.text("endpoint");
  service.adapter = table.text("adapter");
  service.mapping = table.text_if("mapping").value_or("");
  service.source = table.text_if("source").value_or(service.id);
  service.elements = table.texts("elements");
  for (auto& id : table.texts("essential")) service.essential.insert(std::move(id));
  service.obtained_for = table.texts("obtained_for");
  service.strict = table.flag("strict", false);
  service.transport = table.one_of<Transport>("transport", transports, Transport::mutual_tls);
  if (!service.path.starts_with('/')) table.problem("path", "`path` must begin with `/`");
  if ((service.path + "/").starts_with("/audit/")) table.problem("path", "`/audit` belongs to the gate itself");
  if (!service.endpoint.starts_with("https://"))
    table.problem("endpoint", "`endpoint` must begin with https://; personal data never travel without TLS");
  return service;
}

// Who submits never approves, and adviser and signer are two people (decision model, section 6).
void check_approval(TomlTable& table, PurposeState state, const std::string& submitted_by,
                    const std::optional<Approval>& approval) {
  const bool used = state == PurposeState::active || state == PurposeState::suspended;
  if (used && !approval) {
    table.problem("state", "active only with an `approval`: the FG's advice and the controller's signature");
    return;
  }
  if (!approval) return;
  if (approval->advised_by == approval->signed_by)
    table.problem("approval", "the FG who advises and the person who signs for the controller must be two people");
  if (!submitted_by.empty() && (submitted_by == approval->advised_by || submitted_by == approval->signed_by))
    table.problem("submitted_by", "who submits can neither advise on it nor sign it");
  if (approval->signed_at < approval->advised_at)
    table.problem("approval", "the controller signs after the FG's advice, not before");
}

std::optional<Approval> read_approval(TomlTable& table) {
  auto approval = table.table("approval");
  if (!approval) return std::nullopt;
  Approval read;
  read.advised_by = approval->text("advised_by");
  read.advised_at = approval->instant_if("advised_at").value_or(Instant::max());
  read.signed_by = approval->text("signed_by");
  read.signed_at = approval->instant_if("signed_at").value_or(Instant::max());
  approval->done();
  return read;
}

Purpose read_purpose(TomlTable& table) {
  Purpose purpose;
  purpose.id = table.text("id");
  purpose.controller = read_oin(table, "controller");
  purpose.role = table.text("role");
  purpose.goal = table.text("goal");
  purpose.title = table.text("title");
  purpose.title_en = table.text_if("title_en").value_or(purpose.title);
  purpose.description = table.text_if("description").value_or("");
  purpose.bases = table.texts("bases");
  purpose.relies_on_consent = table.one_of<bool>("ground", grounds, false);
  purpose.state = table.one_of<PurposeState>("state", purpose_states);
  purpose.submitted_by = table.text_if("submitted_by").value_or("");
  purpose.approval = read_approval(table);
  purpose.valid = read_period(table);
  purpose.review_by = table.date_if("review_by");
  purpose.excess = table.one_of<Excess>("excess", excesses, Excess::block);
  purpose.volume = table.one_of<Volume>("volume", volume_names(), Volume::single);
  purpose.capacities = table.texts("capacities");
  purpose.relation_checked = table.flag("relation_checked", false);
  for (auto& person : table.texts("related_persons")) {
    if (std::ranges::find(persons, person) == std::end(persons))
      table.problem("related_persons", "`" + person + "` is not one of partner, kind, ouder, huisgenoot, ander");
    purpose.related_persons.insert(std::move(person));
  }
  if (const auto months = table.integer_if("look_back_months", 0, 1200))
    purpose.look_back_months = static_cast<int>(*months);
  if (const auto months = table.integer_if("retention_months", 1, 1200))
    purpose.retention_months = static_cast<int>(*months);
  purpose.evidence = read_evidence(table);
  purpose.algorithm = table.text_if("algorithm").value_or("");
  purpose.started = table.date_if("started");
  purpose.changed = table.date_if("changed");
  purpose.fg_involved_since = table.date_if("fg_involved_since");
  purpose.residual_risk = table.one_of<ResidualRisk>("residual_risk", residual_risks, ResidualRisk::high);
  purpose.activity = table.text_if("activity").value_or("");
  purpose.confidential = table.text_if("confidential").value_or("");
  check_approval(table, purpose.state, purpose.submitted_by, purpose.approval);
  return purpose;
}

Necessity read_necessity(TomlTable& table) {
  Necessity necessity;
  necessity.id = table.text("id");
  necessity.purpose = table.text("purpose");
  necessity.service = table.text("service");
  necessity.elements = table.texts("elements");
  necessity.proportionality = table.text("proportionality");
  necessity.subsidiarity = table.text("subsidiarity");
  necessity.review_by = table.date_if("review_by");
  if (const auto most = table.integer_if("per_person_per_month", 1, 100000))
    necessity.per_person_per_month = static_cast<int>(*most);
  if (const auto most = table.integer_if("persons_at_most", 1, 100'000'000))
    necessity.persons_at_most = static_cast<int>(*most);
  if (necessity.elements.empty()) table.problem("elements", "name at least one element");
  return necessity;
}

Linkage read_linkage(TomlTable& table) {
  Linkage linkage;
  linkage.id = table.text("id");
  linkage.title = table.text("title");
  linkage.purposes = table.texts("purposes");
  for (auto& source : table.texts("sources")) linkage.sources.insert(std::move(source));
  linkage.join_key = table.text("join_key");
  linkage.use = table.one_of<LinkageUse>("use", linkage_uses);
  linkage.proportionality = table.text("proportionality");
  linkage.subsidiarity = table.text("subsidiarity");
  linkage.submitted_by = table.text_if("submitted_by").value_or("");
  linkage.state = table.one_of<PurposeState>("state", purpose_states);
  linkage.approval = read_approval(table);
  linkage.valid = read_period(table);
  linkage.review_by = table.date_if("review_by");
  if (linkage.purposes.empty()) table.problem("purposes", "name the purpose that the sources come together for");
  if (linkage.sources.size() < 2) table.problem("sources", "a linkage has at least two sources");
  check_approval(table, linkage.state, linkage.submitted_by, linkage.approval);
  return linkage;
}

Algorithm read_algorithm(TomlTable& table) {
  Algorithm algorithm;
  algorithm.id = table.text("id");
  algorithm.owner = read_oin(table, "owner");
  algorithm.title = table.text("title");
  algorithm.version = table.text("version");
  algorithm.profiling = table.flag("profiling", true);
  algorithm.decides_alone = table.flag("decides_alone", false);
  for (auto& practice : table.texts("practices")) algorithm.practices.insert(std::move(practice));
  for (auto& each : table.tables("feature")) {
    algorithm.features.push_back({each.text("name"), each.text_if("description").value_or(""), each.texts("from")});
    each.done();
  }
  for (std::size_t i = 0; i < algorithm.features.size(); ++i)
    for (std::size_t other = i + 1; other < algorithm.features.size(); ++other)
      if (algorithm.features[i].name == algorithm.features[other].name)
        table.problem("feature", "`" + algorithm.features[i].name + "` stands twice; give each feature its own name");
  algorithm.evidence = read_evidence(table);
  return algorithm;
}

Mandate read_mandate(TomlTable& table) {
  Mandate mandate;
  mandate.id = table.text("id");
  mandate.principal = read_oin(table, "principal");
  mandate.agent = read_oin(table, "agent");
  mandate.purposes = table.texts("purposes");
  mandate.period = read_period(table);
  mandate.reference = table.text("reference");
  return mandate;
}

}  // namespace

bool is_oin(std::string_view text) {
  return text.size() == oin_digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

void remove_register_entry(Registers& registers, std::string_view kind, const std::string& id) {
  if (kind == "organisation") registers.organisations.erase(id);
  if (kind == "service") registers.services.erase(id);
  if (kind == "purpose") registers.purposes.erase(id);
  if (kind == "necessity") registers.necessities.erase(id);
  if (kind == "linkage") registers.linkages.erase(id);
  if (kind == "algorithm") registers.algorithms.erase(id);
  if (kind == "mandate") registers.mandates.erase(id);
}

std::string read_register_entry(Registers& registers, std::string_view kind, TomlTable table) {
  const auto keep = [&](auto& map, auto entry, std::string id) {
    table.done();
    map.insert_or_assign(id, std::move(entry));
    return id;
  };
  if (kind == "organisation") {
    Organisation entry = read_organisation(table);
    std::string id = entry.oin;
    return keep(registers.organisations, std::move(entry), std::move(id));
  }
  if (kind == "service") {
    Service entry = read_service(table);
    std::string id = entry.id;
    return keep(registers.services, std::move(entry), std::move(id));
  }
  if (kind == "purpose") {
    Purpose entry = read_purpose(table);
    std::string id = entry.id;
    return keep(registers.purposes, std::move(entry), std::move(id));
  }
  if (kind == "necessity") {
    Necessity entry = read_necessity(table);
    std::string id = entry.id;
    return keep(registers.necessities, std::move(entry), std::move(id));
  }
  if (kind == "linkage") {
    Linkage entry = read_linkage(table);
    std::string id = entry.id;
    return keep(registers.linkages, std::move(entry), std::move(id));
  }
  if (kind == "algorithm") {
    Algorithm entry = read_algorithm(table);
    std::string id = entry.id;
    return keep(registers.algorithms, std::move(entry), std::move(id));
  }
  if (kind == "mandate") {
    Mandate entry = read_mandate(table);
    std::string id = entry.id;
    return keep(registers.mandates, std::move(entry), std::move(id));
  }
  table.problem("id", "`" + std::string(kind) + "` is no kind of register entry");
  return {};
}

std::string_view name_of(PurposeState state) {
  for (const auto& [name, each] : purpose_states)
    if (each == state) return name;
  return "unknown";
}

}  // namespace koppelpoort
