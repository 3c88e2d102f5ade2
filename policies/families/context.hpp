// What the families of checks share while one exchange is decided. Lives for one call of `decide`.
#pragma once

#include <string>
#include <vector>

#include "policies/decision.hpp"
#include "policies/exchange.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

struct Context {
  Context(const Snapshot& snapshot, const Exchange& exchange);

  const Snapshot& snapshot;
  const Exchange& exchange;
  Date day;  // on the Dutch calendar
  using Party = Snapshot::CompiledOrganisation;
  const Party* consumer = nullptr;    // who calls; nothing when unknown
  const Party* principal = nullptr;   // for whom it says that it calls; itself when it says nothing
  const Party* controller = nullptr;  // the purpose's controller
  const Party* provider = nullptr;
  const Snapshot::CompiledPurpose* purpose = nullptr;
  const Snapshot::CompiledService* service = nullptr;
  ElementSet requested;  // known elements, asked or searched by
  ElementSet searched;   // searched by: these cannot be left out without changing the question
  ElementSet delivered;  // asked to be delivered

  // Filled by the families.
  ElementSet removed;
  std::vector<Finding> findings;
  std::vector<std::string> bases;
  std::optional<Period> period;
  bool by_duty = false;  // everything that passes the basis is what the provider must give

  void block(Code code, std::string subject = {}, std::string detail = {});
  void remove(Code code, const ElementSet& elements, std::string subject = {}, std::string detail = {});
  void note(Code code, std::string subject = {}, std::string detail = {});
};

// One function a family of decision-model.md section 4, each in the file of that name.
void check_identity(Context& context);
void check_purpose(Context& context);
void check_basis(Context& context);
void check_special_data(Context& context);
void check_necessity(Context& context);
void check_linkage(Context& context);
void check_algorithm(Context& context);
void check_accountability(Context& context);

std::vector<ElementIndex> listed(const ElementSet& set);
// That evidence for `name` is there and holds on that day.
bool shown(const std::vector<Evidence>& evidence, std::string_view name, Date day);
// That the person stands to the controller in one of these capacities on that day: a former client is no client.
bool stands(const std::vector<Relation>& relations, const std::vector<std::string>& capacities, Date day);

}  // namespace koppelpoort
