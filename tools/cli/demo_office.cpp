#include "tools/cli/demo_office.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "adapters/files/files.hpp"
#include "gateway/accounts/one_time_code.hpp"
#include "gateway/accounts/password.hpp"
#include "gateway/accounts/sign_in.hpp"
#include "gateway/keys/key_settings.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/workflow/workflow.hpp"
#include "tools/cli/command.hpp"

namespace koppelpoort::cli {
namespace {

namespace fs = std::filesystem;

struct Invented {
  const char *login, *name;
  AccountRole role;
  const char* role_nl;
};
constexpr Invented people[] = {{"anouk", "Anouk Aanvrager", AccountRole::requester, "aanvrager: schrijft doelen op"},
                               {"fatma", "Fatma Gegevensbescherming", AccountRole::fg, "FG: adviseert"},
                               {"bas", "Bas Bestuur", AccountRole::board, "bestuur: tekent"},
                               {"omar", "Omar Operatie", AccountRole::ops, "operationeel beheerder: ziet weigeringen"},
                               {"tess", "Tess Toezicht", AccountRole::auditor, "auditor: leest alles"},
                               {"bea", "Bea Beheer", AccountRole::administrator, "functioneel beheerder: accounts"}};

Instant now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

Proposal done(Outcome<Proposal> outcome) {
  if (auto* refused = std::get_if<Refused>(&outcome)) {
    std::string text = refused->en;
    for (const auto& reason : refused->reasons) text += "\n" + reason;
    throw Failure("the demo's proposal: " + text);
  }
  return std::get<Proposal>(std::move(outcome));
}

}  // namespace

DemoOffice::DemoOffice(const Config& config, const std::string& organisation, const std::string& data)
    : secret_(random_code_secret()) {
  Accounts accounts(config.accounts_file(), Database::Mode::create);
  const auto keys = open_keys(config.keys());
  const std::string hash = hash_of_password(password);
  for (const auto& each : people) {
    Account account;
    account.id = std::string("a-") + each.login;
    account.organisation = organisation;
    account.login = each.login;
    account.name = each.name;
    account.identity = std::string(each.login) + "@voorbeeldstad.example";
    account.roles = {each.role};
    account.password = hash;
    account.secret = keys->wrap(secret_);
    accounts.add(account, {0, now(), account.id, "demo", "account made", "demo"});
  }
  const auto all = accounts.all();
  const auto actor = [&](const char* login) { return actor_of(*accounts.with_login(login), all); };
  Workflow workflow(config, knowledge_or_fail(config.knowledge), [] {});
  std::vector<std::string> files;
  for (const auto& item : fs::directory_iterator(data))
    if (item.path().filename().string().starts_with("voorstel-")) files.push_back(item.path().string());
  std::ranges::sort(files);
  for (const auto& file : files) {
    Proposal made = done(workflow.create(actor("anouk"), read_file(file), "inkomen", now()));
    made = done(workflow.take(actor("anouk"), made.id, Step::submit, "Graag uw advies over dit doel.", {}, made.version,
                              now()));
    if (file.find("getoetst") != std::string::npos)
      done(workflow.take(actor("fatma"), made.id, Step::advise,
                         "Noodzaak per gegeven beschreven, grondslag past bij de taak, DPIA is actueel.", {},
                         made.version, now()));
  }
}

std::string DemoOffice::accounts() const {
  std::string text;
  for (const auto& each : people) {
    std::string login = each.login;
    login.resize(8, ' ');
    text += "   " + login + each.role_nl + "\n";
  }
  return text;
}

std::string DemoOffice::code_only(std::int64_t at) const { return code_at(secret_, at); }

std::string DemoOffice::code(std::int64_t at) const {
  return code_only(at) + ", nog " + std::to_string(code_period - at % code_period) + " s ";
}

}  // namespace koppelpoort::cli
