#include "tools/stage/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "gateway/http/body.hpp"

namespace koppelpoort::demo {
namespace {

constexpr timeval patience{20, 0};

}  // namespace

std::string Response::header(std::string_view name) const {
  std::size_t at = head.find("\r\n");
  while (at != std::string::npos) {
    const std::size_t begin = at + 2;
    at = head.find("\r\n", begin);
    const std::string_view line = std::string_view(head).substr(begin, at - begin);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos && http::same_name(line.substr(0, colon), name))
      return std::string(line.substr(colon + 2));
  }
  return {};
}

Client::Client(std::uint16_t port, const std::string& authority, const Identity* identity) {
  context_ = SSL_CTX_new(TLS_client_method());
  SSL_CTX_load_verify_file(context_, authority.c_str());
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
  if (identity != nullptr) {
    SSL_CTX_use_certificate_chain_file(context_, identity->certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context_, identity->key.c_str(), SSL_FILETYPE_PEM);
  }
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, socket_);
  // In TLS 1.3 a missing certificate shows only at the first read.
  if (SSL_connect(ssl_) != 1) {
    SSL_free(ssl_);
    ssl_ = nullptr;
  }
}

Client::~Client() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
  if (socket_ >= 0) ::close(socket_);
}

bool Client::send(std::string_view bytes) {
  std::size_t written = 0;
  return ssl_ != nullptr && SSL_write_ex(ssl_, bytes.data(), bytes.size(), &written) == 1;
}

bool Client::read_more() {
  std::array<char, 16384> block;
  std::size_t size = 0;
  if (ssl_ == nullptr || SSL_read_ex(ssl_, block.data(), block.size(), &size) != 1) return false;
  buffer_.append(block.data(), size);
  return true;
}

Response Client::receive() {
  Response response;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
    if (!read_more()) return response;
  response.head = buffer_.substr(0, end + 2);
  const std::string whole = buffer_.substr(0, end + 4);
  buffer_.erase(0, end + 4);
  http::Head head;
  http::Refusal refusal;
  if (!http::parse_response(whole, head, refusal)) return response;
  http::BodyReader reader(head, http::response_body_max);
  for (;;) {
    std::size_t used = 0;
    const auto state = reader.feed(buffer_, used);
    buffer_.erase(0, used);
    if (state == http::BodyReader::State::done) break;
    if (state == http::BodyReader::State::refused || !read_more()) return response;
  }
  response.status = head.status;
  response.body = std::move(reader.body());
  return response;
}

std::string Client::receive_all() {
  const timeval pause{0, 300000};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
  while (read_more()) {
  }
  return std::move(buffer_);
}

Response Client::ask(std::string_view method, std::string_view target, std::string_view body,
                     const std::vector<std::string>& headers) {
  std::string message(method);
  message += ' ';
  message += target;
  message += " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& header : headers) message += header + "\r\n";
  if (method == "POST" || !body.empty())
    message += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  message += "\r\n";
  message += body;
  return send(message) ? receive() : Response{};
}

}  // namespace koppelpoort::demo
