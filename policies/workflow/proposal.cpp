#include "policies/workflow/proposal.hpp"

#include <stdexcept>
#include <utility>

namespace koppelpoort {
namespace {

constexpr std::pair<std::string_view, ProposalState> states[] = {
    {"draft", ProposalState::draft},     {"submitted", ProposalState::submitted},
    {"advised", ProposalState::advised}, {"refused", ProposalState::refused},
    {"active", ProposalState::active},   {"withdrawn", ProposalState::withdrawn}};

constexpr std::pair<std::string_view, Step> steps[] = {{"create", Step::create},
                                                       {"edit", Step::edit},
                                                       {"submit", Step::submit},
                                                       {"ask", Step::ask},
                                                       {"answer", Step::answer},
                                                       {"advise", Step::advise},
                                                       {"advise-with-conditions", Step::advise_with_conditions},
                                                       {"advise-against", Step::advise_against},
                                                       {"send-back", Step::send_back},
                                                       {"sign", Step::sign},
                                                       {"withdraw", Step::withdraw}};

constexpr std::size_t reasons_least = 10;

bool is_from(ProposalState state, Step step) {
  switch (step) {
    case Step::create: return false;
    case Step::edit:
    case Step::submit: return state == ProposalState::draft;
    case Step::ask:
    case Step::answer: return state != ProposalState::withdrawn;
    case Step::advise:
    case Step::advise_with_conditions:
    case Step::advise_against: return state == ProposalState::submitted;
    case Step::send_back: return state == ProposalState::submitted || state == ProposalState::advised;
    case Step::sign: return state == ProposalState::advised;
    case Step::withdraw:
      return state == ProposalState::draft || state == ProposalState::submitted || state == ProposalState::advised;
  }
  return false;
}

std::string_view why_not(ProposalState state, Step step, bool dutch) {
  switch (step) {
    case Step::edit:
    case Step::submit:
      return dutch ? "Alleen een concept kan worden gewijzigd of ingediend. Maak een nieuw voorstel, of laat dit "
                     "terugsturen."
                   : "Only a draft can be changed or submitted. Make a new proposal, or have this one sent back.";
    case Step::sign:
      if (state == ProposalState::refused)
        return dutch
                   ? "De FG adviseerde hiertegen; er kan niet worden getekend. Maak een nieuw voorstel dat aan de "
                     "bezwaren tegemoetkomt."
                   : "The FG advised against this; it cannot be signed. Make a new proposal that meets the objections.";
      return dutch ? "Tekenen kan pas na het advies van de FG." : "It can be signed only after the FG's advice.";
    case Step::withdraw: return dutch ? "Dit voorstel is al afgehandeld." : "This proposal is closed already.";
    case Step::ask:
    case Step::answer: return dutch ? "Dit voorstel is ingetrokken." : "This proposal was withdrawn.";
    default:
      return dutch ? "Advies kan alleen over een ingediend voorstel." : "Advice is only on a submitted proposal.";
  }
}

bool needs_reasons(Step step) { return step != Step::create && step != Step::edit; }

}  // namespace

std::string_view name_of(ProposalState state) { return states[static_cast<std::size_t>(state)].first; }
std::string_view name_of(Step step) { return steps[static_cast<std::size_t>(step)].first; }

std::optional<Step> step_named(std::string_view name) {
  for (const auto& [known, step] : steps)
    if (known == name) return step;
  return std::nullopt;
}

Right right_of(Step step) {
  switch (step) {
    case Step::create:
    case Step::edit: return Right::write_proposal;
    case Step::submit: return Right::submit;
    case Step::ask:
    case Step::answer: return Right::comment;
    case Step::advise:
    case Step::advise_with_conditions:
    case Step::advise_against:
    case Step::send_back: return Right::advise;
    case Step::sign: return Right::sign;
    case Step::withdraw: return Right::write_proposal;
  }
  return Right::manage_accounts;
}

std::string_view fault_of_step(const Proposal* proposal, Step step, std::string_view text, bool dutch) {
  if (proposal == nullptr)
    return step == Step::create ? std::string_view()
           : dutch              ? "Dit voorstel is er niet."
                                : "There is no such proposal.";
  if (!is_from(proposal->state, step)) return why_not(proposal->state, step, dutch);
  if (needs_reasons(step) && text.size() < reasons_least)
    return dutch ? "Geef een toelichting van ten minste tien tekens." : "Give reasons of at least ten characters.";
  return {};
}

void apply_event(std::map<std::string, Proposal>& proposals, const ProposalEvent& event) {
  const auto known = proposals.find(event.proposal);
  if (!fault_of_step(known == proposals.end() ? nullptr : &known->second, event.step, event.text, false).empty())
    throw std::runtime_error("proposal event " + std::to_string(event.version) + " cannot follow what is before it");
  Proposal& proposal = proposals[event.proposal];
  proposal.version = event.version;
  switch (event.step) {
    case Step::create:
      proposal.id = event.proposal;
      proposal.organisation = event.organisation;
      proposal.created_at = event.at;
      [[fallthrough]];
    case Step::edit:
      proposal.content = event.content;
      proposal.content_version = event.version;
      proposal.project = event.project;
      proposal.contributors.insert(event.identity);
      break;
    case Step::submit:
      proposal.state = ProposalState::submitted;
      proposal.submitter = event.identity;
      proposal.submitter_account = event.account;
      proposal.submitted_at = event.at;
      proposal.contributors.insert(event.identity);
      break;
    case Step::ask:
    case Step::answer: break;
    case Step::advise:
    case Step::advise_with_conditions:
    case Step::advise_against:
      proposal.state = event.step == Step::advise_against ? ProposalState::refused : ProposalState::advised;
      proposal.adviser = event.identity;
      proposal.adviser_account = event.account;
      proposal.advised_at = event.at;
      proposal.advised_on = event.registers;
      proposal.conditions = event.step == Step::advise_with_conditions ? event.text : std::string();
      break;
    case Step::send_back: proposal.state = ProposalState::draft; break;
    case Step::sign:
      proposal.state = ProposalState::active;
      proposal.signer_account = event.account;
      proposal.signed_at = event.at;
      break;
    case Step::withdraw: proposal.state = ProposalState::withdrawn; break;
  }
  proposal.events.push_back(event);
  proposal.events.back().content.clear();
}

}  // namespace koppelpoort
