// KP-101 to KP-106: who asks, for whom, in which role, over which transport.
#include <algorithm>

#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

void check_known(Context& context, std::string_view oin, const Context::Party* party) {
  if (party == nullptr)
    context.block(Code::organisation_unknown, std::string(oin));
  else if (!party->organisation->active.holds_on(context.day))
    context.block(Code::organisation_unknown, party->organisation->oin, "not active on " + to_text(context.day));
}

bool mandated(const Context& context, const Mandate& mandate) {
  const bool covers = mandate.purposes.empty() ||
                      std::ranges::find(mandate.purposes, context.exchange.purpose) != mandate.purposes.end();
  return mandate.principal == context.exchange.on_behalf_of && mandate.agent == context.exchange.consumer && covers &&
         mandate.period.holds_on(context.day);
}

void check_mandate(Context& context) {
  const std::string& principal = context.exchange.on_behalf_of;
  if (principal.empty() || principal == context.exchange.consumer) return;
  check_known(context, principal, context.principal);
  const auto& mandates = context.snapshot.registers().mandates;
  const bool found = std::ranges::any_of(mandates, [&](const auto& each) { return mandated(context, each.second); });
  if (!found) context.block(Code::mandate_missing, principal);
}

void check_role(Context& context, const Context::Party& party, WordIndex role) {
  if (!party.roles_on(context.day).test(role))
    context.block(Code::role_mismatch, party.organisation->oin,
                  context.snapshot.knowledge().catalogue.words.roles[role].id);
}

}  // namespace

void check_identity(Context& context) {
  const Exchange& exchange = context.exchange;
  if (exchange.consumer.empty())
    context.block(Code::identity_missing);
  else
    check_known(context, exchange.consumer, context.consumer);
  check_mandate(context);
  if (context.service == nullptr) {
    context.block(Code::service_unknown, exchange.service);
  } else {
    const Service& service = *context.service->service;
    check_known(context, service.provider, context.provider);
    check_role(context, *context.provider, context.service->role);
    if (exchange.transport < service.transport) context.block(Code::security_profile, "transport");
  }
  if (context.purpose != nullptr) {
    const Purpose& purpose = *context.purpose->purpose;
    if (context.controller != context.consumer) check_known(context, purpose.controller, context.controller);
    check_role(context, *context.controller, context.purpose->role);
  }
  if (exchange.training_valid_until && *exchange.training_valid_until < context.day)
    context.block(Code::security_profile, "training", to_text(*exchange.training_valid_until));
}

}  // namespace koppelpoort
