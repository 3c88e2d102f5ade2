#include "gateway/custody/answer.hpp"

#include <algorithm>
#include <optional>

#include "gateway/custody/erase.hpp"

namespace koppelpoort {
namespace {

namespace json = boost::json;

std::string text(const json::object& asked, std::string_view name) {
  const json::value* found = asked.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::vector<std::string> texts(const json::object& asked, std::string_view name) {
  std::vector<std::string> all;
  if (const json::value* found = asked.if_contains(name); found != nullptr && found->is_array())
    for (const auto& each : found->get_array())
      if (each.is_string()) all.emplace_back(each.get_string());
  return all;
}

std::optional<CustodyRole> role_of(const std::string& name) {
  for (const auto& [known, role] : custody_roles())
    if (known == name) return role;
  return std::nullopt;
}

json::object hold(const Custody& custody, const json::object& asked, const std::string& why) {
  const std::string retention = text(asked, "class"), month = text(asked, "month");
  std::int64_t count = 0;
  for (const auto& row : custody.keys.all()) {
    if (row.wrapped.empty() || row.month != month || (!retention.empty() && row.retention != retention)) continue;
    RecordWriter leaf("keyevent");
    leaf.add("class", row.retention).add("event", why.empty() ? "hold lifted" : "hold").add("month", row.month);
    leaf.add("node", custody.config.node);
    if (custody.ledger.write(leaf.finish()).durable != Durable::yes)
      return {{"refused", "this cannot be recorded, so nothing was changed; check the ledger"}};
    custody.keys.hold(row.id, why);
    ++count;
  }
  return {{"keys", count}};
}

}  // namespace

json::object answer_control(const Custody& custody, const std::string& user, const json::object& asked) {
  const std::string what = text(asked, "ask");
  const bool changes = what == "erase" || what == "hold" || what == "release";
  if (!changes && what != "view") return {{"refused", "the gate does not know how to `" + what + "`"}};
  const auto role = changes ? std::optional(CustodyRole::keeper) : role_of(text(asked, "role"));
  if (!role) return {{"refused", "there is no role `" + text(asked, "role") + "`"}};
  const View view{user, *role, changes ? what : text(asked, "what"), text(asked, "reason"), texts(asked, "subjects")};
  constexpr std::string_view of_persons[] = {"subject", "record"},
                             of_nobody[] = {"decision", "decisions", "proof", "export"};
  const bool known = *role == CustodyRole::reader ? std::ranges::find(of_nobody, view.what) != std::end(of_nobody)
                                                  : std::ranges::find(of_persons, view.what) != std::end(of_persons);
  if (!changes && !known) return {{"refused", "nobody looks at `" + view.what + "`"}};
  if (std::string refused = custody.views.leave(view, Ledger::system_micros()); !refused.empty())
    return {{"refused", refused}};
  if (what == "hold") return hold(custody, asked, view.reason);
  if (what == "release") return hold(custody, asked, {});
  if (what == "erase") {
    const Erased erased = erase_person(custody.ledger, custody.config.ledger_folder(), custody.keys, view.subjects,
                                       custody.config.node, "request");
    return {{"parts", erased.parts}, {"kept", erased.kept}, {"held", erased.held}};
  }
  return {{"allowed", true}};
}

}  // namespace koppelpoort
