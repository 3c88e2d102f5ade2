// KP-404 and KP-405: rules on special data that hold whatever the basis says. KP-401 to KP-403 are decided with the
// basis (basis.cpp), because an exemption counts only together with the flow that carries the datum.
#include "policies/families/context.hpp"

namespace koppelpoort {
namespace {

// Only these may receive what a company doctor knows (AP policy rules on sick employees; BW 7:658a(3)).
constexpr std::string_view employer_role = "werkgever";
constexpr std::string_view biometrics_entry = "uavg-29-biometrie";

ElementSet of_category(const Context& context, std::string_view category) {
  const Knowledge& knowledge = context.snapshot.knowledge();
  const auto index = knowledge.catalogue.words.category(category);
  return index ? knowledge.taxonomy.of_category[*index] : ElementSet{};
}

void check_employer(Context& context) {
  if (context.purpose->purpose->role != employer_role) return;
  // Test results under the four transport acts go to the officer and the inspectorate, never to the employer.
  const ElementSet medical = of_category(context, "gezondheid-medisch") | of_category(context, "adm-testuitslag");
  context.remove(Code::medical_to_employer, context.requested & medical);
}

void check_biometrics(Context& context) {
  const ElementSet asked = context.requested & of_category(context, "biometrie");
  if (asked.none()) return;
  const Entry* entry = context.snapshot.knowledge().catalogue.find(biometrics_entry);
  if (entry == nullptr) {
    context.remove(Code::biometric_not_necessary, asked);
    return;
  }
  for (const auto& condition : entry->conditions)
    if (condition.asked_on(context.day, context.exchange.volume) &&
        !shown(context.purpose->purpose->evidence, entry->id + "/" + condition.id, context.day))
      context.remove(Code::biometric_not_necessary, asked, entry->id + "/" + condition.id);
}

}  // namespace

void check_special_data(Context& context) {
  if (context.purpose == nullptr) return;
  check_employer(context);
  check_biometrics(context);
}

}  // namespace koppelpoort
