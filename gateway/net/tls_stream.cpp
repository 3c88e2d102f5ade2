#include "gateway/net/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>

namespace koppelpoort {

TlsStream::TlsStream(Socket socket, std::shared_ptr<const TlsContext> context, Deadlines& deadlines)
    : socket_(std::move(socket)),
      context_(std::move(context)),
      ssl_(SSL_new(context_->get())),
      watch_(deadlines, socket_) {
  boost::system::error_code ignored;
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (ssl_) SSL_set_fd(ssl_.get(), socket_.native_handle());
}

TlsStream::~TlsStream() { close(); }

Awaitable<bool> TlsStream::accept() {
  if (!ssl_) co_return false;
  SSL_set_accept_state(ssl_.get());
  const bool done = co_await handshake();
  co_return done;
}

Awaitable<bool> TlsStream::connect(const std::string& host) {
  if (!ssl_) co_return false;
  SSL_set_connect_state(ssl_.get());
  SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  boost::system::error_code not_an_address;
  asio::ip::make_address(host, not_an_address);
  const bool named =
      not_an_address ? name_server(host) : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1;
  if (!named) co_return false;
  const bool done = co_await handshake();
  co_return done;
}

// SSL_set_tlsext_host_name without its macro, which casts the old way.
bool TlsStream::name_server(const std::string& host) {
  std::string name = host;
  return SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1 &&
         SSL_set1_host(ssl_.get(), host.c_str()) == 1;
}

Awaitable<bool> TlsStream::handshake() {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) break;
    const bool goes_on = co_await ready(result);
    if (!goes_on) co_return false;
  }
  // Without the extended master secret a TLS 1.2 session could be spliced (NCSC TLS guideline 2025-05).
  co_return SSL_version(ssl_.get()) != TLS1_2_VERSION || SSL_get_extms_support(ssl_.get()) == 1;
}

Awaitable<bool> TlsStream::ready(int result) {
  const int wanted = SSL_get_error(ssl_.get(), result);
  if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) co_return false;
  const bool goes_on = co_await wait(wanted == SSL_ERROR_WANT_READ ? Socket::wait_read : Socket::wait_write);
  co_return goes_on;
}

Awaitable<bool> TlsStream::wait(Socket::wait_type direction) {
  if (watch_.passed() || !socket_.is_open()) co_return false;
  const auto [error] = co_await socket_.async_wait(direction, awaited);
  co_return !error && !watch_.passed();
}

Awaitable<long> TlsStream::read(char* into, std::size_t most) {
  for (;;) {
    // Trying at once would be one system call in vain when the last read took all there was.
    if (emptied_ && SSL_has_pending(ssl_.get()) == 0) {
      const bool came = co_await wait(Socket::wait_read);
      if (!came) co_return -1;
    }
    emptied_ = false;
    ERR_clear_error();
    std::size_t size = 0;
    const int result = SSL_read_ex(ssl_.get(), into, most, &size);
    if (result == 1) {
      emptied_ = size < most;
      co_return static_cast<long>(size);
    }
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) co_return 0;
    const bool goes_on = co_await ready(result);
    if (!goes_on) co_return -1;
  }
}

Awaitable<bool> TlsStream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    std::size_t size = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size);
    if (result == 1) {
      bytes.remove_prefix(size);
      written_ += size;
      continue;
    }
    const bool goes_on = co_await ready(result);
    if (!goes_on) co_return false;
  }
  co_return true;
}

void TlsStream::close() {
  if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  boost::system::error_code ignored;
  socket_.close(ignored);
}

bool TlsStream::quiet() {
  if (!open() || SSL_has_pending(ssl_.get()) == 1) return false;
  // Below TLS: whatever lies in the socket of an idle connection, nobody asked for.
  char byte = 0;
  const auto waiting = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return waiting < 0 && errno == EAGAIN;
}

}  // namespace koppelpoort
