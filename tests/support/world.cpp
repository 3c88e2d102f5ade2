#include "tests/support/world.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "adapters/files/files.hpp"
#include "adapters/store/sqlite/data_keys.hpp"
#include "adapters/store/sqlite/register_events.hpp"

namespace koppelpoort::test {

namespace fs = std::filesystem;

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "koppelpoort-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Folder::file(const std::string& name, const std::string& text) const {
  std::string path = path_ + "/" + name;
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string source_folder() { return KOPPELPOORT_SOURCE; }

std::string cases_folder() {
  const char* named = std::getenv("KOPPELPOORT_CASES");
  const fs::path folder = named != nullptr ? fs::path(named) : fs::path(source_folder()) / "../shared/data";
  return fs::exists(folder) ? folder.string() : std::string();
}

std::unique_ptr<Ledger> open_ledger(const std::string& folder, const EntryVisitor& visit, Ledger::Clock clock) {
  const std::string key = folder + "/test.key";
  if (!fs::exists(key)) NoteSigner::create_key(key);
  return std::make_unique<Ledger>(folder, "n", key, visit, std::move(clock));
}

LedgerReport verified(const std::string& folder) { return verify_ledger(folder, ledger_vkey(folder).value()); }

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

std::shared_ptr<const Knowledge> knowledge() {
  static const std::shared_ptr<const Knowledge> loaded = [] {
    Problems problems;
    auto made = load_knowledge(source_folder(), problems);
    if (made == nullptr) throw std::runtime_error(to_text(problems));
    return made;
  }();
  return loaded;
}

std::string brp_registers(std::uint16_t provider_port, const std::vector<std::string>& necessary,
                          const std::string& excess) {
  std::string offered;
  for (const auto& element : knowledge()->taxonomy.elements) offered += "\"" + element.id + "\",";
  std::string elements;
  for (const auto& id : necessary) elements += "\"" + id + "\",";
  return std::string("[[organisation]]\noin = \"") + caller_oin +
         "\"\nname = \"Gemeente Voorbeeldstad (fictief)\"\nkind = \"gemeente\"\nroles = [\"gemeente-college-pw\"]\n" +
         "[[organisation]]\noin = \"" + provider_oin +
         "\"\nname = \"Bevolkingsregister (fictief)\"\nkind = \"rvig\"\nroles = [\"rvig\"]\n" +
         "[[service]]\nid = \"brp\"\ntitle = \"BRP\"\nprovider = \"" + provider_oin +
         "\"\nrole = \"rvig\"\nsource = \"brp\"\npath = \"/brp\"\nendpoint = \"https://localhost:" +
         std::to_string(provider_port) +
         "/haalcentraal/api/brp\"\nadapter = \"rest-json\"\nmapping = \"brp-personen-2\"\nelements = [" + offered +
         "]\n" + "[[service]]\nid = \"brp-1\"\ntitle = \"BRP 1\"\nprovider = \"" + provider_oin +
         "\"\nrole = \"rvig\"\nsource = \"brp\"\npath = \"/brp1\"\nendpoint = \"https://localhost:" +
         std::to_string(provider_port) + "\"\nadapter = \"rest-json\"\nmapping = \"brp-personen-1\"\nelements = [" +
         offered + "]\n" + "[[purpose]]\nid = \"doel\"\ncontroller = \"" + caller_oin +
         "\"\nrole = \"gemeente-college-pw\"\ngoal = \"pw-uitvoering\"\ntitle = \"Doel\"\n"
         "bases = [\"brp-1-7-verplicht-gebruik\", \"brp-3-2-autorisatiebesluit\", \"wabb-10-12-bsn\"]\ncapacities = "
         "[\"applicant\"]\nstate = \"active\"\nexcess = \"" +
         excess +
         "\"\nretention_months = 60\nrelated_persons = [\"partner\", \"kind\", \"ouder\", \"ander\"]\nsubmitted_by = "
         "\"c\"\n"
         "evidence = [{ for = \"brp-3-2-autorisatiebesluit/autorisatiebesluit\", reference = \"fictief\" }, { for = "
         "\"dpia\", "
         "reference = \"fictief\", from = \"2019-12-01\", covers = [\"brp\", \"brp-1\"] }, { for = \"transparency\", "
         "reference = \"fictief\", from = \"2019-12-01\" }]\nresidual_risk = \"low\"\n"
         "approval = { advised_by = \"fg\", advised_at = \"2020-01-01\", signed_by = \"d\", signed_at = \"2020-01-02\" "
         "}\n" +
         "[[necessity]]\nid = \"n\"\npurpose = \"doel\"\nservice = \"brp\"\nelements = [" + elements +
         "]\n"
         "proportionality = \"Zonder deze gegevens kan het recht niet worden vastgesteld.\"\nsubsidiarity = \"De "
         "basisregistratie is de bron die de wet voorschrijft.\"\n"
         "[[necessity]]\nid = \"n1\"\npurpose = \"doel\"\nservice = \"brp-1\"\nelements = [" +
         elements +
         "]\n"
         "proportionality = \"Zonder deze gegevens kan het recht niet worden vastgesteld.\"\nsubsidiarity = \"De "
         "basisregistratie is de bron die de wet voorschrijft.\"\n";
}

Registers registers_of(const std::string& tables) {
  Problems problems;
  const auto document = TomlDocument::parse(tables, "registers.toml", problems);
  auto events = document ? read_register_file(*document, problems) : std::vector<RegisterEvent>{};
  std::int64_t version = 0;
  for (auto& event : events) event.version = ++version;
  Registers registers = fold(events, version, problems);
  if (!problems.empty()) throw std::runtime_error(to_text(problems));
  return registers;
}

World::World(Handler handler) {
  spdlog::set_level(spdlog::level::off);
  ::signal(SIGPIPE, SIG_IGN);  // a closed peer is an answer here, not an end
  fs::create_directories(folder.path() + "/tls");
  fs::create_directories(folder.path() + "/data/ledger");
  authority = std::make_unique<demo::Authority>(folder.path() + "/tls", "ca");
  gate = authority->issue("poort", {gate_oin});
  caller = authority->issue("gemeente", {caller_oin});
  stranger = authority->issue("vreemde", {other_oin});
  provider = std::make_unique<demo::Provider>(authority->certificate_file(), authority->issue("bron", {provider_oin}),
                                              std::move(handler));
  config.node = "test";
  config.data = folder.path() + "/data";
  config.knowledge = source_folder();
  config.mappings = {source_folder() + "/adapters/wire/brp", source_folder() + "/tools/stage/data"};
  config.address = "127.0.0.1";
  config.port = free_port();
  config.management_port = free_port();
  config.threads = 2;
  config.listener_tls =
      config.upstream_tls = {gate.certificate, gate.key, authority->certificate_file(), authority->revocations_file()};
  config.allow_local_upstreams = true;
  config.settings.accepted = {Confidence::verified, Confidence::verified_2017};
  RegisterEvents::create(config.registers_file());
  create_keys(config.keys());
  NoteSigner::create_key(config.ledger_key_file());
  NoteSigner::create_key(config.witness_key_file());
}

World::~World() { stop(); }

void World::apply(const std::string& registers) {
  Problems problems;
  const auto document = TomlDocument::parse(registers, "registers", problems);
  auto events = document ? read_register_file(*document, problems) : std::vector<RegisterEvent>{};
  if (!problems.empty()) throw std::runtime_error(to_text(problems));
  RegisterEvents store(config.registers_file());
  for (auto& event : events) event.author = event.author_role = event.reason = "test";
  store.append(events, store.version());
}

void World::start() {
  server = std::make_unique<Server>(config);
  server->start();
}

void World::stop() {
  if (server) server->stop();
  server.reset();
}

std::unique_ptr<demo::Client> World::connect(const demo::Identity* identity) const {
  return std::make_unique<demo::Client>(config.port, authority->certificate_file(), identity);
}

demo::Response World::ask(const std::string& body, const std::string& purpose, const std::vector<std::string>& more) {
  std::vector<std::string> headers = more;
  if (!purpose.empty()) headers.push_back("x-doelbinding: " + purpose);
  return connect(&caller)->ask("POST", "/brp/personen", body, headers);
}

std::string World::managed(const std::string& target) const {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(config.management_port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    if (::write(socket, request.data(), request.size()) > 0) {
      std::array<char, 4096> block{};
      for (ssize_t size = 0; (size = ::read(socket, block.data(), block.size())) > 0;)
        text.append(block.data(), static_cast<std::size_t>(size));
    }
  }
  ::close(socket);
  return text;
}

}  // namespace koppelpoort::test
