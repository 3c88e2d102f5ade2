#include "policies/families/context.hpp"

#include <algorithm>

namespace koppelpoort {

Context::Context(const Snapshot& known, const Exchange& asked)
    : snapshot(known), exchange(asked), day(dutch_date(asked.at)), period(asked.period) {
  consumer = snapshot.organisation(exchange.consumer);
  purpose = snapshot.purpose(exchange.purpose);
  service = snapshot.service(exchange.service);
  principal = exchange.on_behalf_of.empty() ? consumer : snapshot.organisation(exchange.on_behalf_of);
  if (purpose != nullptr) controller = purpose->controller;
  if (service != nullptr) provider = service->provider;
  for (const auto& each : exchange.elements) {
    if (!each.element) continue;
    requested.set(*each.element);
    (each.use == Use::search ? searched : delivered).set(*each.element);
  }
}

void Context::block(Code code, std::string subject, std::string detail) {
  findings.push_back({code, Effect::blocks, {}, std::move(subject), std::move(detail)});
}

void Context::remove(Code code, const ElementSet& elements, std::string subject, std::string detail) {
  if (elements.none()) return;
  removed |= elements;
  findings.push_back({code, Effect::removes, listed(elements), std::move(subject), std::move(detail)});
}

void Context::note(Code code, std::string subject, std::string detail) {
  findings.push_back({code, Effect::note, {}, std::move(subject), std::move(detail)});
}

std::vector<ElementIndex> listed(const ElementSet& set) {
  std::vector<ElementIndex> all;
  all.reserve(set.count());
  for (std::size_t i = set._Find_first(); i < set.size(); i = set._Find_next(i))
    all.push_back(static_cast<ElementIndex>(i));
  return all;
}

bool shown(const std::vector<Evidence>& evidence, std::string_view name, Date day) {
  return std::ranges::any_of(evidence, [&](const Evidence& each) {
    return each.for_what == name && !each.reference.empty() && each.period.holds_on(day);
  });
}

bool stands(const std::vector<Relation>& relations, const std::vector<std::string>& capacities, Date day) {
  return std::ranges::any_of(relations, [&](const Relation& each) {
    return each.period.holds_on(day) && std::ranges::find(capacities, each.capacity) != capacities.end();
  });
}

}  // namespace koppelpoort
