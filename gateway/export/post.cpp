#include "gateway/export/post.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <stdexcept>

namespace koppelpoort {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr int patience = 10;  // seconds
constexpr std::size_t answer_max = std::size_t{1} << 20u;

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

void limit_time(tcp::socket& socket) {
  const timeval time{patience, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

template <class Stream>
PostAnswer converse(Stream& stream, const http::request<http::string_body>& request) {
  http::write(stream, request);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(answer_max);
  http::read(stream, buffer, parser);
  return {static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

}  // namespace

PostAnswer post(const std::string& url, const std::string& authorities, const PostHeaders& headers,
                const std::string& body) {
  const Address address = address_of(url);
  http::request<http::string_body> request{http::verb::post, address.path, 11};
  request.set(http::field::host, address.host);
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();
  asio::io_context context;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(address.host, address.port);
  if (!address.tls) {
    tcp::socket socket(context);
    asio::connect(socket, found);
    limit_time(socket);
    return converse(socket, request);
  }
  asio::ssl::context trust(asio::ssl::context::tls_client);
  trust.load_verify_file(authorities);
  asio::ssl::stream<tcp::socket> stream(context, trust);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(address.host));
  std::string name = address.host;  // the macro for this casts in the old way
  SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  asio::connect(stream.next_layer(), found);
  limit_time(stream.next_layer());
  stream.handshake(asio::ssl::stream_base::client);
  return converse(stream, request);
}

}  // namespace koppelpoort
