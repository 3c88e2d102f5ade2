#include "gateway/custody/control.hpp"

#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace koppelpoort {
namespace {

namespace json = boost::json;

constexpr std::size_t line_max = 65'536;
constexpr int patience = 5000;            // milliseconds to say a line
constexpr int answer_patience = 600'000;  // an erasure may take minutes
constexpr int look = 200;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error(path + ": this path is too long for a socket");
  path.copy(static_cast<char*>(address.sun_path), path.size());
  return address;
}

// A line without its end; empty when none came in time.
std::string read_line(int socket, int milliseconds) {
  std::string line;
  std::array<char, 4096> block{};
  while (line.find('\n') == std::string::npos && line.size() < line_max) {
    pollfd waiting{socket, POLLIN, 0};
    if (::poll(&waiting, 1, milliseconds) <= 0) return {};
    const ssize_t size = ::read(socket, block.data(), block.size());
    if (size <= 0) return {};
    line.append(block.data(), static_cast<std::size_t>(size));
  }
  return line.substr(0, line.find('\n'));
}

void write_line(int socket, const json::object& object) {
  const std::string line = json::serialize(object) + "\n";
  for (std::size_t at = 0; at < line.size();) {
    const ssize_t size = ::send(socket, line.data() + at, line.size() - at, MSG_NOSIGNAL);
    if (size <= 0) return;
    at += static_cast<std::size_t>(size);
  }
}

json::object refusal(const std::string& why) { return {{"error", why}}; }

}  // namespace

std::string login_of(int process, unsigned user) {
  constexpr unsigned nobody_logged_in = 4'294'967'295U;
  unsigned login = nobody_logged_in;
  std::ifstream("/proc/" + std::to_string(process) + "/loginuid") >> login;
  const passwd* known = ::getpwuid(login == nobody_logged_in ? user : login);
  return known == nullptr ? std::to_string(user) : known->pw_name;
}

struct Control::State {
  State(std::string where, Answer says) : path(std::move(where)), answer(std::move(says)) {
    const sockaddr_un address = address_of(path);
    ::unlink(path.c_str());  // of a gate that ended; the ledger's lock says that no other is here
    listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(path.c_str(), 0600) != 0 || ::listen(listener, 8) != 0)
      throw std::runtime_error(path + ": " + std::strerror(errno));
    thread = std::thread([this] { listen(); });
  }
  ~State() {
    stopping = true;
    thread.join();
    ::close(listener);
    ::unlink(path.c_str());
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void listen() {
    while (!stopping) {
      pollfd waiting{listener, POLLIN, 0};
      if (::poll(&waiting, 1, look) <= 0) continue;
      const int socket = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      serve(socket);
      ::close(socket);
    }
  }

  void serve(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return;
    boost::system::error_code malformed;
    const json::value asked = json::parse(read_line(socket, patience), malformed);
    if (malformed || !asked.is_object()) return write_line(socket, refusal("the question is no JSON object"));
    try {
      write_line(socket, answer(login_of(peer.pid, peer.uid), asked.get_object()));
    } catch (const std::exception& error) {
      write_line(socket, refusal(error.what()));
    }
  }

  std::string path;
  Answer answer;
  int listener = -1;
  std::atomic<bool> stopping{false};
  std::thread thread;
};

Control::Control(std::string path, Answer answer)
    : state_(std::make_unique<State>(std::move(path), std::move(answer))) {}
Control::~Control() = default;

std::optional<json::object> ask_gate(const std::string& path, const json::object& question) {
  const sockaddr_un address = address_of(path);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::optional<json::object> answer;
  if (socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    write_line(socket, question);
    boost::system::error_code malformed;
    const json::value said = json::parse(read_line(socket, answer_patience), malformed);
    answer = !malformed && said.is_object() ? said.get_object() : refusal("the gate did not answer");
  }
  if (socket >= 0) ::close(socket);
  return answer;
}

}  // namespace koppelpoort
