// A provider for the demo and the tests: an HTTPS server that demands a client certificate and answers from a function.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tools/stage/authority.hpp"

namespace koppelpoort::demo {

struct ProviderRequest {
  std::string method, target, head, body;
};

struct ProviderAnswer {
  int status = 200;
  std::string type = "application/json; charset=utf-8", body;
  std::string raw;  // when set, exactly these bytes are sent and the connection is closed
};

class Provider {
 public:
  using Handler = std::function<ProviderAnswer(const ProviderRequest&)>;
  Provider(const std::string& authority, const Identity& identity, Handler handler);
  ~Provider();
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  std::uint16_t port() const { return port_; }
  std::size_t requests() const { return requests_; }

 private:
  void accept_all();
  void serve(int socket);

  Handler handler_;
  SSL_CTX* context_ = nullptr;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> requests_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::set<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace koppelpoort::demo
