// The running gate: loads what it needs, starts one listener a thread, reloads, and stops in good order.
#pragma once

#include <memory>

#include "gateway/config/config.hpp"

namespace koppelpoort {

class Server {
 public:
  // Throws std::exception with a text for the operator: what is wrong and what to do.
  explicit Server(Config config);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();          // listens when it returns
  void reload();         // certificates and CRLs; on any error the old ones stay
  void stop();           // no new connections; answers under way get ten seconds
  void break_storage();  // for tests: the next record fails as on a broken disk
  // Blocks until SIGTERM or SIGINT; SIGHUP reloads.
  void run_until_signal();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What `serve --check-config` does: everything that starting would, short of listening. Problems as text.
void check_config(const Config& config);

}  // namespace koppelpoort
