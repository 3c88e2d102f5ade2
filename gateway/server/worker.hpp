// One thread of the gate and all that is its own.
#pragma once

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <thread>

#include "gateway/server/session.hpp"

namespace koppelpoort {

// One thread: its own io_context, acceptor, upstream connections and references to what is published.
class Worker {
 public:
  Worker(Gate& gate, SessionLimits& limits, const std::atomic<bool>& stopping)
      : stopping_(stopping),
        limits_(limits),
        upstreams_(context_, deadlines_, gate.config.allow_local_upstreams),
        desk_{gate,
              completions_,
              upstreams_,
              Shared<Published>::Reader(gate.published),
              Shared<TlsContext>::Reader(gate.upstream_tls),
              ClientRelations(gate.keys, gate.config.relations_file())},
        listener_tls_(gate.listener_tls),
        acceptor_(context_.get_executor()),
        timer_(context_.get_executor()) {}

  void listen(const asio::ip::tcp::endpoint& endpoint) {
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    const int on = 1;
    ::setsockopt(acceptor_.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    boost::system::error_code error;
    acceptor_.bind(endpoint, error);
    if (error)
      throw std::runtime_error("cannot listen on port " + std::to_string(endpoint.port()) + " (" + error.message() +
                               "); is something else using it?");
    acceptor_.listen();
  }

  void start() {
    asio::co_spawn(context_, accept_all(), [](const std::exception_ptr& failed) { report(failed, "the listener"); });
    asio::co_spawn(context_, keep_time(deadlines_, context_.get_executor()),
                   [](const std::exception_ptr& failed) { report(failed, "the clock"); });
    thread_ = std::thread([this] { context_.run(); });
  }

  void stop_accepting() {
    asio::post(context_, [this] {
      boost::system::error_code ignored;
      acceptor_.close(ignored);
    });
  }

  int open_sessions() const { return sessions_.load(); }

  void finish() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  static void report(const std::exception_ptr& failed, const char* where) {
    if (!failed) return;
    try {
      std::rethrow_exception(failed);
    } catch (const std::exception& error) {
      spdlog::error("{} ended: {}", where, error.what());
    }
  }

  Awaitable<void> accept_all() {
    while (!stopping_.load() && acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(awaited);
      if (error) {
        if (!acceptor_.is_open()) co_return;
        timer_.expires_after(std::chrono::milliseconds{50});  // out of file descriptors: wait, never spin
        co_await timer_.async_wait(awaited);
        continue;
      }
      ++sessions_;
      auto session =
          serve_session(desk_, std::move(socket), listener_tls_.get(), listener_tls_, deadlines_, limits_, stopping_);
      asio::co_spawn(context_, std::move(session), [this](const std::exception_ptr& failed) {
        --sessions_;
        report(failed, "a session");
      });
    }
  }

  const std::atomic<bool>& stopping_;
  SessionLimits& limits_;
  Deadlines deadlines_;  // outlives the context, whose end destroys the sessions that still wait
  asio::io_context context_{1};
  Completions completions_{context_};
  UpstreamPool upstreams_;
  Desk desk_;
  Shared<TlsContext>::Reader listener_tls_;
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor_;
  Timer timer_;
  std::atomic<int> sessions_{0};
  std::thread thread_;
};

}  // namespace koppelpoort
