#include "gateway/export/post.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <future>
#include <stdexcept>

namespace koppelpoort {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::seconds patience{5};  // for the whole of it: a gate that stops waits no longer
constexpr std::size_t answer_max = std::size_t{1} << 20u;

using Request = http::request<http::string_body>;
using Found = asio::ip::tcp::resolver::results_type;

struct Address {
  std::string host, port, path;
  bool tls = false;
};

Address address_of(const std::string& url) {
  Address address;
  address.tls = url.starts_with("https://");
  const std::size_t begin = url.find("://");
  if (begin == std::string::npos) throw std::runtime_error(url + ": is no address");
  const std::string rest = url.substr(begin + 3);
  const std::size_t slash = rest.find('/');
  address.host = rest.substr(0, slash);
  address.path = slash == std::string::npos ? "/" : rest.substr(slash);
  address.port = address.tls ? "443" : "80";
  if (const std::size_t colon = address.host.rfind(':'); colon != std::string::npos) {
    address.port = address.host.substr(colon + 1);
    address.host.resize(colon);
  }
  return address;
}

template <class Stream>
asio::awaitable<PostAnswer> converse(Stream& stream, const Request& request) {
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(answer_max);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  PostAnswer answer;
  answer.status = static_cast<int>(parser.get().result_int());
  answer.body = std::move(parser.get().body());
  co_return answer;
}

asio::awaitable<PostAnswer> ask_plain(beast::tcp_stream& stream, const Found& found, const Request& request) {
  stream.expires_after(patience);
  co_await stream.async_connect(found, asio::use_awaitable);
  PostAnswer answer = co_await converse(stream, request);
  co_return answer;
}

asio::awaitable<PostAnswer> ask_secretly(beast::ssl_stream<beast::tcp_stream>& stream, const Found& found,
                                         const Request& request) {
  beast::get_lowest_layer(stream).expires_after(patience);
  co_await beast::get_lowest_layer(stream).async_connect(found, asio::use_awaitable);
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  PostAnswer answer = co_await converse(stream, request);
  co_return answer;
}

}  // namespace

PostAnswer post(const std::string& url, const std::string& authorities, const PostHeaders& headers,
                const std::string& body) {
  const Address address = address_of(url);
  Request request{http::verb::post, address.path, 11};
  request.set(http::field::host, address.host);
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  asio::io_context context;
  const Found found = asio::ip::tcp::resolver(context).resolve(address.host, address.port);
  std::future<PostAnswer> answer;
  if (!address.tls) {
    beast::tcp_stream stream(context);
    answer = asio::co_spawn(context, ask_plain(stream, found, request), asio::use_future);
    context.run();
    return answer.get();
  }
  asio::ssl::context trust(asio::ssl::context::tls_client);
  trust.load_verify_file(authorities);
  beast::ssl_stream<beast::tcp_stream> stream(context, trust);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(address.host));
  std::string name = address.host;  // the macro for this casts in the old way
  SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  answer = asio::co_spawn(context, ask_secretly(stream, found, request), asio::use_future);
  context.run();
  return answer.get();
}

}  // namespace koppelpoort
