// KP-701, KP-702 and KP-704: an algorithm behind the purpose, and selecting people by where or how they live.
#include <algorithm>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

constexpr std::string_view proxy_tag = "proxy:";

void check_features(Context& context) {
  const FeatureScan& scan = *context.purpose->scan;
  for (const auto& proxy : scan.proxies) context.block(Code::profiling_proxy, proxy.feature, proxy.why);
  const Algorithm& algorithm = *context.purpose->algorithm;
  if (algorithm.features.empty()) context.block(Code::algorithm_evidence_missing, algorithm.id, "features");
  for (const auto& feature : scan.undeclared)
    context.block(Code::algorithm_evidence_missing, algorithm.id, "origin of feature " + feature);
}

void check_evidence(Context& context) {
  const Algorithm& algorithm = *context.purpose->algorithm;
  const auto demand = [&](std::string_view name) {
    if (!shown(algorithm.evidence, name, context.day))
      context.block(Code::algorithm_evidence_missing, algorithm.id, std::string(name));
  };
  demand("algorithm-register");
  demand("model-card");
  if (!algorithm.profiling) return;
  demand("human-review");
  if (!shown(algorithm.evidence, "iama", context.day) && !shown(algorithm.evidence, "fria", context.day))
    context.block(Code::algorithm_evidence_missing, algorithm.id, "iama or fria");
  const bool tested = std::ranges::any_of(algorithm.evidence, [&](const Evidence& each) {
    return each.for_what == "bias-test" && !each.reference.empty() && each.version == algorithm.version &&
           each.period.holds_on(context.day);
  });
  if (!tested)
    context.block(Code::algorithm_evidence_missing, algorithm.id, "bias-test of version " + algorithm.version);
}

void check_profiling(Context& context) {
  const Algorithm& algorithm = *context.purpose->algorithm;
  if (!algorithm.profiling) return;
  if (algorithm.decides_alone) context.block(Code::profiling_not_allowed, algorithm.id, "no person decides");
  if (context.exchange.volume != Volume::single && context.exchange.signal.empty())
    context.block(Code::profiling_not_allowed, algorithm.id, "a whole group without a signal");
}

// A list of people, selected by a proxy. To find one person by an address is no selection.
void check_selection(Context& context) {
  if (context.exchange.volume == Volume::single) return;
  const auto& elements = context.snapshot.knowledge().taxonomy.elements;
  ElementSet proxies;
  for (const auto index : listed(context.searched))
    if (std::ranges::any_of(elements[index].tags, [](const std::string& tag) { return tag.starts_with(proxy_tag); }))
      proxies.set(index);
  context.remove(Code::profiling_proxy, proxies, {}, "selection");
}

}  // namespace

void check_algorithm(Context& context) {
  check_selection(context);
  if (context.purpose == nullptr || context.purpose->algorithm == nullptr) return;
  check_profiling(context);
  check_features(context);
  check_evidence(context);
}

}  // namespace koppelpoort
