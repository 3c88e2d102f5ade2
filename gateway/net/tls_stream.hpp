// One TLS connection over a non-blocking socket: writes try first and wait only when the socket is not ready, reads
// too, unless the last one emptied it. Owned by one thread. Every wait ends at the deadline.
#pragma once

#include <memory>
#include <string_view>

#include "gateway/net/asio.hpp"
#include "gateway/net/deadlines.hpp"
#include "gateway/tls/context.hpp"

namespace koppelpoort {

class TlsStream {
 public:
  TlsStream(Socket socket, std::shared_ptr<const TlsContext> context, Deadlines& deadlines);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // As the listener; or as the client of `host`, whose certificate must name it.
  Awaitable<bool> accept();
  Awaitable<bool> connect(const std::string& host);

  // Bytes read; 0 when the peer closed properly; -1 on anything else, the deadline included.
  Awaitable<long> read(char* into, std::size_t most);
  Awaitable<bool> write(std::string_view bytes);
  void close();  // sends close_notify if that goes at once; never waits

  void due_in(std::chrono::milliseconds time) { watch_.in(time); }
  bool too_late() const { return watch_.passed(); }
  std::size_t written() const { return written_; }

  SSL* ssl() const { return ssl_.get(); }
  const TlsContext& context() const { return *context_; }
  bool open() const { return ssl_ != nullptr && socket_.is_open(); }
  bool quiet();  // nothing arrived that nobody asked for: an idle connection may be used again

 private:
  bool name_server(const std::string& host);
  Awaitable<bool> handshake();
  Awaitable<bool> ready(int result);  // waits for what OpenSSL wants; false when the connection is over
  Awaitable<bool> wait(Socket::wait_type direction);

  Socket socket_;
  std::shared_ptr<const TlsContext> context_;
  SslPointer ssl_;
  Deadlines::Watch watch_;
  std::size_t written_ = 0;
  bool emptied_ = false;  // the last read left nothing in the socket, as far as one can tell
};

}  // namespace koppelpoort
