// `/beheer/v1/sessies` and `/accounts`: who is signed in, and who may.
#include <boost/algorithm/string/case_conv.hpp>

#include "gateway/accounts/one_time_code.hpp"
#include "gateway/accounts/password.hpp"
#include "gateway/api/api.hpp"
#include "gateway/api/names.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

std::string set_cookie(const std::string& token) {
  std::string cookie = "__Host-koppelpoort=";
  cookie.append(token).append("; Path=/; Secure; HttpOnly; SameSite=Strict");
  return cookie;
}

json::object account_of(const Account& account) {
  json::array roles, projects;
  for (const AccountRole role : account.roles) roles.emplace_back(dutch_name(role));
  for (const auto& project : account.projects) projects.emplace_back(project);
  return {{"id", account.id},
          {"aanmeldnaam", account.login},
          {"naam", account.name},
          {"organisatie", account.organisation},
          {"rollen", std::move(roles)},
          {"projecten", std::move(projects)},
          {"werkgever", account.employer},
          {"uitgeschakeld", account.disabled},
          {"wachtOpBevestiging", !account.waits_for.empty()}};
}

AccountRoles roles_in(const json::object& body, Language language) {
  AccountRoles roles;
  for (const auto& name : texts_of(body, "rollen", language)) {
    const auto role = role_in_dutch(name);
    if (!role)
      throw Problem(400, in(language, "Ongeldige invoer", "Invalid input"),
                    in(language, "Deze rol is er niet: ", "There is no such role: ") + name);
    roles.insert(*role);
  }
  return roles;
}

// What people are compared by: one word in small letters, so that nobody is two persons, or of two projects, by a
// space.
std::string word_in(std::string_view member, const std::string& text, Language language) {
  if (!is_one_word(text))
    throw Problem(422, in(language, "Ongeldige invoer", "Invalid input"),
                  "/" + std::string(member) +
                      in(language, ": zonder spaties, en niet leeg.", ": without spaces, and not empty."));
  return boost::algorithm::to_lower_copy(text);
}

void fill(Account& account, const json::object& body, Language language) {
  account.name = text_of(body, "naam", language);
  account.identity = word_in("email", text_of(body, "email", language), language);
  account.employer = text_if(body, "werkgever", language);
  account.roles = roles_in(body, language);
  account.projects.clear();
  for (const auto& project : texts_of(body, "projecten", language))
    account.projects.insert(word_in("projecten", project, language));
}

// Two accounts of one person are no way around what one account cannot be.
void check_roles(const Account& account, const std::vector<Account>& all, Language language) {
  const std::string title = in(language, "Rollen gaan niet samen", "Roles do not go together");
  if (const auto fault = fault_of_roles(account.roles); !fault.empty()) throw Problem(422, title, std::string(fault));
  if (account.disabled) return;
  if (const auto fault = fault_of_roles(roles_held(account, all)); !fault.empty())
    throw Problem(422, title,
                  in(language, "Deze persoon heeft nog een account met een andere rol: ",
                     "This person has another account with another role: ") +
                      std::string(fault));
}

Problem changed_meanwhile(Language language) {
  return {409, in(language, "Intussen gewijzigd", "Changed meanwhile"),
          in(language, "Dit account is intussen gewijzigd. Bekijk het opnieuw.",
             "This account was changed meanwhile. Look at it again.")};
}

std::string words_of(const AccountRoles& roles) {
  std::string words;
  for (const AccountRole role : roles) words += (words.empty() ? "" : " ") + std::string(name_of(role));
  return words;
}

}  // namespace

// Who is signed in, what they may, and what must go with every change.
json::object Api::signed_in_as(const Account& account, const std::string& csrf) {
  json::object body = account_of(account);
  json::array may;
  for (const Right right : all_rights())
    if (any_may(account.roles, right, true)) may.emplace_back(dutch_name(right));
  body["rechten"] = std::move(may);
  body["organisatieNaam"] = name_of_organisation(workflow_.registers(), account.organisation);
  body["wachtwoordWijzigen"] = account.must_change;
  body["csrf"] = csrf;
  return body;
}

Answer Api::sign_in(const Call& call) {
  std::string password = text_of(call.body, "wachtwoord", call.language);
  auto signed_in = sign_in_.sign_in(text_of(call.body, "aanmeldnaam", call.language), password,
                                    text_of(call.body, "code", call.language), call.now);
  wipe(password);
  if (!signed_in)
    throw Problem(
        401, in(call.language, "Aanmelden mislukt", "Signing in failed"),
        in(call.language, "Naam, wachtwoord of code klopt niet. Na vijf keer is het account een kwartier dicht.",
           "Name, password or code is wrong. After five times the account is closed for a quarter of an hour."));
  json::object body = signed_in_as(signed_in->account, signed_in->csrf);
  Answer answer = answer_of(201, body);
  answer.headers.emplace_back("Set-Cookie", set_cookie(signed_in->token));
  answer.headers.emplace_back("Location", "/beheer/v1/sessies/huidige");
  return answer;
}

Answer Api::sign_out(const Call& call) {
  sign_in_.sign_out(call.caller->known, call.now);
  Answer answer;
  answer.status = 204;
  answer.headers.emplace_back("Set-Cookie", set_cookie({}) + "; Max-Age=0");
  return answer;
}

Answer Api::who(const Call& call) {
  return answer_of(200, signed_in_as(call.caller->known.account, SignIn::csrf_of(cookie_of(call.request))));
}

Answer Api::change_password(const Call& call) {
  Account account = call.caller->known.account;
  std::string before = text_of(call.body, "huidig", call.language), next = text_of(call.body, "nieuw", call.language);
  const bool knows = password_fits(before, account.password);
  const auto fault = fault_of_password(next, account.login);
  if (knows && fault.empty()) account.password = hash_of_password(next);
  wipe(before);
  wipe(next);
  if (!knows)
    throw Problem(403, in(call.language, "Niet toegestaan", "Not allowed"),
                  in(call.language, "Het huidige wachtwoord klopt niet.", "The present password is wrong."));
  if (!fault.empty())
    throw Problem(422, in(call.language, "Wachtwoord niet goed", "Password not good"),
                  in(call.language, "Kies ten minste twaalf tekens, zonder de aanmeldnaam erin.",
                     "Choose at least twelve characters, without the login name in them."));
  account.must_change = false;
  if (!accounts_.replace(call.caller->known.account, account,
                         {0, instant_at(call.now), account.id, account.id, "password changed", ""}))
    throw changed_meanwhile(call.language);
  accounts_.end_all(account.id);
  Answer answer;
  answer.status = 204;
  return answer;
}

// Who confirms sees whom, and with which roles.
Answer Api::list_accounts(const Call& call) {
  if (!any_may(call.caller->actor.roles, Right::confirm_accounts, true)) need(call, Right::manage_accounts);
  const auto accounts = accounts_.all();
  std::vector<const Account*> all;
  for (const auto& account : accounts)
    if (account.organisation == call.caller->actor.organisation) all.push_back(&account);
  return page_of(all, call.request, call.language, account_of);
}

Answer Api::add_account(const Call& call) {
  need(call, Right::manage_accounts);
  Account account;
  account.id = random_account_id();
  account.organisation = call.caller->actor.organisation;
  account.login = boost::algorithm::to_lower_copy(text_of(call.body, "aanmeldnaam", call.language));
  fill(account, call.body, call.language);
  if (accounts_.with_login(account.login))
    throw Problem(409, in(call.language, "Bestaat al", "Exists already"),
                  in(call.language, "Deze aanmeldnaam is al in gebruik.", "This login name is in use already."));
  check_roles(account, accounts_.all(), call.language);
  const Enrolment enrolment = enrol(account, means_.keys);
  if (decides(account.roles)) account.waits_for = call.caller->actor.identity;
  accounts_.add(account, {0, instant_at(call.now), account.id, call.caller->actor.account, "account made",
                          words_of(account.roles)});
  json::object body = account_of(account);
  body["wachtwoord"] = enrolment.password;
  body["codesleutel"] = enrolment.code_address;
  Answer answer = answer_of(201, body);
  answer.headers.emplace_back("Location", "/beheer/v1/accounts/" + account.id);
  return answer;
}

Account Api::own_account(const Call& call) {
  auto account = accounts_.find(call.path[1]);
  if (account && account->organisation == call.caller->actor.organisation) return *account;
  throw Problem(404, in(call.language, "Niet gevonden", "Not found"),
                in(call.language, "Dit account is er niet.", "There is no such account."));
}

Answer Api::change_account(const Call& call) {
  need(call, Right::manage_accounts);
  Account account = own_account(call);
  const Account before = account;
  fill(account, call.body, call.language);
  const json::value* disabled = call.body.if_contains("uitgeschakeld");
  account.disabled = disabled != nullptr && disabled->is_bool() && disabled->get_bool();
  const auto all = accounts_.all();
  check_roles(account, all, call.language);
  // Who gives a right to decide, or changes what a conflict of interest is seen by, is not the only one who says so: on
  // any account of a person who decides.
  const bool concerns_decisions =
      decides(roles_held(account, all)) || (account.identity != before.identity && decides(roles_held(before, all)));
  const bool comes_back = before.disabled && !account.disabled;
  const auto matters = [](const Account& of) { return std::tie(of.roles, of.identity, of.employer, of.projects); };
  if (!concerns_decisions)
    account.waits_for.clear();
  else if (comes_back || matters(account) != matters(before))
    account.waits_for = call.caller->actor.identity;
  if (account.id == call.caller->actor.account && (account.disabled || account.roles != before.roles))
    throw Problem(403, in(call.language, "Niet toegestaan", "Not allowed"),
                  in(call.language, "Uw eigen rechten wijzigt een andere beheerder.",
                     "Another administrator changes your own rights."));
  if (!accounts_.replace(before, account,
                         {0, instant_at(call.now), account.id, call.caller->actor.account,
                          account.disabled ? "account disabled" : "rights changed",
                          words_of(before.roles) + " -> " + words_of(account.roles)}))
    throw changed_meanwhile(call.language);
  if (account.disabled || account.roles != before.roles || !account.waits_for.empty()) accounts_.end_all(account.id);
  return answer_of(200, account_of(account));
}

// New secrets for somebody who lost theirs.
Answer Api::recover_account(const Call& call) {
  need(call, Right::manage_accounts);
  Account account = own_account(call);
  const Account before = account;
  const Enrolment enrolment = enrol(account, means_.keys);
  if (decides(account.roles)) account.waits_for = call.caller->actor.identity;
  if (!accounts_.replace(before, account,
                         {0, instant_at(call.now), account.id, call.caller->actor.account, "secrets renewed",
                          reasons_of(call.body, call.language)}))
    throw changed_meanwhile(call.language);
  accounts_.end_all(account.id);
  return answer_of(201, json::object{{"wachtwoord", enrolment.password}, {"codesleutel", enrolment.code_address}});
}

// The second pair of eyes on who may advise, sign or keep accounts: not who gave the right, nor who gets it.
Answer Api::confirm_account(const Call& call) {
  need(call, Right::confirm_accounts);
  Account account = own_account(call);
  const Account before = account;
  if (account.waits_for.empty())
    throw Problem(409, in(call.language, "Nu niet mogelijk", "Not possible now"),
                  in(call.language, "Dit account wacht op niets.", "This account waits for nothing."));
  const std::string& identity = call.caller->actor.identity;
  if (identity == account.waits_for || identity == account.identity)
    throw Problem(403, in(call.language, "Belangenconflict", "Conflict of interest"),
                  in(call.language, "Iemand anders bevestigt dit: niet wie het recht gaf, en niet wie het krijgt.",
                     "Somebody else confirms this: not who gave the right, nor who gets it."));
  account.waits_for.clear();
  if (!accounts_.replace(before, account,
                         {0, instant_at(call.now), account.id, call.caller->actor.account, "account confirmed",
                          reasons_of(call.body, call.language)}))
    throw changed_meanwhile(call.language);
  return answer_of(200, account_of(account));
}

}  // namespace koppelpoort::api
