#include "gateway/config/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <filesystem>

#include "adapters/files/files.hpp"
#include "gateway/upstream/endpoint.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;

class ConfigReader {
 public:
  explicit ConfigReader(std::string path) : folder_(fs::absolute(path).parent_path()) {
    config_.file = std::move(path);
  }

  Config read(TomlTable root) {
    config_.knowledge = default_knowledge_folder();
    read_node(root);
    read_listener(root);
    read_upstream(root);
    read_management(root);
    read_console(root);
    read_catalogue(root);
    read_keys(root);
    read_audit(root);
    for (auto& table : root.tables("export")) read_export(table);
    for (auto& table : root.tables("custodian")) read_custodian(table);
    read_retention(root);
    read_decision(root);
    if (auto table = root.table("headers")) config_.headers = read_headers(*table, {});
    for (auto& table : root.tables("connection")) {
      const std::string oin = table.text("oin");
      if (!is_oin(oin)) table.problem("oin", "`oin` must be an OIN: twenty digits or capitals");
      config_.headers_of[oin] = read_headers(table, config_.headers);
    }
    root.done();
    return std::move(config_);
  }

 private:
  std::string path(TomlTable& table, std::string_view key) { return absolute(table.text(key)); }
  std::string absolute(const std::string& text) const {
    return text.empty() ? text : (folder_ / text).lexically_normal().string();
  }

  static bool names_a_log(std::string_view name) {
    const auto fits = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    };
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, fits);
  }

  void missing(TomlTable& root, std::string_view table, const char* why) {
    root.problem(table, "`[" + std::string(table) + "]` is missing; " + why);
  }

  void read_node(TomlTable& root) {
    auto table = root.table("node");
    if (!table) return missing(root, "node", "it names this gate and the folder of its data");
    config_.node = table->text_if("name").value_or(config_.node);
    if (!names_a_log(config_.node))
      table->problem("name",
                     "`name` stands in every record and names the ledger: 1 to 64 letters, digits, dots, hyphens");
    config_.data = path(*table, "data");
    config_.log_level = table->text_if("log_level").value_or(config_.log_level);
    constexpr std::array<std::string_view, 4> levels{"debug", "info", "warn", "error"};
    if (std::ranges::find(levels, config_.log_level) == levels.end())
      table->problem("log_level", "`log_level` is debug, info, warn or error");
    if (const auto seconds = table->integer_if("registers_stale_after_seconds", 5, 3600))
      config_.registers_stale_after = std::chrono::seconds{*seconds};
    table->done();
  }

  TlsFiles read_tls(TomlTable& table) {
    return {path(table, "certificate"), path(table, "key"), path(table, "authorities"), path(table, "revocations")};
  }

  void read_listener(TomlTable& root) {
    auto table = root.table("listener");
    if (!table) return missing(root, "listener", "it says where the gate listens and with which certificate");
    config_.address = table->text_if("address").value_or(config_.address);
    if (const auto port = table->integer_if("port", 1, 65535)) config_.port = static_cast<std::uint16_t>(*port);
    if (const auto threads = table->integer_if("threads", 0, 256)) config_.threads = static_cast<int>(*threads);
    config_.listener_tls = read_tls(*table);
    table->done();
  }

  void read_upstream(TomlTable& root) {
    auto table = root.table("upstream");
    if (!table) return missing(root, "upstream", "it names the certificate with which the gate calls providers");
    config_.upstream_tls = read_tls(*table);
    config_.allow_local_upstreams = table->flag("allow_local", false);
    table->done();
  }

  void read_management(TomlTable& root) {
    auto table = root.table("management");
    if (!table) return;
    config_.management_address = table->text_if("address").value_or(config_.management_address);
    if (const auto port = table->integer_if("port", 1, 65535))
      config_.management_port = static_cast<std::uint16_t>(*port);
    table->done();
  }

  void read_console(TomlTable& root) {
    auto table = root.table("console");
    if (!table) return;
    ConsoleSettings console;
    console.address = table->text_if("address").value_or(console.address);
    if (const auto port = table->integer_if("port", 1, 65535)) console.port = static_cast<std::uint16_t>(*port);
    console.certificate = path(*table, "certificate");
    console.key = path(*table, "key");
    config_.console = std::move(console);
    table->done();
  }

  void read_catalogue(TomlTable& root) {
    auto table = root.table("catalogue");
    if (!table) return;
    if (const auto folder = table->text_if("folder")) config_.knowledge = absolute(*folder);
    for (const auto& folder : table->texts("mappings")) config_.mappings.push_back(absolute(folder));
    for (const auto confidence : table->some_of<Confidence>("accept_unreleased", confidence_names()))
      config_.settings.accepted.insert(confidence);
    table->done();
  }

  void read_keys(TomlTable& root) {
    auto table = root.table("keys");
    if (!table) return;
    config_.token = {path(*table, "module"), table->text("token"), path(*table, "pin_file")};
    table->done();
  }

  void read_audit(TomlTable& root) {
    auto table = root.table("audit");
    if (!table) return;
    AuditSettings& audit = config_.audit;
    const auto key_of = [](TomlTable& where, std::string_view name, NoteKey type) {
      std::string text = where.text(name);
      const auto key = NoteVerifier::parse(text);
      if (!key || key->type() != type)
        where.problem(name, "`" + std::string(name) + "` is no public key of a " +
                                (type == NoteKey::log ? "log" : "witness") + " (name+id+key)");
      return text;
    };
    for (auto& each : table->tables("witness")) {
      WitnessSettings witness{each.text("url"), each.text("oin"), key_of(each, "vkey", NoteKey::witness)};
      if (!parse_endpoint(witness.url)) each.problem("url", "`url` is https://host:port/path of the witness");
      if (!is_oin(witness.oin)) each.problem("oin", "`oin` must be an OIN: twenty digits or capitals");
      each.done();
      audit.witnesses.push_back(std::move(witness));
    }
    for (auto& each : table->tables("witnessed")) {
      audit.witnessed.push_back(key_of(each, "vkey", NoteKey::log));
      each.done();
    }
    if (table->has("quorum") && audit.witnesses.empty())
      table->problem("quorum", "`quorum` counts witnesses, and there is no [[audit.witness]]");
    constexpr std::int64_t witnesses_max = 100;
    if (const auto needed = table->integer_if("quorum", 1, witnesses_max)) audit.quorum = static_cast<int>(*needed);
    if (!audit.witnesses.empty() && audit.needed() > audit.witnesses.size())
      table->problem("quorum", "`quorum` asks for more witnesses than there are");
    if (const auto seconds = table->integer_if("heartbeat_seconds", 0, 86'400))
      audit.heartbeat = std::chrono::seconds{*seconds};
    audit.timestamp_url = table->text_if("timestamp_url").value_or("");
    if (!audit.timestamp_url.empty()) audit.timestamp_authorities = path(*table, "timestamp_authorities");
    if (const auto minutes = table->integer_if("timestamp_minutes", 1, 1440))
      audit.timestamp_every = std::chrono::minutes{*minutes};
    table->done();
  }

  void read_export(TomlTable& table) {
    ExportSettings made;
    made.name = table.text("name");
    made.kind = table.one_of<ExportKind>("kind", export_kinds());
    made.url = table.text("url");
    const bool tls = made.url.starts_with("https://");
    const bool here = made.url.starts_with("http://127.0.0.1:") || made.url.starts_with("http://localhost:");
    if (!tls && !here)
      table.problem("url", "`url` begins with https://, or is http://127.0.0.1:PORT for a collector on this machine");
    if (tls) made.authorities = path(table, "authorities");
    if (const auto file = table.text_if("secret_file")) made.secret_file = absolute(*file);
    if (!names_a_log(made.name)) table.problem("name", "`name` names a file: letters, digits, dots, hyphens");
    table.done();
    config_.exports.push_back(std::move(made));
  }

  void read_custodian(TomlTable& table) {
    Custodian custodian;
    custodian.user = table.text("user");
    for (const auto& role : table.some_of<CustodyRole>("roles", custody_roles())) custodian.roles.insert(role);
    if (custodian.roles.empty()) table.problem("roles", "`roles` is missing: reader, subject-desk, auditor or keeper");
    if (const auto most = table.integer_if("searches_per_hour", 1, 1000))
      custodian.searches_per_hour = static_cast<int>(*most);
    table.done();
    config_.custodians.push_back(std::move(custodian));
  }

  // The first class is that of every purpose that no other names.
  void read_retention(TomlTable& root) {
    auto table = root.table("retention");
    if (!table) return;
    constexpr std::int64_t months_max = 1200;
    RetentionClass& standard = config_.retention.classes.front();
    if (const auto months = table->integer_if("months", 1, months_max)) standard.months = static_cast<int>(*months);
    for (auto& each : table->tables("class")) {
      RetentionClass retention;
      retention.name = each.text("name");
      if (const auto months = each.integer_if("months", 1, months_max))
        retention.months = static_cast<int>(*months);
      else
        each.problem("months", "`months` is missing: how long this class is kept after the month of the exchange");
      retention.purposes = each.texts("purposes");
      each.done();
      config_.retention.classes.push_back(std::move(retention));
    }
    table->done();
  }

  void read_decision(TomlTable& root) {
    auto table = root.table("decision");
    if (!table) return;
    constexpr std::pair<std::string_view, bool> cumulative[] = {{"hold", false}, {"block", true}};
    config_.settings.cumulative_forbidden = table->one_of<bool>("cumulative_linkage", cumulative, false);
    if (const auto days = table->integer_if("history_days", 1, 3660)) config_.history_days = static_cast<int>(*days);
    table->done();
  }

  static HeaderNames read_headers(TomlTable& table, HeaderNames names) {
    const auto set = [&](std::string_view key, std::string& name) {
      if (auto text = table.text_if(key)) name = std::move(*text);
    };
    set("purpose", names.purpose);
    set("origin", names.origin);
    set("user", names.user);
    set("application", names.application);
    set("processing", names.processing);
    set("signal", names.signal);
    set("evidence", names.evidence);
    table.done();
    return names;
  }

  fs::path folder_;
  Config config_;
};

}  // namespace

const HeaderNames& Config::headers_for(const std::string& oin) const {
  const auto at = headers_of.find(oin);
  return at == headers_of.end() ? headers : at->second;
}

std::optional<Config> read_config(const TomlDocument& document, const std::string& path, Problems& problems) {
  const std::size_t before = problems.size();
  Config config = ConfigReader(path).read(document.root(problems));
  if (problems.size() != before) return std::nullopt;
  config.mappings.push_back(config.knowledge + "/adapters/wire/brp");
  return config;
}

std::optional<Config> load_config(const std::string& path, Problems& problems) {
  const auto document = load_toml(path, problems);
  return document ? read_config(*document, path, problems) : std::nullopt;
}

std::string default_knowledge_folder() {
  std::array<char, PATH_MAX> program{};
  const ssize_t size = ::readlink("/proc/self/exe", program.data(), program.size() - 1);
  if (size > 0)
    for (fs::path folder = fs::path(std::string(program.data(), static_cast<std::size_t>(size))).parent_path();
         folder.has_relative_path(); folder = folder.parent_path()) {
      if (fs::exists(folder / "legal_bases/vocabulary.toml")) return folder.string();
      if (fs::exists(folder / "share/koppelpoort/legal_bases/vocabulary.toml"))
        return (folder / "share/koppelpoort").string();
    }
  return "/usr/share/koppelpoort";
}

}  // namespace koppelpoort
