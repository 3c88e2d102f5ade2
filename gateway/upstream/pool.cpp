#include "gateway/upstream/pool.hpp"

#include "gateway/http/body.hpp"
#include "gateway/net/read_block.hpp"

namespace koppelpoort {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_time = 5s;
constexpr auto first_byte_time = 30s;
constexpr auto idle_time = 60s;
constexpr std::size_t idle_max = 64;          // kept connections to one endpoint, a thread
constexpr std::size_t informational_max = 4;  // 1xx answers before the real one

std::string message_of(const Endpoint& endpoint, const UpstreamRequest& request) {
  std::string message;
  message.reserve(512 + request.body.size());
  message += request.method;
  message += ' ';
  message += endpoint.base;
  message += request.target;
  message += " HTTP/1.1\r\nHost: ";
  message += endpoint.host;
  if (endpoint.port != "443") message += ":" + endpoint.port;
  message += "\r\nAccept: application/json, application/problem+json\r\nAccept-Encoding: identity";
  if (!request.decision.empty()) {
    message += "\r\nKoppelpoort-Decision: ";
    message += request.decision;
    message += "\r\ntraceparent: ";
    message += request.traceparent;
  }
  if (!request.body.empty()) {
    message += "\r\nContent-Type: ";
    message += request.content_type;
    message += "\r\nContent-Length: " + std::to_string(request.body.size());
  }
  message += "\r\n\r\n";
  message += request.body;
  return message;
}

}  // namespace

// A provider's name may not lead into the gate's own machine or to a cloud's metadata service.
bool UpstreamPool::allowed_address(const asio::ip::address& address) const {
  if (allow_local_) return true;
  if (address.is_unspecified() || address.is_loopback() || address.is_multicast()) return false;
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return !(bytes[0] == 169 && bytes[1] == 254) && bytes[0] != 0;
  }
  const auto v6 = address.to_v6();
  return !v6.is_link_local() && !v6.is_v4_mapped();
}

UpstreamPool::Connection UpstreamPool::take_idle(const std::string& key, const TlsContext& tls) {
  auto& idle = idle_[key];
  while (!idle.empty()) {
    Connection connection = std::move(idle.back());
    idle.pop_back();
    // After a reload the peer is judged again by connecting anew.
    if (connection->context().generation() == tls.generation() && !connection->too_late() && connection->quiet())
      return connection;
  }
  return nullptr;
}

Awaitable<UpstreamPool::Connection> UpstreamPool::connect(const Endpoint& endpoint, std::string_view provider,
                                                          std::shared_ptr<const TlsContext> tls, const char*& fault) {
  fault = "cannot be reached";
  asio::ip::basic_resolver<asio::ip::tcp, Executor> resolver(context_.get_executor());
  const auto [unresolved, found] = co_await resolver.async_resolve(endpoint.host, endpoint.port, awaited);
  if (unresolved) co_return nullptr;
  for (const auto& entry : found) {
    if (!allowed_address(entry.endpoint().address())) {
      fault = "resolves to an address that is not allowed";
      continue;
    }
    Socket socket(context_.get_executor());
    Deadlines::Watch watch(deadlines_, socket);
    watch.in(connect_time);
    const auto [refused] = co_await socket.async_connect(entry.endpoint(), awaited);
    if (refused) continue;
    auto stream = std::make_unique<TlsStream>(std::move(socket), tls, deadlines_);
    stream->due_in(connect_time);
    const bool trusted = co_await stream->connect(endpoint.host);
    if (!trusted) {
      fault = "TLS failed, or its certificate is not trusted";
      co_return nullptr;
    }
    const CertificatePointer certificate(SSL_get1_peer_certificate(stream->ssl()));
    if (!certificate || oin_of(certificate.get()) != provider) {
      fault = "answers with the certificate of another organisation";
      co_return nullptr;
    }
    co_return stream;
  }
  co_return nullptr;
}

Awaitable<UpstreamPool::Reply> UpstreamPool::converse(TlsStream& stream, const std::string& message) {
  Reply reply;
  reply.nothing_came = true;
  stream.due_in(first_byte_time);
  const bool sent = co_await stream.write(message);
  if (!sent) {
    reply.answer.fault = "broke off while being asked";
    co_return reply;
  }
  std::string buffer;
  http::Head head;
  http::Refusal refusal;
  std::size_t head_size = 0;
  for (std::size_t informational = 0;;) {
    head_size = http::find_head(buffer, refusal);
    if (refusal.what[0] != '\0') break;
    if (head_size > 0) {
      head = {};
      if (!http::parse_response(std::string_view(buffer).substr(0, head_size), head, refusal)) break;
      if (head.status >= 200) break;
      if (head.status == 101 || ++informational > informational_max) refusal = {502, "an unasked change of protocol"};
      if (refusal.what[0] != '\0') break;
      buffer.erase(0, head_size);
      continue;
    }
    const long size = co_await stream.read(read_block().data(), read_block().size());
    if (size <= 0) {
      reply.answer.fault = stream.too_late() ? "did not answer in time" : "closed without an answer";
      reply.nothing_came = buffer.empty() && !stream.too_late();
      co_return reply;
    }
    buffer.append(read_block().data(), static_cast<std::size_t>(size));
    OPENSSL_cleanse(read_block().data(), static_cast<std::size_t>(size));
  }
  reply.nothing_came = false;
  if (refusal.what[0] != '\0') {
    reply.answer.fault = refusal.what;
    co_return reply;
  }
  reply.answer.status = head.status;
  reply.answer.content_type = head.find("content-type").value_or("");
  const auto coding = head.find("content-encoding");
  reply.answer.encoded = coding && !http::same_name(*coding, "identity");
  const bool closes = head.close;
  http::BodyReader body(head, http::response_body_max);
  buffer.erase(0, head_size);  // views of `head` end here
  for (;;) {
    std::size_t used = 0;
    const auto state = body.feed(buffer, used);
    buffer.erase(0, used);
    if (state == http::BodyReader::State::refused) {
      reply.answer.fault = body.refusal().what;
      co_return reply;
    }
    if (state == http::BodyReader::State::done) break;
    const long size = co_await stream.read(read_block().data(), read_block().size());
    if (size <= 0) {
      reply.answer.fault = "broke off in the middle of its answer";
      co_return reply;
    }
    buffer.append(read_block().data(), static_cast<std::size_t>(size));
    OPENSSL_cleanse(read_block().data(), static_cast<std::size_t>(size));
  }
  reply.answer.body = std::move(body.body());
  // Bytes left over belong to nobody: the connection is not used again.
  reply.reusable = !closes && buffer.empty();
  co_return reply;
}

Awaitable<UpstreamAnswer> UpstreamPool::ask(const Endpoint& endpoint, const UpstreamRequest& request,
                                            std::shared_ptr<const TlsContext> tls) {
  std::string key = endpoint.host;
  key += ':';
  key += endpoint.port;
  key += ' ';
  key += request.provider;
  const std::string message = message_of(endpoint, request);
  for (bool again = true;;) {
    Connection connection = take_idle(key, *tls);
    const bool kept = connection != nullptr;
    if (!kept) {
      const char* fault = nullptr;
      connection = co_await connect(endpoint, request.provider, tls, fault);
      if (connection == nullptr) {
        UpstreamAnswer failed;
        failed.fault = fault;
        co_return failed;
      }
    }
    Reply reply = co_await converse(*connection, message);
    if (reply.answer.fault != nullptr && reply.nothing_came && kept && again) {
      again = false;
      continue;
    }
    auto& idle = idle_[key];
    if (reply.reusable && idle.size() < idle_max) {
      connection->due_in(idle_time);
      idle.push_back(std::move(connection));
    }
    co_return std::move(reply.answer);
  }
}

}  // namespace koppelpoort
