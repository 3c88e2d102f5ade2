// Calls to providers over mutual TLS: one pool a thread, connections kept alive, the provider's OIN checked.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/http/head.hpp"
#include "gateway/net/tls_stream.hpp"
#include "gateway/upstream/endpoint.hpp"

namespace koppelpoort {

struct UpstreamRequest {
  std::string_view method, target;  // target: path and query below the endpoint's base
  std::string_view body, content_type;
  std::string_view decision;     // empty when the call is no exchange
  std::string_view provider;     // the OIN that must answer
  std::string_view traceparent;  // W3C Trace Context
};

struct UpstreamAnswer {
  int status = 0;
  std::string content_type, body;
  bool encoded = false;         // a content coding other than identity
  const char* fault = nullptr;  // what went wrong; then nothing else counts
};

class UpstreamPool {
 public:
  UpstreamPool(asio::io_context& context, Deadlines& deadlines, bool allow_local)
      : context_(context), deadlines_(deadlines), allow_local_(allow_local) {}

  // The provider is asked at most twice, the second time only when a kept connection turned out to be closed before a
  // single byte came back; the gate forwards nothing but reads.
  Awaitable<UpstreamAnswer> ask(const Endpoint& endpoint, const UpstreamRequest& request,
                                std::shared_ptr<const TlsContext> tls);

 private:
  using Connection = std::unique_ptr<TlsStream>;
  struct Reply {
    UpstreamAnswer answer;
    bool reusable = false;
    bool nothing_came = false;
  };

  Connection take_idle(const std::string& key, const TlsContext& tls);
  Awaitable<Connection> connect(const Endpoint& endpoint, std::string_view provider,
                                std::shared_ptr<const TlsContext> tls, const char*& fault);
  Awaitable<Reply> converse(TlsStream& stream, const std::string& message);
  bool allowed_address(const asio::ip::address& address) const;

  asio::io_context& context_;
  Deadlines& deadlines_;
  bool allow_local_;
  std::map<std::string, std::vector<Connection>> idle_;
};

}  // namespace koppelpoort
