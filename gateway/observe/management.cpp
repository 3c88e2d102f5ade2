#include "gateway/observe/management.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "gateway/http/head.hpp"
#include "gateway/net/deadlines.hpp"

namespace koppelpoort {
namespace {

using namespace std::chrono_literals;
constexpr auto request_time = 5s;

struct Page {
  int status = 404;
  std::string type = "text/plain; charset=utf-8", body = "not found\n";
};

}  // namespace

struct Management::State {
  State(const Metrics& counted, const Ledger& written, const std::atomic<bool>& old)
      : metrics(counted), ledger(written), stale(old) {}

  const Metrics& metrics;
  const Ledger& ledger;
  const std::atomic<bool>& stale;
  asio::io_context context{1};
  Deadlines deadlines;
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor{context.get_executor()};
  std::thread thread;

  Page page(std::string_view target) const {
    if (target == "/health/live") return {200, "text/plain; charset=utf-8", "live\n"};
    if (target == "/health/ready") {
      if (ledger.sealed())
        return {503, "text/plain; charset=utf-8", "not ready: the ledger is sealed, nothing passes\n"};
      if (ledger.stuck())
        return {503, "text/plain; charset=utf-8",
                "not ready: the ledger's disk does not answer; new work is refused\n"};
      if (stale.load()) return {503, "text/plain; charset=utf-8", "not ready: the registers are too old\n"};
      return {200, "text/plain; charset=utf-8", "ready\n"};
    }
    if (target == "/metrics") {
      const auto now =
          std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
      return {200, "text/plain; version=0.0.4; charset=utf-8", metrics.text(ledger, now)};
    }
    // For whoever watches that the log only grows; a checkpoint says how many records there are and nothing of them.
    if (target == "/audit/checkpoint") return {200, "text/plain; charset=utf-8", ledger.checkpoint()};
    if (target == "/audit/vkey") return {200, "text/plain; charset=utf-8", ledger.verifier().text() + "\n"};
    return {};
  }

  Awaitable<void> serve(Socket socket) {
    Deadlines::Watch watch(deadlines, socket);
    watch.in(request_time);
    std::string buffer;
    std::array<char, 4096> block;
    http::Refusal refusal;
    std::size_t size = 0;
    while ((size = http::find_head(buffer, refusal)) == 0 && refusal.what[0] == '\0') {
      const auto [error, count] = co_await socket.async_read_some(asio::buffer(block), awaited);
      if (error) co_return;
      buffer.append(block.data(), count);
    }
    http::Head head;
    Page answer{400, "text/plain; charset=utf-8", "bad request\n"};
    if (refusal.what[0] == '\0' && http::parse_request(std::string_view(buffer).substr(0, size), head, refusal) &&
        head.method == "GET")
      answer = page(head.target);
    const std::string message = "HTTP/1.1 " + std::to_string(answer.status) + " \r\nContent-Type: " + answer.type +
                                "\r\nContent-Length: " + std::to_string(answer.body.size()) +
                                "\r\nConnection: close\r\n\r\n" + answer.body;
    co_await asio::async_write(socket, asio::buffer(message), awaited);
    boost::system::error_code ignored;
    socket.shutdown(Socket::shutdown_send, ignored);
  }

  Awaitable<void> accept_all() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(awaited);
      if (error) co_return;
      asio::co_spawn(context, serve(std::move(socket)), asio::detached);
    }
  }
};

Management::Management(const Config& config, const Metrics& metrics, const Ledger& ledger,
                       const std::atomic<bool>& stale)
    : state_(std::make_unique<State>(metrics, ledger, stale)) {
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(config.management_address), config.management_port);
  state_->acceptor.open(endpoint.protocol());
  state_->acceptor.set_option(asio::socket_base::reuse_address(true));
  boost::system::error_code error;
  state_->acceptor.bind(endpoint, error);
  if (error)
    throw std::runtime_error("cannot listen on management port " + std::to_string(config.management_port) + " (" +
                             error.message() + "); is something else using it?");
  state_->acceptor.listen();
  asio::co_spawn(state_->context, state_->accept_all(), asio::detached);
  asio::co_spawn(state_->context, keep_time(state_->deadlines, state_->context.get_executor()), asio::detached);
  state_->thread = std::thread([this] { state_->context.run(); });
}

Management::~Management() { stop(); }

void Management::stop() {
  state_->context.stop();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace koppelpoort
