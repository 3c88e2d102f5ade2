#include "gateway/server/session.hpp"

#include "gateway/audit/audit_desk.hpp"
#include "gateway/http/body.hpp"
#include "gateway/net/read_block.hpp"

namespace koppelpoort {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto handshake_time = 10s;
constexpr auto head_time = 10s;
constexpr auto idle_time = 30s;
constexpr auto body_time = 60s;
constexpr auto answer_time = 60s;
constexpr int requests_max = 1000;

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 409: return "Conflict";
    case 405: return "Method Not Allowed";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Answer";
  }
}

// The provider's content type is repeated only in the forms that were accepted, so it holds no line ends.
std::string head_of(const Answer& answer, bool close) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  head += reason_phrase(answer.status);
  head += "\r\nContent-Type: " + answer.content_type;
  head += "\r\nContent-Length: " + std::to_string(answer.body.size());
  head += "\r\nCache-Control: no-store";
  if (!answer.facts.tx.empty()) head += "\r\nKoppelpoort-Decision: " + answer.facts.tx;
  if (!answer.receipt.empty()) head += "\r\nKoppelpoort-Receipt: " + answer.receipt;
  if (answer.status == 503) head += "\r\nRetry-After: 1";
  if (answer.status == 405) head += "\r\nAllow: GET, POST";
  if (close) head += "\r\nConnection: close";
  head += "\r\n\r\n";
  return head;
}

struct Counted {
  explicit Counted(std::atomic<int>& counter) : counter_(counter) { ++counter_; }
  ~Counted() { --counter_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  std::atomic<int>& counter_;
};

class Session {
 public:
  Session(Desk& desk, TlsStream& stream, std::string address, Shared<TlsContext>::Reader& newest_tls,
          const std::atomic<bool>& stopping)
      : desk_(desk),
        stream_(stream),
        newest_tls_(newest_tls),
        stopping_(stopping),
        generation_(stream.context().generation()) {
    certificate_.reset(SSL_get1_peer_certificate(stream.ssl()));
    if (certificate_) caller_ = {oin_of(certificate_.get()), key_print_of(certificate_.get()), std::move(address)};
  }

  Awaitable<void> run() {
    for (int served = 0; served < requests_max; ++served) {
      const bool last = served + 1 == requests_max;
      const bool goes_on = co_await one_request(last);
      if (!goes_on) co_return;
    }
  }

 private:
  // False when the connection is over.
  Awaitable<bool> one_request(bool last) {
    std::size_t head_size = 0;
    http::Refusal refusal;
    const bool came = co_await read_head(head_size, refusal);
    if (!came) co_return false;
    began_ = Clock::now();
    if (refusal.what[0] != '\0') {
      const bool answered = co_await answer_malformed(refusal);
      co_return answered;
    }
    if (!still_trusted()) co_return false;
    const std::string head_text = buffer_.substr(0, head_size);
    wipe_front(head_size);
    http::Head head;
    if (!http::parse_request(head_text, head, refusal)) {
      const bool answered = co_await answer_malformed(refusal);
      co_return answered;
    }
    std::optional<std::string> body;
    const bool whole = co_await read_body(head, body, refusal);
    if (refusal.what[0] != '\0') {
      const bool answered = co_await answer_malformed(refusal);
      co_return answered;
    }
    if (!whole) co_return false;
    const bool close = head.close || last || stopping_.load() || !body;
    ++desk_.gate.metrics.under_way;
    Answer answer;
    if (head.target.starts_with(audit_path) && known_caller())
      answer = desk_.gate.audit->answer(caller_.oin, head, body.value_or(std::string()));
    else
      answer = co_await run_exchange(desk_, caller_, head, std::move(body));
    const bool sent = co_await send(answer, close);
    --desk_.gate.metrics.under_way;
    co_return sent && !close;
  }

  Awaitable<bool> read_more() {
    const long size = co_await stream_.read(read_block().data(), read_block().size());
    if (size <= 0) co_return false;
    buffer_.append(read_block().data(), static_cast<std::size_t>(size));
    OPENSSL_cleanse(read_block().data(), static_cast<std::size_t>(size));
    co_return true;
  }

  Awaitable<bool> read_head(std::size_t& size, http::Refusal& refusal) {
    stream_.due_in(idle_time);
    bool begun = false;
    for (;;) {
      if (!buffer_.empty()) {
        size = http::find_head(buffer_, refusal);
        if (size > 0 || refusal.what[0] != '\0') co_return true;
        if (!begun) stream_.due_in(head_time);
        begun = true;
      }
      if (stopping_.load() && buffer_.empty()) co_return false;
      const bool more = co_await read_more();
      if (!more) co_return false;
    }
  }

  // Leaves `body` empty when the request is refused without asking for it.
  Awaitable<bool> read_body(const http::Head& head, std::optional<std::string>& body, http::Refusal& refusal) {
    if (head.framing == http::Framing::none) {
      body.emplace();
      co_return true;
    }
    if (head.expects_continue && buffer_.empty()) {
      // A refusal that the body cannot change is given without asking for it.
      if (!head.target.starts_with(audit_path) && !worth_reading(desk_, caller_, head)) co_return true;
      const bool asked = co_await stream_.write("HTTP/1.1 100 Continue\r\n\r\n");
      if (!asked) co_return false;
    }
    stream_.due_in(body_time);
    http::BodyReader reader(head, http::request_body_max);
    for (;;) {
      std::size_t used = 0;
      const auto state = reader.feed(buffer_, used);
      wipe_front(used);
      if (state == http::BodyReader::State::refused) {
        refusal = reader.refusal();
        co_return true;
      }
      if (state == http::BodyReader::State::done) break;
      const bool more = co_await read_more();
      if (!more) co_return false;
    }
    body = std::move(reader.body());
    co_return true;
  }

  void wipe_front(std::size_t size) {
    OPENSSL_cleanse(buffer_.data(), size);
    buffer_.erase(0, size);
  }

  bool known_caller() {
    const auto published = desk_.published.get();
    return published->snapshot->registers().organisations.contains(caller_.oin);
  }

  // After a reload of the CRL the peer is judged again before its next request counts.
  bool still_trusted() {
    const auto newest = newest_tls_.get();
    if (newest->generation() == generation_) return true;
    if (!certificate_ || !newest->still_trusts(certificate_.get(), SSL_get_peer_cert_chain(stream_.ssl())))
      return false;
    generation_ = newest->generation();
    return true;
  }

  Awaitable<bool> answer_malformed(http::Refusal refusal) {
    Answer answer = co_await refuse_malformed(desk_, caller_, refusal);
    co_await send(answer, true);
    co_return false;
  }

  Awaitable<bool> send(const Answer& answer, bool close) {
    stream_.due_in(answer_time);
    std::string message = head_of(answer, close);
    const std::size_t head_size = message.size();
    message += answer.body;
    const std::size_t before = stream_.written();
    const bool sent = co_await stream_.write(message);
    const std::size_t written = stream_.written() - before;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_).count();
    record_outcome(desk_, answer, sent, written > head_size ? written - head_size : 0, micros);
    OPENSSL_cleanse(message.data(), message.size());
    co_return sent;
  }

  Desk& desk_;
  TlsStream& stream_;
  Shared<TlsContext>::Reader& newest_tls_;
  const std::atomic<bool>& stopping_;
  std::uint64_t generation_;
  CertificatePointer certificate_;
  Caller caller_;
  Clock::time_point began_{};
  std::string buffer_;
};

}  // namespace

Awaitable<void> serve_session(Desk& desk, Socket socket, std::shared_ptr<const TlsContext> tls,
                              Shared<TlsContext>::Reader& newest_tls, Deadlines& deadlines, SessionLimits& limits,
                              const std::atomic<bool>& stopping) {
  const Counted counted(limits.connections);
  if (limits.connections > SessionLimits::connections_max) co_return;
  ++desk.gate.metrics.connections;
  boost::system::error_code gone;
  std::string address = socket.remote_endpoint(gone).address().to_string();
  TlsStream stream(std::move(socket), std::move(tls), deadlines);
  stream.due_in(handshake_time);
  bool trusted = false;
  {
    const Counted shaking(limits.handshakes);
    if (limits.handshakes > SessionLimits::handshakes_max) co_return;
    trusted = co_await stream.accept();
  }
  if (!trusted) {
    ++desk.gate.metrics.handshake_failures;
    co_return;
  }
  ++desk.gate.metrics.open_connections;
  {
    Session session(desk, stream, std::move(address), newest_tls, stopping);
    co_await session.run();
  }
  --desk.gate.metrics.open_connections;
}

}  // namespace koppelpoort
