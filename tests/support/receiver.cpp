#include "tests/support/receiver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace koppelpoort::test {

Receiver::Receiver(Handler handler, std::uint16_t port) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 16) != 0)
    throw std::runtime_error("no receiver can listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Receiver::~Receiver() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

void Receiver::run() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, 50) <= 0) continue;
    const int socket = ::accept(listener_, nullptr, nullptr);
    std::string text;
    std::array<char, 8192> block{};
    std::size_t end = std::string::npos, length = 0;
    while (end == std::string::npos || text.size() < end + 4 + length) {
      const ssize_t size = ::read(socket, block.data(), block.size());
      if (size <= 0) break;
      text.append(block.data(), static_cast<std::size_t>(size));
      end = text.find("\r\n\r\n");
      if (const auto at = text.find("Content-Length: "); at != std::string::npos)
        length = std::strtoul(text.c_str() + at + 16, nullptr, 10);
    }
    if (end != std::string::npos) {
      const std::size_t begin = text.find(' ') + 1;
      const Received received{text.substr(0, end), text.substr(begin, text.find(' ', begin) - begin),
                              text.substr(end + 4)};
      const Reply reply = handler_(received);
      const std::string answer = "HTTP/1.1 " + std::to_string(reply.status) + " x\r\nContent-Type: " + reply.type +
                                 "\r\nContent-Length: " + std::to_string(reply.body.size()) +
                                 "\r\nConnection: close\r\n\r\n" + reply.body;
      if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) text.clear();
    }
    ::close(socket);
  }
}

}  // namespace koppelpoort::test
