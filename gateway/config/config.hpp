// The one configuration file, typed. Every key is described in docs/configuration.md; unknown keys are refused.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/api/settings.hpp"
#include "gateway/audit/settings.hpp"
#include "gateway/custody/custodians.hpp"
#include "gateway/export/settings.hpp"
#include "gateway/keys/key_settings.hpp"
#include "gateway/keys/retention.hpp"
#include "gateway/tls/context.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

// Which request headers carry which claim. A claim is checked against certificate and register, never believed.
// An empty name means that this claim is not sent.
struct HeaderNames {
  std::string purpose = "x-doelbinding";
  std::string origin = "x-origin-oin";  // for whom the caller acts
  std::string user = "x-gebruiker";
  std::string application = "x-toepassing";
  std::string processing = "x-verwerking";
  std::string signal = "x-signaal";   // reference of the individual reason
  std::string evidence = "x-bewijs";  // `entry/condition=reference`, separated by semicolons
};

struct Config {
  std::string file;
  std::string node = "koppelpoort";
  std::string data;                   // folder of registers, ledger and keys
  std::string knowledge;              // folder that holds legal_bases/ and policies/
  std::vector<std::string> mappings;  // folders with mapping files

  std::string address = "0.0.0.0";
  std::uint16_t port = 8443;
  int threads = 0;  // 0: one per core
  TlsFiles listener_tls, upstream_tls;
  bool allow_local_upstreams = false;  // providers on loopback or link-local addresses: only for trying out

  TokenSettings token;  // no module: keys lie in files
  Retention retention;

  AuditSettings audit;
  std::vector<ExportSettings> exports;
  std::vector<Custodian> custodians;  // who may look into the ledger, or take from it

  std::optional<ConsoleSettings> console;  // nothing: people keep the registers in files

  std::string management_address = "127.0.0.1";
  std::uint16_t management_port = 8081;

  Settings settings;
  int history_days = 30;  // how long what was obtained about a person counts (KP-602)
  HeaderNames headers;
  std::map<std::string, HeaderNames> headers_of;  // by the caller's OIN

  std::chrono::seconds registers_stale_after{60};
  std::string log_level = "info";

  std::string registers_file() const { return data + "/registers.sqlite"; }
  std::string relations_file() const { return data + "/relations.sqlite"; }
  std::string accounts_file() const { return data + "/accounts.sqlite"; }
  std::string releases_file() const { return data + "/releases.sqlite"; }
  std::string ledger_folder() const { return data + "/ledger"; }
  std::string control_file() const { return data + "/control"; }
  std::string export_folder() const { return data + "/export"; }
  std::string index_file() const { return data + "/ledger-index.sqlite"; }
  std::string witness_folder() const { return data + "/witness"; }
  std::string witness_key_file() const { return data + "/witness.key"; }
  std::string ledger_key_file() const { return data + "/ledger.key"; }
  KeySettings keys() const { return {data + "/keys", token}; }
  std::string data_keys_file() const { return data + "/data-keys.sqlite"; }
  const HeaderNames& headers_for(const std::string& oin) const;
};

// Relative paths in the file are relative to its folder. Nothing with problems.
std::optional<Config> read_config(const TomlDocument& document, const std::string& path, Problems& problems);
std::optional<Config> load_config(const std::string& path, Problems& problems);

// Where the catalogue lies when the configuration does not say: beside the program, or where it was installed.
std::string default_knowledge_folder();

}  // namespace koppelpoort
