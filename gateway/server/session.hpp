// One client connection: handshake, then request after request until it ends.
#pragma once

#include "gateway/exchange/run_exchange.hpp"
#include "gateway/net/tls_stream.hpp"

namespace koppelpoort {

struct SessionLimits {
  std::atomic<int> connections{0}, handshakes{0};
  static constexpr int connections_max = 4096, handshakes_max = 64;
};

// Ends by itself; `stopping` makes it close after the answer that is under way.
Awaitable<void> serve_session(Desk& desk, Socket socket, std::shared_ptr<const TlsContext> tls,
                              Shared<TlsContext>::Reader& newest_tls, Deadlines& deadlines, SessionLimits& limits,
                              const std::atomic<bool>& stopping);

}  // namespace koppelpoort
