// `koppelpoort user add|list|recover|disable`: the first accounts, and help for who is locked out.
#include <unistd.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <chrono>
#include <iostream>

#include "gateway/accounts/sign_in.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/keys/key_settings.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct UserOptions {
  std::string config, login, name, email, organisation, employer, reason;
  std::vector<std::string> roles, projects;
  bool json = false;
};

AccountEvent event_of(const Account& account, const char* what, const std::string& detail) {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return {0, now, account.id, "cli:" + login_of(::getpid(), ::getuid()), what, detail};
}

void print_enrolment(const Account& account, const Enrolment& enrolment, bool as_json) {
  if (as_json) {
    std::cout << json::serialize(json::object{{"id", account.id},
                                              {"login", account.login},
                                              {"password", enrolment.password},
                                              {"code_address", enrolment.code_address}})
              << "\n";
    return;
  }
  std::cout << "account " << account.id << ", login " << account.login << "\npassword: " << enrolment.password
            << "\nauthenticator app: " << enrolment.code_address << "\nGive both to " << account.name
            << ", and to nobody else; they are not shown again.\n";
}

Account found(Accounts& accounts, const std::string& login) {
  auto account = accounts.with_login(boost::algorithm::to_lower_copy(login));
  if (!account) throw Failure("there is no account `" + login + "`; see `koppelpoort user list`");
  return *account;
}

// The gate writes there too: every sign-in counts.
void change(Accounts& accounts, const Account& before, Account& account, const AccountEvent& event) {
  constexpr int tries = 20;
  Account seen = before;
  for (int i = 0; i < tries; ++i) {
    if (accounts.replace(seen, account, event)) return;
    seen = accounts.find(account.id).value();
    account.last_code = std::max(account.last_code, seen.last_code);
    account.failures = seen.failures;
    account.locked_until = seen.locked_until;
  }
  throw Failure("the account is changed all the time; stop the gate and try again");
}

int add(const UserOptions& options) {
  const Config config = config_or_fail(options.config);
  const auto keys = open_keys(config.keys());
  Accounts accounts(config.accounts_file(), Database::Mode::create);
  Account account;
  account.id = random_account_id();
  account.organisation = options.organisation;
  account.login = boost::algorithm::to_lower_copy(options.login);
  account.name = options.name;
  account.identity = boost::algorithm::to_lower_copy(options.email);
  account.employer = options.employer;
  for (const auto& project : options.projects) account.projects.insert(boost::algorithm::to_lower_copy(project));
  if (!is_one_word(account.identity) || !std::ranges::all_of(account.projects, is_one_word))
    throw Failure("--email and --project are one word each, without spaces");
  std::string roles;
  for (const auto& name : options.roles) {
    const auto role = role_named(name);
    if (!role) {
      std::string known;
      for (const AccountRole each : account_roles()) known += (known.empty() ? "" : ", ") + std::string(name_of(each));
      throw Failure("there is no role `" + name + "`; there are " + known);
    }
    account.roles.insert(*role);
    roles += (roles.empty() ? "" : " ") + name;
  }
  if (!is_oin(account.organisation)) throw Failure("--organisation must be an OIN: twenty digits or capitals");
  if (accounts.with_login(account.login)) throw Failure("the login `" + account.login + "` is in use already");
  if (const auto fault = fault_of_roles(roles_held(account, accounts.all())); !fault.empty())
    throw Failure("under all accounts of this person: " + std::string(fault));
  const Enrolment enrolment = enrol(account, *keys);
  accounts.add(account, event_of(account, "account made", roles));
  print_enrolment(account, enrolment, options.json);
  return exit_yes;
}

int list(const UserOptions& options) {
  const Config config = config_or_fail(options.config);
  json::array all;
  for (const auto& account : Accounts(config.accounts_file(), Database::Mode::read).all()) {
    std::string roles;
    for (const AccountRole role : account.roles) roles += (roles.empty() ? "" : " ") + std::string(name_of(role));
    if (options.json)
      all.push_back({{"id", account.id},
                     {"login", account.login},
                     {"name", account.name},
                     {"organisation", account.organisation},
                     {"roles", roles},
                     {"disabled", account.disabled}});
    else
      std::cout << account.login << "  " << account.name << "  " << account.organisation << "  " << roles
                << (account.disabled ? "  (disabled)" : "") << "\n";
  }
  if (options.json) std::cout << json::serialize(all) << "\n";
  return exit_yes;
}

int recover(const UserOptions& options) {
  const Config config = config_or_fail(options.config);
  const auto keys = open_keys(config.keys());
  Accounts accounts(config.accounts_file(), Database::Mode::write);
  Account account = found(accounts, options.login);
  const Account before = account;
  const Enrolment enrolment = enrol(account, *keys);
  change(accounts, before, account, event_of(account, "secrets renewed", options.reason));
  accounts.end_all(account.id);
  print_enrolment(account, enrolment, options.json);
  return exit_yes;
}

int disable(const UserOptions& options) {
  const Config config = config_or_fail(options.config);
  Accounts accounts(config.accounts_file(), Database::Mode::write);
  Account account = found(accounts, options.login);
  const Account before = account;
  account.disabled = true;
  change(accounts, before, account, event_of(account, "account disabled", options.reason));
  accounts.end_all(account.id);
  std::cout << account.login << " can no longer sign in\n";
  return exit_yes;
}

}  // namespace

void add_user(CLI::App& app, int& result) {
  auto options = std::make_shared<UserOptions>();
  auto* command = app.add_subcommand("user", "who may sign in to the management API");
  command->require_subcommand(1);
  const auto with_config = [&](CLI::App* each) {
    each->add_option("--config", options->config, "configuration of the gate")->required();
    each->add_flag("--json", options->json, "for machines");
  };
  auto* added = command->add_subcommand("add", "make an account; prints its password and code secret once");
  with_config(added);
  added->add_option("login", options->login, "name to sign in with")->required();
  added->add_option("--name", options->name, "of the person")->required();
  added->add_option("--email", options->email, "of the person; two accounts of one person have the same")->required();
  added->add_option("--organisation", options->organisation, "OIN")->required();
  added
      ->add_option("--role", options->roles,
                   "requester, owner, fg, fg-deputy, board, works-council, ops, auditor, subject-desk, administrator")
      ->required();
  added->add_option("--employer", options->employer, "OIN of who pays this person, when that is another organisation");
  added->add_option("--project", options->projects, "that this person works on");
  added->footer(
      "Example: koppelpoort user add --config koppelpoort.toml fatma --name \"F. de Vries\" --email "
      "f.devries@voorbeeldstad.example --organisation 00000099000000001000 --role fg");
  added->callback([options, &result] { result = add(*options); });

  auto* listed = command->add_subcommand("list", "the accounts and their roles");
  with_config(listed);
  listed->footer("Example: koppelpoort user list --config koppelpoort.toml");
  listed->callback([options, &result] { result = list(*options); });

  const auto with_reason = [&](CLI::App* each) {
    with_config(each);
    each->add_option("login", options->login, "whose")->required();
    each->add_option("--reason", options->reason, "why; stays on record")->required();
  };
  auto* recovered = command->add_subcommand("recover", "a new password and code secret, for who lost theirs");
  with_reason(recovered);
  recovered->footer("Example: koppelpoort user recover --config koppelpoort.toml fatma --reason \"lost phone\"");
  recovered->callback([options, &result] { result = recover(*options); });

  auto* disabled = command->add_subcommand("disable", "this person can no longer sign in; ends every session");
  with_reason(disabled);
  disabled->footer("Example: koppelpoort user disable --config koppelpoort.toml fatma --reason \"left\"");
  disabled->callback([options, &result] { result = disable(*options); });
}

}  // namespace koppelpoort::cli
