// The management API on its own address, in TLS without client certificates, on a thread of its own: what people do
// here never waits for exchanges, nor they for it.
#pragma once

#include <memory>

#include "gateway/api/message.hpp"
#include "gateway/config/config.hpp"
#include "gateway/exchange/published.hpp"

namespace koppelpoort::api {

class Listener {
 public:
  using Handler = std::function<Answer(const Request&)>;
  // Throws std::runtime_error when the address is taken.
  Listener(const ConsoleSettings& settings, const Shared<TlsContext>& tls, Handler handler);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace koppelpoort::api
