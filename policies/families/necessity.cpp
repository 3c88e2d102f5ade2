// KP-501 to KP-505 and KP-805: each element motivated for this purpose and source, not too often, about the right
// person, not too far back.
#include <algorithm>
#include <array>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

void check_declared(Context& context) {
  for (const auto& each : context.exchange.elements)
    if (!each.element)
      context.findings.push_back(
          {Code::data_excess, each.use == Use::search ? Effect::blocks : Effect::removes, {}, each.wire, "unknown"});
  if (context.service == nullptr) return;
  context.remove(Code::data_excess, context.requested & ~context.service->offered, context.exchange.service,
                 "not offered");
}

void check_motivated(Context& context) {
  const auto* necessity = context.snapshot.necessity(context.exchange.purpose, context.exchange.service);
  const ElementSet motivated = necessity == nullptr ? ElementSet{} : necessity->elements;
  context.remove(Code::data_excess, context.requested & ~motivated, context.exchange.purpose, "no necessity");
  if (necessity == nullptr) return;
  for (const auto& each : necessity->entries) {
    const ElementSet used = context.requested & each.elements;
    if (used.none()) continue;
    const Necessity& entry = *each.necessity;
    if (!each.fault.empty())
      context.remove(Code::necessity_not_motivated, used, entry.id, std::string(each.fault));
    else if (entry.review_by && *entry.review_by < context.day)
      context.remove(Code::necessity_not_motivated, used, entry.id, "review was due on " + to_text(*entry.review_by));
    if (entry.per_person_per_month && context.exchange.history.same_person_this_month >= *entry.per_person_per_month)
      context.remove(Code::frequency_exceeded, used, entry.id,
                     "a month: " + std::to_string(*entry.per_person_per_month));
    // A list that does not say about how many it is cannot be held to a number.
    if (entry.persons_at_most && context.exchange.volume != Volume::single &&
        context.exchange.persons.value_or(*entry.persons_at_most + 1) > *entry.persons_at_most)
      context.remove(Code::frequency_exceeded, used, entry.id, "people: " + std::to_string(*entry.persons_at_most));
  }
}

void check_persons(Context& context) {
  constexpr std::array<std::string_view, 6> names{"", "partner", "kind", "ouder", "huisgenoot", "ander"};
  const auto& of_person = context.snapshot.knowledge().taxonomy.of_person;
  for (std::size_t i = 1; i < names.size(); ++i)
    if (const ElementSet others = context.requested & of_person[i];
        others.any() && !context.purpose->purpose->related_persons.contains(std::string(names[i])))
      context.remove(Code::other_person_removed, others, std::string(names[i]));
}

void check_relation(Context& context) {
  const Purpose& purpose = *context.purpose->purpose;
  if (!purpose.relation_checked) return;
  if (!stands(context.exchange.relations, purpose.capacities, context.day))
    context.block(Code::no_client_relation, purpose.id);
}

void check_period(Context& context) {
  const Purpose& purpose = *context.purpose->purpose;
  if (!purpose.retention_months) context.block(Code::retention_exceeded, purpose.id, "no retention period");
  if (!context.period || !purpose.look_back_months) return;
  using namespace std::chrono;
  const year_month_day today{context.day};
  year_month_day earliest = today - months{*purpose.look_back_months};
  if (!earliest.ok()) earliest = earliest.year() / earliest.month() / last;
  const Date from{sys_days{earliest}};
  if (context.period->from && *context.period->from >= from) return;
  if (context.period->until && *context.period->until <= from) {
    context.block(Code::retention_exceeded, purpose.id, "before " + to_text(from));
    return;
  }
  // The period is cut the way elements are: it counts as less than was asked.
  context.period->from = from;
  context.findings.push_back({Code::retention_exceeded, Effect::removes, {}, purpose.id, "before " + to_text(from)});
}

}  // namespace

void check_necessity(Context& context) {
  check_declared(context);
  if (context.purpose == nullptr) return;
  check_motivated(context);
  check_persons(context);
  check_relation(context);
  check_period(context);
}

}  // namespace koppelpoort
