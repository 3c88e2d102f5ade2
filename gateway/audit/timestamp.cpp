#include "gateway/audit/timestamp.hpp"

#include <openssl/http.h>
#include <openssl/ts.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "gateway/keys/seal.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "gateway/threads/background.hpp"
#include "gateway/tls/openssl.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t answer_max = 65'536;
constexpr int answer_seconds = 5;                // a gate that stops waits no longer for it
constexpr std::int64_t clock_differs_most = 60;  // seconds between the authority's clock and ours

using Query = std::unique_ptr<TS_REQ, FreeWith<TS_REQ_free>>;
using Imprint = std::unique_ptr<TS_MSG_IMPRINT, FreeWith<TS_MSG_IMPRINT_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, FreeWith<X509_ALGOR_free>>;
using Number = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;
using Response = std::unique_ptr<TS_RESP, FreeWith<TS_RESP_free>>;
using Check = std::unique_ptr<TS_VERIFY_CTX, FreeWith<TS_VERIFY_CTX_free>>;
using Roots = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;

Number number_of(std::uint64_t value) {
  Number number(ASN1_INTEGER_new());
  if (number == nullptr || ASN1_INTEGER_set_uint64(number.get(), value) != 1)
    throw std::runtime_error("no number can be made");
  return number;
}

const unsigned char* unsigned_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::int64_t time_of(TS_RESP& response) {
  TS_TST_INFO* info = TS_RESP_get_tst_info(&response);
  std::tm parts{};
  if (info == nullptr || ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1) return 0;
  return ::timegm(&parts);
}

}  // namespace

std::string timestamp_query(std::string_view bytes, std::optional<std::uint64_t> nonce) {
  const Query query(TS_REQ_new());
  const Imprint imprint(TS_MSG_IMPRINT_new());
  const Algorithm algorithm(X509_ALGOR_new());
  Hash hash = sha256_of(bytes);
  const Number number = number_of(nonce.value_or(0));
  const bool made =
      query && imprint && algorithm &&
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
      TS_MSG_IMPRINT_set_msg(imprint.get(), hash.data(), static_cast<int>(hash.size())) == 1 &&
      TS_REQ_set_version(query.get(), 1) == 1 && TS_REQ_set_msg_imprint(query.get(), imprint.get()) == 1 &&
      (!nonce || TS_REQ_set_nonce(query.get(), number.get()) == 1) && TS_REQ_set_cert_req(query.get(), 1) == 1;
  if (!made) throw std::runtime_error("no timestamp query can be made: " + openssl_error());
  unsigned char* der = nullptr;
  const int size = i2d_TS_REQ(query.get(), &der);
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(std::max(size, 0)));
  OPENSSL_free(der);
  return out;
}

Stamp check_stamp(std::string_view der, std::string_view bytes, const std::string& authorities,
                  std::optional<std::int64_t> at, std::optional<std::uint64_t> nonce) {
  const auto* rest = unsigned_of(der);
  const Response response(d2i_TS_RESP(nullptr, &rest, static_cast<long>(der.size())));
  if (response == nullptr || rest != unsigned_of(der) + der.size()) return {"is no timestamp (RFC 3161)", 0};
  Stamp stamp{{}, time_of(*response)};
  Roots roots(X509_STORE_new());
  if (roots == nullptr || X509_STORE_load_file(roots.get(), authorities.c_str()) != 1)
    return {authorities + ": holds no authorities", 0};
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(roots.get()), at.value_or(stamp.time));
  const std::string asked = timestamp_query(bytes, nonce);
  const auto* from = unsigned_of(asked);
  const Query query(d2i_TS_REQ(nullptr, &from, static_cast<long>(asked.size())));
  const Check check(TS_REQ_to_TS_VERIFY_CTX(query.get(), nullptr));
  if (check == nullptr) return {"cannot be checked: " + openssl_error(), 0};
  TS_VERIFY_CTX_add_flags(check.get(), TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(check.get(), roots.release());
  if (TS_RESP_verify_response(check.get(), response.get()) != 1) stamp.fault = openssl_error();
  return stamp;
}

std::string fetch_stamp(const std::string& url, const std::string& query) {
  char *host = nullptr, *port = nullptr, *path = nullptr;
  int number = 0, tls = 0;
  if (OSSL_HTTP_parse_url(url.c_str(), &tls, nullptr, &host, &port, &number, &path, nullptr, nullptr) != 1 || tls != 0)
    throw std::runtime_error(url + ": is no http:// address");
  const BioPointer body(BIO_new_mem_buf(query.data(), static_cast<int>(query.size())));
  const BioPointer answer(OSSL_HTTP_transfer(nullptr, host, port, path, 0, nullptr, "", nullptr, nullptr, nullptr,
                                             nullptr, 0, nullptr, "application/timestamp-query", body.get(),
                                             "application/timestamp-reply", 1, answer_max, answer_seconds, 0));
  for (char* each : {host, port, path}) OPENSSL_free(each);
  if (answer == nullptr) throw std::runtime_error(url + ": gives no timestamp: " + openssl_error());
  std::string der;
  std::array<char, 4096> block{};
  for (int size = 0; (size = BIO_read(answer.get(), block.data(), block.size())) > 0;)
    der.append(block.data(), static_cast<std::size_t>(size));
  return der;
}

struct TimestampClient::Impl {
  Impl(const Ledger& records, std::string where, AuditSettings given, State& counted, Log says)
      : ledger(records),
        folder(std::move(where)),
        settings(std::move(given)),
        state(counted),
        log(std::move(says)),
        background([this](Background& own) { run(own); }) {}

  void run(Background& own) {
    do {
      try {
        stamp();
      } catch (const std::exception& error) {
        ++state.failures;
        log(std::string("no timestamp: ") + error.what());
      }
    } while (own.wait(settings.timestamp_every));
  }

  void stamp() {
    const std::string note = ledger.checkpoint();
    const auto checkpoint = parse_checkpoint(body_of(note));
    if (!checkpoint || checkpoint->size == state.stamped_size.load()) return;
    std::uint64_t nonce = 0;
    const std::string random = random_bytes(sizeof nonce);
    std::memcpy(&nonce, random.data(), sizeof nonce);
    nonce >>= 1u;  // positive for every authority
    const std::string body(body_of(note));
    const std::int64_t now = Ledger::system_micros() / 1'000'000;
    const std::string der = fetch_stamp(settings.timestamp_url, timestamp_query(body, nonce));
    const Stamp made = check_stamp(der, body, settings.timestamp_authorities, now, nonce);
    if (!made.fault.empty()) throw std::runtime_error(settings.timestamp_url + ": " + made.fault);
    if (std::abs(made.time - now) > clock_differs_most)
      throw std::runtime_error(settings.timestamp_url + ": its clock and ours are " +
                               std::to_string(std::abs(made.time - now)) + " s apart");
    const std::string place = folder + "/" + timestamps_name + "/" + std::to_string(checkpoint->size);
    write_durably(place + ".note", note);
    write_durably(place + ".tsr", der);
    state.stamped_size = checkpoint->size;
    state.stamped_at = now;
  }

  const Ledger& ledger;
  std::string folder;
  AuditSettings settings;
  State& state;
  Log log;
  Background background;  // last: it uses the others
};

TimestampClient::TimestampClient(const Ledger& ledger, std::string folder, AuditSettings settings, State& state,
                                 Log log)
    : impl_(std::make_unique<Impl>(ledger, std::move(folder), std::move(settings), state, std::move(log))) {}
TimestampClient::~TimestampClient() = default;

}  // namespace koppelpoort
