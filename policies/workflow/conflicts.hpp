// Conflicts of interest: whether this person may judge this matter, whatever their role says (art. 38(6) AVG; decision
// model, section 6; sector picture, R19-R23).
#pragma once

#include <string>
#include <string_view>

#include "policies/workflow/rights.hpp"

namespace koppelpoort {

// Somebody who acts. `identity` is the person behind the account: a verified e-mail address or the subject of an
// identity provider, in lower case. Two accounts of one person have one identity.
struct Actor {
  std::string account, identity;
  std::string organisation;         // OIN
  std::set<std::string> employers;  // OINs of who else pays them, or has them, under any account
  AccountRoles roles;               // of this account
  AccountRoles held;                // in this organisation, under all accounts of this person
  std::set<std::string> projects;   // that they work on, under any account
  std::set<std::string> advises;    // organisations whose FG or deputy this person is, under any account
};

// Identities and projects are compared as they stand: one word in small letters each.
bool is_one_word(std::string_view text);

// What is judged.
struct Matter {
  std::string controller;
  std::set<std::string> providers;   // of the services that it asks
  std::set<std::string> processors;  // who act for the controller
  std::string project;
  std::string submitter;               // identity
  std::set<std::string> contributors;  // identities of all who wrote in it
  std::string adviser;                 // identity; empty before the advice
};

enum class Conflict : std::uint8_t {
  none,
  other_organisation,
  submitted,         // they asked for it
  contributed,       // they wrote in it
  project,           // they work on the project that it serves
  advised,           // who advises does not sign
  advises_provider,  // FG of both parties
  processor,         // paid by who processes for the controller
  provider,          // paid by who provides
  roles              // of theirs that do not go together
};

// Of advising and signing; other operations have none.
Conflict conflict_of(const Actor& actor, Right right, const Matter& matter);

// Why, and what can be done, in one sentence each.
std::string_view text_of(Conflict conflict, bool dutch);

}  // namespace koppelpoort
