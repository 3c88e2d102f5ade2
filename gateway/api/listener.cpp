#include "gateway/api/listener.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <thread>

#include "gateway/http/body.hpp"
#include "gateway/http/query.hpp"
#include "gateway/http/target.hpp"
#include "gateway/net/tls_stream.hpp"

namespace koppelpoort::api {
namespace {

using namespace std::chrono_literals;

constexpr auto handshake_time = 10s, request_time = 30s, idle_time = 60s;
constexpr auto stream_time = 200ms;
constexpr int silent_most = 75;                                          // times stream_time: 15 s
constexpr int connections_max = 1024, connections_of_address_max = 256;  // a town hall may be one address
constexpr std::size_t body_max = std::size_t{1} << 20u;

std::string bytes_of(const Answer& answer, bool close) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " \r\n";
  for (const auto& [name, value] : answer.headers) {
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      throw std::logic_error("the header " + name + " of an answer holds a line end");
    text += name + ": " + value + "\r\n";
  }
  const bool has_body = answer.status != 204 && answer.status != 304;
  if (has_body)
    text += "Content-Type: " + answer.type + "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n";
  if (close) text += "Connection: close\r\n";
  return text + "\r\n" + (has_body ? answer.body : std::string());
}

}  // namespace

struct Listener::State {
  State(const ConsoleSettings& settings, const Shared<TlsContext>& shared_tls, Handler handles)
      : handler(std::move(handles)), tls(shared_tls) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(settings.address), settings.port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    boost::system::error_code error;
    acceptor.bind(endpoint, error);
    if (error)
      throw std::runtime_error("cannot listen on console port " + std::to_string(settings.port) + " (" +
                               error.message() + "); is something else using it?");
    acceptor.listen();
    asio::co_spawn(context, accept_all(), asio::detached);
    asio::co_spawn(context, keep_time(deadlines, context.get_executor()), asio::detached);
    thread = std::thread([this] { context.run(); });
  }
  ~State() {
    context.stop();
    thread.join();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Awaitable<void> accept_all() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(awaited);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {
        Timer timer(context.get_executor());
        timer.expires_after(50ms);  // out of file descriptors: wait, never spin
        co_await timer.async_wait(awaited);
        continue;
      }
      boost::system::error_code gone;
      const auto remote = socket.remote_endpoint(gone);
      if (gone) continue;
      std::string address = remote.address().to_string();
      // Nobody keeps the others out, who may have something to suspend. Closed by its destructor.
      if (open >= connections_max || open_of[address] >= connections_of_address_max) continue;
      ++open;
      ++open_of[address];
      auto served = serve(std::move(socket), address);
      asio::co_spawn(context, std::move(served), [this, address](const std::exception_ptr&) {
        --open;
        if (--open_of[address] == 0) open_of.erase(address);
      });
    }
  }

  Awaitable<void> serve(Socket socket, std::string address) {
    TlsStream stream(std::move(socket), tls.get(), deadlines);
    stream.due_in(handshake_time);
    const bool accepted = co_await stream.accept();
    if (!accepted) co_return;
    std::string buffer;
    for (bool goes_on = true; goes_on;) {
      goes_on = co_await one_request(stream, buffer, address);
    }
    stream.close();
  }

  Awaitable<bool> read_more(TlsStream& stream, std::string& buffer) {
    std::array<char, 16'384> block{};
    const long size = co_await stream.read(block.data(), block.size());
    if (size <= 0) co_return false;
    buffer.append(block.data(), static_cast<std::size_t>(size));
    co_return true;
  }

  Awaitable<bool> refuse(TlsStream& stream, const http::Refusal& refusal) {
    const Problem problem(refusal.status, "Ongeldig verzoek", refusal.what);
    const std::string bytes = bytes_of(answer_of(problem), true);
    co_await stream.write(bytes);
    co_return false;
  }

  // For as long as the caller listens. A line now and then says that we are here.
  Awaitable<void> send_stream(TlsStream& stream, const Answer& answer) {
    std::string bytes = "HTTP/1.1 200 \r\nContent-Type: " + answer.type + "\r\nConnection: close\r\n";
    for (const auto& [name, value] : answer.headers) bytes += name + ": " + value + "\r\n";
    bytes += "\r\n";
    Timer timer(context.get_executor());
    for (int silent = 0;; ++silent) {
      if (silent >= silent_most) bytes += ": hier\n\n";
      if (!bytes.empty()) {
        stream.due_in(request_time);
        const bool sent = co_await stream.write(bytes);
        if (!sent) co_return;
        silent = 0;
      }
      timer.expires_after(stream_time);
      const auto [error] = co_await timer.async_wait(awaited);
      if (error) co_return;
      const auto more = answer.stream();
      if (!more) co_return;
      bytes = *more;
    }
  }

  Awaitable<bool> one_request(TlsStream& stream, std::string& buffer, const std::string& address) {
    http::Refusal refusal;
    std::size_t head_size = 0;
    stream.due_in(idle_time);
    while ((head_size = http::find_head(buffer, refusal)) == 0 && refusal.what[0] == '\0') {
      const bool more = co_await read_more(stream, buffer);
      if (!more) co_return false;
      stream.due_in(request_time);
    }
    const std::string head_text = buffer.substr(0, head_size);
    http::Head head;
    http::Target target;
    const bool fine = refusal.what[0] == '\0' && http::parse_request(head_text, head, refusal, http::Methods::manage) &&
                      http::parse_target(head.target, target, refusal);
    if (!fine) {
      const bool refused = co_await refuse(stream, refusal);
      co_return refused;
    }
    buffer.erase(0, head_size);
    http::BodyReader reader(head, body_max);
    for (;;) {
      std::size_t used = 0;
      const auto state = reader.feed(buffer, used);
      buffer.erase(0, used);
      if (state == http::BodyReader::State::done) break;
      if (state == http::BodyReader::State::refused) {
        const bool refused = co_await refuse(stream, reader.refusal());
        co_return refused;
      }
      if (head.expects_continue) {
        const bool told = co_await stream.write("HTTP/1.1 100 Continue\r\n\r\n");
        if (!told) co_return false;
        head.expects_continue = false;
      }
      const bool more = co_await read_more(stream, buffer);
      if (!more) co_return false;
    }
    auto query = http::parse_query(target.query);
    if (!query) {
      const http::Refusal malformed{400, "the query is malformed"};
      const bool refused = co_await refuse(stream, malformed);
      co_return refused;
    }
    Request request;
    request.method = head.method;
    request.path = target.path;
    request.query = std::move(*query);
    request.body = std::move(reader.body());
    request.address = address;
    for (const auto& field : head.fields)
      request.headers.emplace(boost::algorithm::to_lower_copy(std::string(field.name)), field.value);
    const Answer answer = handler(request);
    if (answer.stream) {
      co_await send_stream(stream, answer);
      co_return false;
    }
    const std::string bytes = bytes_of(answer, head.close);
    const bool sent = co_await stream.write(bytes);
    co_return sent && !head.close;
  }

  Handler handler;
  Shared<TlsContext>::Reader tls;
  Deadlines deadlines;  // outlives the context, whose end destroys the sessions that still wait
  int open = 0;
  std::map<std::string, int> open_of;  // by address
  asio::io_context context{1};
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor{context.get_executor()};
  std::thread thread;
};

Listener::Listener(const ConsoleSettings& settings, const Shared<TlsContext>& tls, Handler handler)
    : state_(std::make_unique<State>(settings, tls, std::move(handler))) {}
Listener::~Listener() = default;

}  // namespace koppelpoort::api
