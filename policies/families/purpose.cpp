// KP-201 to KP-207: one declared purpose, of this controller, approved and current.
#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

constexpr std::string_view marketing_goal = "marketing";

void check_state(Context& context, const Purpose& purpose) {
  switch (purpose.state) {
    case PurposeState::draft:
    case PurposeState::submitted:
    case PurposeState::refused:
      context.block(Code::purpose_not_approved, purpose.id, std::string(name_of(purpose.state)));
      return;
    case PurposeState::suspended:
    case PurposeState::withdrawn:
      context.block(Code::purpose_suspended, purpose.id, std::string(name_of(purpose.state)));
      return;
    case PurposeState::active: break;
  }
  // The registers refuse an active purpose without both signatures; here it is checked against the moment itself.
  if (!purpose.approval || context.exchange.at < purpose.approval->signed_at)
    context.block(Code::purpose_not_approved, purpose.id, "not yet signed");
}

}  // namespace

void check_purpose(Context& context) {
  const Exchange& exchange = context.exchange;
  if (exchange.purpose.empty()) {
    context.block(Code::purpose_missing);
    return;
  }
  if (context.purpose == nullptr) {
    context.block(Code::purpose_unknown, exchange.purpose);
    return;
  }
  const Purpose& purpose = *context.purpose->purpose;
  if (context.controller != context.principal) context.block(Code::purpose_not_yours, purpose.id);
  check_state(context, purpose);
  if (purpose.valid.from && context.day < *purpose.valid.from)
    context.block(Code::purpose_expired, purpose.id, "begins on " + to_text(*purpose.valid.from));
  else if (!purpose.valid.holds_on(context.day))
    context.block(Code::purpose_expired, purpose.id, "ended on " + to_text(*purpose.valid.until));
  else if (purpose.review_by && *purpose.review_by < context.day)
    context.block(Code::purpose_expired, purpose.id, "review was due on " + to_text(*purpose.review_by));
  if (purpose.goal == marketing_goal) context.block(Code::marketing_purpose, purpose.id);
}

}  // namespace koppelpoort
