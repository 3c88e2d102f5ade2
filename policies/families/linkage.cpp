// KP-601 to KP-603: which sources may come together about one person. Each may be allowed by itself; together they
// need a linkage with its own reasons and approval. What was obtained before is part of the question.
#include <algorithm>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

using Sources = std::vector<SourceIndex>;  // sorted, each once

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
  return std::ranges::includes(compiled.sources, sources);
}

void insert(Sources& sources, SourceIndex source) {
  const auto at = std::ranges::lower_bound(sources, source);
  if (at == sources.end() || *at != source) sources.insert(at, source);
}

class LinkageCheck {
 public:
  explicit LinkageCheck(Context& context)
      : context_(context),
        known_(context.snapshot.sources()),
        purpose_(*context.purpose),
        source_(context.service->source),
        under_purpose_{source_},
        under_all_{source_} {
    for (const auto& each : context.exchange.history.obtained) {
      const SourceIndex source = index_of(each.source);
      if (each.purpose == purpose_.purpose->id) insert(under_purpose_, source);
      insert(under_all_, source);
    }
  }

  void run() {
    const bool declared_too = std::ranges::binary_search(purpose_.sources, source_);
    const std::size_t declared = purpose_.sources.size() + (declared_too ? 0 : 1);
    if (declared > 1 || under_purpose_.size() > 1) check_purpose();
    if (under_all_.size() > under_purpose_.size()) check_cumulative();
  }

 private:
  // A source that no service has any more gets a number behind all others: no linkage holds it.
  SourceIndex index_of(std::string_view name) {
    const auto at = std::ranges::lower_bound(known_, name);
    if (at != known_.end() && *at == name) return static_cast<SourceIndex>(at - known_.begin());
    const auto gone = std::ranges::find(gone_, name);
    const auto place = static_cast<std::size_t>(gone - gone_.begin());
    if (gone == gone_.end()) gone_.push_back(name);
    return static_cast<SourceIndex>(known_.size() + place);
  }

  std::string listed(const Sources& sources) const {
    std::vector<std::string_view> names;
    for (const SourceIndex each : sources)
      names.push_back(each < known_.size() ? std::string_view(known_[each]) : gone_[each - known_.size()]);
    std::ranges::sort(names);
    std::string all;
    for (const auto name : names) all += (all.empty() ? "" : ", ") + std::string(name);
    return all;
  }

  const std::string& source_name() const { return context_.service->service->source; }

  void check_purpose() {
    std::vector<const Compiled*> holding;
    for (const Compiled* each : purpose_.linkages)
      if (fault_of(*each, context_).empty()) holding.push_back(each);
    if (holding.empty()) {
      name_what_is_lacking();
      return;
    }
    std::erase_if(holding, [&](const Compiled* each) { return !std::ranges::binary_search(each->sources, source_); });
    if (holding.empty()) {
      context_.block(Code::source_not_in_linkage, source_name(), purpose_.purpose->id);
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
    if (!joins) context_.block(Code::source_not_in_linkage, source_name(), "joined by another key");
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
  const std::vector<std::string>& known_;
  const Snapshot::CompiledPurpose& purpose_;
  SourceIndex source_;
  Sources under_purpose_, under_all_;
  std::vector<std::string_view> gone_;
};

}  // namespace

void check_linkage(Context& context) {
  if (context.purpose == nullptr || context.service == nullptr) return;
  LinkageCheck(context).run();
}

}  // namespace koppelpoort
