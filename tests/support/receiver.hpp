// A small HTTP/1.1 server on loopback, for what the gate tells or asks others: one request a connection.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace koppelpoort::test {

struct Received {
  std::string head, path, body;
};

struct Reply {
  int status = 200;
  std::string type = "application/json", body = "{}";
};

class Receiver {
 public:
  using Handler = std::function<Reply(const Received&)>;
  explicit Receiver(Handler handler, std::uint16_t port = 0);  // 0: a free one
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

 private:
  void run();
  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace koppelpoort::test
