#include "gateway/observe/recent.hpp"

#include <algorithm>

#include "gateway/ledger/members.hpp"

namespace koppelpoort {
namespace {

RecentDecision decision_of(std::int64_t position, std::string_view record) {
  RecentDecision decision;
  decision.position = position;
  decision.record = record;
  for (Members members(record); members.next();) {
    const std::string_view name = members.name();
    if (name == "block") decision.block = members.text();
    if (name == "codes") decision.codes = members.texts();
    if (name == "deleg") decision.on_behalf_of = members.text();
    if (name == "dst") decision.provider = members.text();
    if (name == "op") decision.operation = members.text();
    if (name == "purpose") decision.purpose = members.text();
    if (name == "src") decision.consumer = members.text();
    if (name == "svc") decision.service = members.text();
    if (name == "ts") decision.at = members.text();
    if (name == "tx") decision.id = members.text();
    if (name == "verdict") decision.verdict = members.text();
  }
  return decision;
}

}  // namespace

Recent::Recent(std::string ledger_folder, std::function<std::int64_t()> end, FieldNames lists)
    : folder_(std::move(ledger_folder)),
      end_(std::move(end)),
      place_(place_near_end(folder_)),
      lists_(std::move(lists)),
      from_the_first_(place_.next == 0) {}

const std::deque<RecentDecision>& Recent::all() {
  if (place_.next >= end_()) return decisions_;
  const auto look = [&](std::int64_t position, std::string_view record) {
    const std::string_view kind = member_of(record, "kind");
    if (kind == "fields") lists_.add(record);
    if (kind == "decision") {
      decisions_.push_back(decision_of(position, record));
      if (decisions_.size() > kept) decisions_.pop_front();
    }
    return true;
  };
  read_ledger_on(folder_, place_, look, [](std::int64_t, std::string_view, std::string_view) {});
  return decisions_;
}

const RecentDecision* Recent::find(std::string_view id) {
  const auto& decisions = all();
  const auto at = std::ranges::find(decisions, id, &RecentDecision::id);
  return at == decisions.end() ? nullptr : &*at;
}

}  // namespace koppelpoort
