// `koppelpoort init FOLDER`: a folder with empty registers, an empty ledger, keys and a configuration to fill in.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/store/sqlite/data_keys.hpp"
#include "adapters/store/sqlite/ledger_index.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/keys/key_files.hpp"
#include "gateway/ledger/note.hpp"
#include "tools/cli/command.hpp"

namespace koppelpoort::cli {
namespace {

constexpr const char* configuration =
    R"(# Koppelpoort. Every key: docs/configuration.md. Check with `koppelpoort serve --config THIS --check-config`.

[node]
name = "poort-1"
data = "data"                       # registers, ledger and keys

[listener]
address = "0.0.0.0"
port = 8443
certificate = "tls/certificate.pem" # the gate's own PKIoverheid certificate, chain included
key = "tls/key.pem"
authorities = "tls/authorities.pem" # the only roots whose client certificates are accepted
revocations = "tls/revocations.pem" # CRLs of every authority in the chain

[upstream]                          # with which the gate calls providers
certificate = "tls/certificate.pem"
key = "tls/key.pem"
authorities = "tls/authorities.pem"
revocations = "tls/revocations.pem"

[management]                        # health and metrics, plain HTTP: keep it local
address = "127.0.0.1"
port = 8081

[catalogue]
# Entries that no lawyer has released yet decide only when their confidence stands here.
accept_unreleased = []

# Who may look into the ledger; every look is itself recorded. Roles: reader (what was decided, without persons),
# subject-desk (answers persons), auditor (records with their private parts), keeper (erases and holds).
[[custodian]]
roles = ["reader"]
)";

void make_folder(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
}

int init(const std::string& name) {
  const std::filesystem::path folder(name);
  const auto data = folder / "data";
  if (std::filesystem::exists(data / "registers.sqlite"))
    throw Failure(name + ": there is a gate here already; nothing was changed");
  ::umask(077);
  make_folder(folder);
  make_folder(data);
  make_folder(data / "ledger");
  make_folder(folder / "tls");
  RegisterEvents::create((data / "registers.sqlite").string());
  const LedgerIndex index((data / "ledger-index.sqlite").string(), Database::Mode::create);
  KeyFiles::create((data / "keys").string());
  const DataKeyStore data_keys((data / "data-keys.sqlite").string(), Database::Mode::create);
  NoteSigner::create_key((data / "ledger.key").string());
  NoteSigner::create_key((data / "witness.key").string());
  const auto file = folder / "koppelpoort.toml";
  if (!std::filesystem::exists(file))
    std::ofstream(file) << configuration << "user = \"" << login_of(::getpid(), ::getuid()) << "\"\n";
  std::cout << "made " << name << ". Next: put certificates in " << (folder / "tls").string() << ", read "
            << file.string() << ", then `koppelpoort serve --config " << file.string() << " --check-config`\n"
            << "Back up " << (data / "keys").string()
            << " apart from the rest: whoever has it can recognise persons.\nBack up " << (data / "ledger.key").string()
            << " too: it signs the ledger; without it the ledger cannot go on.\n";
  return exit_yes;
}

}  // namespace

void add_init(CLI::App& app, int& result) {
  auto folder = std::make_shared<std::string>();
  auto* command = app.add_subcommand("init", "make the folder of a new gate");
  command->add_option("folder", *folder, "where")->required();
  command->footer("Example: koppelpoort init /var/lib/koppelpoort");
  command->callback([folder, &result] { result = init(*folder); });
}

}  // namespace koppelpoort::cli
