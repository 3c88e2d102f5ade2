#include "gateway/custody/views.hpp"

#include <algorithm>

#include "gateway/exchange/private_part.hpp"
#include "gateway/keys/seal.hpp"
#include "gateway/ledger/members.hpp"

namespace koppelpoort {
namespace {

constexpr std::int64_t hour = 3'600'000'000;  // microseconds
constexpr std::size_t reason_least = 8;

Date today_of(std::int64_t micros) { return dutch_date(instant_at(micros / 1'000'000)); }

}  // namespace

Views::Views(Ledger& ledger, DataKeys& keys, std::vector<Custodian> custodians, std::string node, Alarm alarm)
    : ledger_(ledger),
      keys_(keys),
      custodians_(std::move(custodians)),
      node_(std::move(node)),
      alarm_(std::move(alarm)) {}

std::string Views::leave(const View& view, std::int64_t now) {
  const std::lock_guard guard(mutex_);
  std::string refused = refusal(view, now);
  if (!record(view, name_of(view.role), refused.empty()))
    return "the ledger cannot record that you look; nothing is shown";
  if (!refused.empty()) alarm_("a look into the ledger was refused: " + refused);
  if (refused.empty() && !view.subjects.empty()) searches_[view.user].push_back(now);
  return refused;
}

std::string Views::refusal(const View& view, std::int64_t now) {
  const auto custodian = std::ranges::find(custodians_, view.user, &Custodian::user);
  if (custodian == custodians_.end() || !custodian->may(view.role))
    return "`" + view.user + "` has no role " + std::string(name_of(view.role)) +
           " here; whoever keeps the configuration can give it ([[custodian]])";
  if (view.role != CustodyRole::reader && view.reason.size() < reason_least)
    return "say why, in a few words: it is recorded with your name";
  if (view.subjects.empty()) return {};
  auto& made = searches_[view.user];
  while (!made.empty() && made.front() <= now - hour) made.pop_front();
  if (static_cast<int>(made.size()) < custodian->searches_per_hour) return {};
  return "`" + view.user + "` searched for " + std::to_string(made.size()) +
         " persons within an hour, as many as the configuration lets; try again later, or ask for more with a reason";
}

bool Views::note(const std::string& account, std::string_view role, std::string_view what) {
  View view;
  view.user = account;
  view.what = what;
  return record(view, role, true);
}

bool Views::record(const View& view, std::string_view role, bool allowed) {
  PrivatePart part;
  part.subjects = view.subjects;
  part.user = view.user;
  part.reason = view.reason;
  const auto key = keys_.current({}, today_of(Ledger::system_micros()));
  SealedPart sealed = seal_part(part, random_bytes(blind_bytes), *key);
  RecordWriter view_record("view");
  view_record.add("allowed", std::int64_t{allowed}).add("node", node_);
  view_record.add("persons", static_cast<std::int64_t>(view.subjects.size())).add("priv", sealed.commitment);
  view_record.add("role", role).add("sealed", sealed.digest);
  view_record.add("v", std::int64_t{2}).add("what", view.what);
  PendingRecord pending = view_record.finish();
  pending.sealed = std::move(sealed.bytes);
  return ledger_.write(std::move(pending)).durable == Durable::yes;
}

void Views::remember(const std::string& user, std::int64_t at) {
  const std::lock_guard guard(mutex_);
  searches_[user].push_back(at);
}

std::optional<Search> recent_search(std::int64_t position, std::string_view entry, std::string_view sealed,
                                    DataKeys& keys, std::int64_t now) {
  if (member_of(entry, "kind") != "view" || entry.find("\"allowed\":1,") == std::string_view::npos ||
      entry.find("\"persons\":0,") != std::string_view::npos)
    return std::nullopt;
  const std::int64_t at = micros_of(member_of(entry, "ts"));
  if (at <= now - hour) return std::nullopt;
  const auto part = open_part(position, entry, sealed, keys);
  if (!part) return std::nullopt;
  return Search{part->user, at};
}

}  // namespace koppelpoort
