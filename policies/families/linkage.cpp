// KP-601 to KP-603: which sources may come together about one person. Each may be allowed by itself; together they
// need a linkage with its own reasons and approval. What was obtained before is part of the question.
#include <algorithm>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

using Sources = std::set<std::string_view>;

using Compiled = Snapshot::CompiledLinkage;

// Why the linkage does not carry this exchange; empty when it does.
std::string fault_of(const Compiled& compiled, const Context& context) {
  const Linkage& linkage = *compiled.linkage;
  if (linkage.state != PurposeState::active) return std::string(name_of(linkage.state));
  if (!linkage.approval || context.exchange.at < linkage.approval->signed_at) return "not yet signed";
  if (!linkage.valid.holds_on(context.day)) return "outside its validity";
  if (linkage.review_by && *linkage.review_by < context.day) return "review was due on " + to_text(*linkage.review_by);
  if (linkage.use == LinkageUse::one_case && context.exchange.volume != Volume::single) return "single cases only";
  return std::string(compiled.fault);
}

bool holds_all(const Compiled& compiled, const Sources& sources) {
  return std::ranges::all_of(sources, [&](std::string_view each) { return compiled.linkage->sources.contains(each); });
}

std::string listed(const Sources& sources) {
  std::string all;
  for (const auto source : sources) all += (all.empty() ? "" : ", ") + std::string(source);
  return all;
}

class LinkageCheck {
 public:
  explicit LinkageCheck(Context& context)
      : context_(context), purpose_(*context.purpose), source_(context.service->service->source) {
    under_purpose_.insert(source_);
    for (const auto& each : context.exchange.history.obtained) {
      if (each.purpose == purpose_.purpose->id) under_purpose_.insert(each.source);
      under_all_.insert(each.source);
    }
    under_all_.insert(source_);
  }

  void run() {
    const std::size_t declared = purpose_.sources.size() + (purpose_.sources.contains(source_) ? 0 : 1);
    if (declared > 1 || under_purpose_.size() > 1) check_purpose();
    if (under_all_.size() > under_purpose_.size()) check_cumulative();
  }

 private:
  void check_purpose() {
    std::vector<const Compiled*> holding;
    for (const Compiled* each : purpose_.linkages)
      if (fault_of(*each, context_).empty()) holding.push_back(each);
    if (holding.empty()) {
      name_what_is_lacking();
      return;
    }
    std::erase_if(holding, [&](const Compiled* each) { return !each->linkage->sources.contains(source_); });
    if (holding.empty()) {
      context_.block(Code::source_not_in_linkage, std::string(source_), purpose_.purpose->id);
      return;
    }
    if (joined_by_another_key(holding)) return;
    if (std::ranges::none_of(holding, [&](const Compiled* each) { return holds_all(*each, under_purpose_); }))
      context_.block(Code::linkage_not_approved, purpose_.purpose->id, listed(under_purpose_));
  }

  void name_what_is_lacking() {
    if (purpose_.linkages.empty()) context_.block(Code::linkage_not_approved, purpose_.purpose->id);
    for (const Compiled* each : purpose_.linkages)
      context_.block(Code::linkage_not_approved, each->linkage->id, fault_of(*each, context_));
  }

  bool joined_by_another_key(const std::vector<const Compiled*>& holding) {
    if (context_.searched.none()) return false;
    const bool joins =
        std::ranges::any_of(holding, [&](const Compiled* each) { return context_.searched.test(each->join_key); });
    if (!joins) context_.block(Code::source_not_in_linkage, std::string(source_), "joined by another key");
    return !joins;
  }

  // Over all purposes of this controller: what it holds together about one person, whatever it asked each part for.
  void check_cumulative() {
    const auto& linkages = context_.snapshot.linkages_of(purpose_.purpose->controller);
    const bool approved = std::ranges::any_of(linkages, [&](const Compiled* each) {
      return holds_all(*each, under_all_) && fault_of(*each, context_).empty();
    });
    if (!approved) context_.block(Code::cumulative_linkage, purpose_.purpose->controller, listed(under_all_));
  }

  Context& context_;
  const Snapshot::CompiledPurpose& purpose_;
  std::string_view source_;
  Sources under_purpose_, under_all_;
};

}  // namespace

void check_linkage(Context& context) {
  if (context.purpose == nullptr || context.service == nullptr) return;
  LinkageCheck(context).run();
}

}  // namespace koppelpoort
