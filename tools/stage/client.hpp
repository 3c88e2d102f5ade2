// A plain blocking TLS client, independent of the gateway's own connection code: for the demo, the tests and the bench.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/stage/authority.hpp"

namespace koppelpoort::demo {

struct Response {
  int status = 0;  // 0: no answer came
  std::string head, body;

  std::string header(std::string_view name) const;
};

class Client {
 public:
  // Without an identity no client certificate is offered.
  Client(std::uint16_t port, const std::string& authority, const Identity* identity);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return ssl_ != nullptr; }
  bool send(std::string_view bytes);
  Response receive();         // one whole answer
  std::string receive_all();  // until the peer closes or nothing comes for 0.3 s

  Response ask(std::string_view method, std::string_view target, std::string_view body,
               const std::vector<std::string>& headers);

 private:
  bool read_more();
  int socket_ = -1;
  SSL_CTX* context_ = nullptr;
  SSL* ssl_ = nullptr;
  std::string buffer_;
};

}  // namespace koppelpoort::demo
