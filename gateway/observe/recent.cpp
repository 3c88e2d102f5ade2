#include "gateway/observe/recent.hpp"

#include "gateway/ledger/members.hpp"

namespace koppelpoort {
namespace {

RecentDecision decision_of(std::int64_t position, std::string_view record) {
  RecentDecision decision;
  decision.position = position;
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

Recent::Recent(std::string ledger_folder, std::function<std::int64_t()> end)
    : folder_(std::move(ledger_folder)), end_(std::move(end)), place_(place_near_end(folder_)) {}

const std::deque<RecentDecision>& Recent::all() {
  if (place_.next >= end_()) return decisions_;
  const auto look = [&](std::int64_t position, std::string_view record) {
    if (member_of(record, "kind") == "decision") {
      decisions_.push_back(decision_of(position, record));
      if (decisions_.size() > kept) decisions_.pop_front();
    }
    return true;
  };
  read_ledger_on(folder_, place_, look, [](std::int64_t, std::string_view, std::string_view) {});
  return decisions_;
}

}  // namespace koppelpoort
