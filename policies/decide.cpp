#include "policies/decide.hpp"

#include <algorithm>
#include <tuple>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

BlockKind worst_of(const std::vector<Finding>& findings, const Settings& settings) {
  BlockKind worst = BlockKind::none;
  for (const auto& finding : findings)
    if (finding.effect != Effect::note) worst = std::max(worst, kind_of(finding.code, settings));
  // A finding whose code is only a note elsewhere (KP-805) still keeps something back that the purpose could allow.
  return worst == BlockKind::none ? BlockKind::missing : worst;
}

// Section 3: what is left must be something, and must hold what the service calls essential.
bool enough_left(const Context& context, const ElementSet& allowed) {
  return (context.service->essential & ~allowed).none();
}

void order(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    return std::tie(a.code, a.subject, a.detail, a.elements) < std::tie(b.code, b.subject, b.detail, b.elements);
  });
  findings.erase(std::unique(findings.begin(), findings.end()), findings.end());
}

}  // namespace

Decision decide(const Snapshot& snapshot, const Exchange& exchange) {
  Context context(snapshot, exchange);
  check_identity(context);
  check_purpose(context);
  check_basis(context);
  check_special_data(context);
  check_necessity(context);
  check_linkage(context);
  check_algorithm(context);
  check_accountability(context);

  const ElementSet allowed = context.delivered & ~context.removed;
  if (context.delivered.none()) context.block(Code::data_excess, exchange.purpose, "nothing asked");
  const auto has = [&](Effect effect) {
    return std::ranges::any_of(context.findings, [&](const Finding& each) { return each.effect == effect; });
  };
  const bool excess = has(Effect::removes);
  const bool may_minimise = context.purpose != nullptr && context.purpose->purpose->excess == Excess::minimise;
  const bool search_refused = (context.searched & context.removed).any();
  bool blocked = has(Effect::blocks) || search_refused || context.service == nullptr || context.purpose == nullptr;
  blocked = blocked || (excess && !(may_minimise && enough_left(context, allowed)));
  blocked = blocked || allowed.none();

  Decision decision;
  decision.register_version = snapshot.version();
  decision.catalogue = snapshot.digest();
  decision.verdict = blocked ? Verdict::block : (excess ? Verdict::minimise : Verdict::permit);
  decision.kind = blocked ? worst_of(context.findings, snapshot.settings()) : BlockKind::none;
  if (decision.kind == BlockKind::forbidden && context.purpose != nullptr &&
      snapshot.knowledge().catalogue.words.goals[context.purpose->goal].structural_gap)
    context.note(Code::structural_gap, context.purpose->purpose->goal);
  order(context.findings);
  decision.findings = std::move(context.findings);
  if (blocked) return decision;
  decision.allowed = allowed;
  decision.period = context.period;
  decision.bases = std::move(context.bases);
  decision.related_persons = context.purpose->purpose->related_persons;
  decision.strict_answer = context.service->service->strict;
  return decision;
}

BlockKind kind_of(Code code, const Settings& settings) {
  if (code == Code::cumulative_linkage && settings.cumulative_forbidden) return BlockKind::forbidden;
  return kind_of(code);
}

const Finding* Decision::primary() const {
  if (verdict != Verdict::block) return nullptr;
  const auto at = std::ranges::find_if(findings, [](const Finding& each) { return each.effect != Effect::note; });
  return at == findings.end() ? nullptr : &*at;
}

Decision undecided(Code code, std::string detail) {
  Decision decision;
  decision.findings.push_back({code, Effect::blocks, {}, {}, std::move(detail)});
  return decision;
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::permit: return "permit";
    case Verdict::minimise: return "minimise";
    case Verdict::block: break;
  }
  return "block";
}

std::string_view name_of(Effect effect) {
  switch (effect) {
    case Effect::note: return "note";
    case Effect::removes: return "removes";
    case Effect::blocks: break;
  }
  return "blocks";
}

}  // namespace koppelpoort
