// A gate with its own certificate authority, one caller and providers, for tests over real mutual TLS sockets.
#pragma once

#include <memory>
#include <string>

#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/verify.hpp"
#include "gateway/server/server.hpp"
#include "tools/stage/client.hpp"
#include "tools/stage/provider.hpp"

namespace koppelpoort::test {

inline constexpr const char* caller_oin = "00000099000000001000";
inline constexpr const char* provider_oin = "00000099000000003000";
inline constexpr const char* other_oin = "00000099000000007000";
inline constexpr const char* gate_oin = "00000099000000009000";
inline constexpr const char* person = "999990676";  // fictional, of the official test range

// A folder that disappears with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string file(const std::string& name, const std::string& text) const;  // writes it, returns its path

 private:
  std::string path_;
};

std::string source_folder();  // the repository
std::string cases_folder();   // material that nobody here wrote (KOPPELPOORT_CASES); empty when it is not there

// A ledger in this folder with a key of its own beside it, made the first time.
std::unique_ptr<Ledger> open_ledger(const std::string& folder, const EntryVisitor& visit = {},
                                    Ledger::Clock clock = Ledger::system_micros);
LedgerReport verified(const std::string& folder);  // with the key that lies there

std::uint16_t free_port();
std::shared_ptr<const Knowledge> knowledge();  // loaded once

// The registers that most tests use: caller and provider, the BRP service, one purpose with `necessary` elements.
std::string brp_registers(std::uint16_t provider_port, const std::vector<std::string>& necessary,
                          const std::string& excess = "minimise");

// The state that these register tables make. Throws std::runtime_error with the problems.
Registers registers_of(const std::string& tables);

class World {
 public:
  using Handler = demo::Provider::Handler;
  explicit World(Handler handler);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void apply(const std::string& registers);  // into the store, as `register apply` would
  void start();                              // the gate, in this process
  void stop();

  std::unique_ptr<demo::Client> connect(const demo::Identity* identity) const;
  demo::Response ask(const std::string& body, const std::string& purpose = "doel",
                     const std::vector<std::string>& more = {});
  std::string metrics() const { return managed("/metrics"); }
  std::string managed(const std::string& target) const;  // the whole answer of the management listener

  Config config;
  Folder folder;
  std::unique_ptr<demo::Authority> authority;
  demo::Identity caller, gate, stranger;
  std::unique_ptr<demo::Provider> provider;
  std::unique_ptr<Server> server;
};

}  // namespace koppelpoort::test
