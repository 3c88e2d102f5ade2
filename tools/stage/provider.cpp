#include "tools/stage/provider.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "gateway/http/body.hpp"

namespace koppelpoort::demo {
namespace {

// One request from the connection; false when it is over.
bool read_request(SSL* ssl, std::string& buffer, ProviderRequest& request) {
  std::array<char, 16384> block;
  const auto more = [&] {
    std::size_t size = 0;
    if (SSL_read_ex(ssl, block.data(), block.size(), &size) != 1) return false;
    buffer.append(block.data(), size);
    return true;
  };
  std::size_t end = 0;
  while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return false;
  request.head = buffer.substr(0, end + 4);
  buffer.erase(0, end + 4);
  http::Head head;
  http::Refusal refusal;
  if (!http::parse_request(request.head, head, refusal)) return false;
  request.method = head.method;
  request.target = head.target;
  http::BodyReader body(head, http::request_body_max);
  for (;;) {
    std::size_t used = 0;
    const auto state = body.feed(buffer, used);
    buffer.erase(0, used);
    if (state == http::BodyReader::State::done) break;
    if (state == http::BodyReader::State::refused || !more()) return false;
  }
  request.body = std::move(body.body());
  return true;
}

}  // namespace

Provider::Provider(const std::string& authority, const Identity& identity, Handler handler)
    : handler_(std::move(handler)) {
  context_ = SSL_CTX_new(TLS_server_method());
  const bool ready = context_ != nullptr &&
                     SSL_CTX_use_certificate_chain_file(context_, identity.certificate.c_str()) == 1 &&
                     SSL_CTX_use_PrivateKey_file(context_, identity.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
                     SSL_CTX_load_verify_file(context_, authority.c_str()) == 1;
  if (!ready) throw std::runtime_error("a provider of the demo cannot start");
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_session_id_context(context_, reinterpret_cast<const unsigned char*>("demo"), 4);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 128) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("a provider of the demo cannot listen");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

Provider::~Provider() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard guard(mutex_);
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
  SSL_CTX_free(context_);
}

void Provider::accept_all() {
  while (!stopping_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      if (stopping_) return;
      continue;
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard guard(mutex_);
    open_.insert(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void Provider::serve(int socket) {
  SSL* ssl = SSL_new(context_);
  SSL_set_fd(ssl, socket);
  std::string buffer;
  if (SSL_accept(ssl) == 1) {
    ProviderRequest request;
    while (!stopping_ && read_request(ssl, buffer, request)) {
      ++requests_;
      const ProviderAnswer answer = handler_(request);
      const std::string message =
          !answer.raw.empty()
              ? answer.raw
              : "HTTP/1.1 " + std::to_string(answer.status) + " OK\r\nContent-Type: " + answer.type +
                    "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body;
      std::size_t written = 0;
      if (SSL_write_ex(ssl, message.data(), message.size(), &written) != 1) break;
      if (!answer.raw.empty()) break;
    }
    SSL_shutdown(ssl);
  }
  SSL_free(ssl);
  const std::lock_guard guard(mutex_);
  open_.erase(socket);
  ::close(socket);
}

}  // namespace koppelpoort::demo
