// KP-601 to KP-603: which sources may come together about one person. Each may be allowed by itself; together they
// need a linkage with its own reasons and approval. What was obtained before is part of the question.
#include <algorithm>

#include "policies/families/context.hpp"
#include "policies/motivation.hpp"

namespace koppelpoort {
namespace {

using Sources = std::set<std::string_view>;

// Why the linkage does not carry this exchange; empty when it does.
std::string fault_of(const Linkage& linkage, const Context& context) {
  if (linkage.state != PurposeState::active) return std::string(name_of(linkage.state));
  if (!linkage.approval || context.exchange.at < linkage.approval->signed_at) return "not yet signed";
  if (!linkage.valid.holds_on(context.day)) return "outside its validity";
  if (linkage.review_by && *linkage.review_by < context.day) return "review was due on " + to_text(*linkage.review_by);
  if (linkage.use == LinkageUse::one_case && context.exchange.volume != Volume::single) return "single cases only";
  return std::string(fault_of_motivation(linkage.proportionality, linkage.subsidiarity));
}

bool holds_all(const Linkage& linkage, const Sources& sources) {
  return std::ranges::all_of(
      sources, [&](std::string_view each) { return linkage.sources.find(std::string(each)) != linkage.sources.end(); });
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
    Sources declared = purpose_.sources;
    declared.insert(source_);
    if (declared.size() > 1 || under_purpose_.size() > 1) check_purpose();
    if (under_all_.size() > under_purpose_.size()) check_cumulative();
  }

 private:
  void check_purpose() {
    std::vector<const Linkage*> holding;
    for (const Linkage* each : purpose_.linkages)
      if (fault_of(*each, context_).empty()) holding.push_back(each);
    if (holding.empty()) {
      name_what_is_lacking();
      return;
    }
    std::erase_if(holding, [&](const Linkage* each) { return !each->sources.contains(std::string(source_)); });
    if (holding.empty()) {
      context_.block(Code::source_not_in_linkage, std::string(source_), purpose_.purpose->id);
      return;
    }
    if (joined_by_another_key(holding)) return;
    if (std::ranges::none_of(holding, [&](const Linkage* each) { return holds_all(*each, under_purpose_); }))
      context_.block(Code::linkage_not_approved, purpose_.purpose->id, listed(under_purpose_));
  }

  void name_what_is_lacking() {
    if (purpose_.linkages.empty()) context_.block(Code::linkage_not_approved, purpose_.purpose->id);
    for (const Linkage* each : purpose_.linkages)
      context_.block(Code::linkage_not_approved, each->id, fault_of(*each, context_));
  }

  bool joined_by_another_key(const std::vector<const Linkage*>& holding) {
    if (context_.searched.none()) return false;
    const Taxonomy& taxonomy = context_.snapshot.knowledge().taxonomy;
    const bool joins = std::ranges::any_of(holding, [&](const Linkage* each) {
      const auto key = taxonomy.find(each->join_key);
      return key && context_.searched.test(*key);
    });
    if (!joins) context_.block(Code::source_not_in_linkage, std::string(source_), "joined by another key");
    return !joins;
  }

  // Over all purposes of this controller: what it holds together about one person, whatever it asked each part for.
  void check_cumulative() {
    const auto& linkages = context_.snapshot.linkages_of(purpose_.purpose->controller);
    const bool approved = std::ranges::any_of(linkages, [&](const Linkage* each) {
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
