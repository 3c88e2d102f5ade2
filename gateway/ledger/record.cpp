#include "gateway/ledger/record.hpp"

#include <openssl/evp.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "gateway/ledger/encoding.hpp"
#include "legal_bases/date.hpp"

namespace koppelpoort {
namespace {

constexpr auto needs_escape = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 256; ++c) table[c] = c < 0x20 || c == '"' || c == '\\';
  return table;
}();

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4u];
      out += digits[static_cast<unsigned char>(c) & 15u];
  }
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape[static_cast<unsigned char>(text[i])]) continue;
    out.append(text.substr(plain, i - plain));
    append_escape(out, text[i]);
    plain = i + 1;
  }
  out.append(text.substr(plain));
}

void put_text(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

// Every record has these; in the order of the keys.
constexpr std::array<RecordKey, 2> fixed_keys{"kind", "ts"};

void put_key(std::string& out, std::string_view name) {
  if (out.size() > 1) out += ',';
  out += '"';
  out += name;
  out += "\":";
}

Hash hashed(std::string_view before, std::string_view bytes) {
  static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> owned(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_MD_CTX* const context = owned.get();
  Hash hash{};
  const bool done = sha256 != nullptr && context != nullptr && EVP_DigestInit_ex2(context, sha256, nullptr) == 1 &&
                    EVP_DigestUpdate(context, before.data(), before.size()) == 1 &&
                    EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1;
  if (!done) {
    std::fprintf(stderr, "invariant broken: SHA-256 failed\n");
    std::abort();
  }
  return hash;
}

}  // namespace

RecordWriter::RecordWriter(std::string_view kind) : kind_(kind) {
  record_.text.reserve(1024);
  record_.text = "{";
}

RecordWriter RecordWriter::plain() {
  RecordWriter writer({});
  writer.fixed_ = fixed_keys.size();
  return writer;
}

void RecordWriter::add_fixed_before(std::uint64_t order) {
  while (fixed_ < fixed_keys.size() && fixed_keys[fixed_].order < order) {
    put_key(record_.text, fixed_keys[fixed_].text);
    record_.text += '"';
    if (fixed_ == 0) {
      record_.text += kind_;
    } else {
      record_.time_at = record_.text.size();
      record_.text.append(time_text_size, ' ');
    }
    record_.text += '"';
    ++fixed_;
  }
}

void RecordWriter::key(RecordKey name) {
  if (name.order <= last_key_) {
    std::fprintf(stderr, "invariant broken: ledger record keys out of order\n");
    std::abort();
  }
  last_key_ = name.order;
  add_fixed_before(name.order);
  put_key(record_.text, name.text);
}

RecordWriter& RecordWriter::add(RecordKey name, std::string_view text) {
  key(name);
  put_text(record_.text, text);
  return *this;
}

RecordWriter& RecordWriter::add(RecordKey name, std::int64_t number) {
  key(name);
  record_.text += std::to_string(number);
  return *this;
}

RecordWriter& RecordWriter::add(RecordKey name, const std::vector<std::string>& texts) {
  key(name);
  record_.text += '[';
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) record_.text += ',';
    put_text(record_.text, texts[i]);
  }
  record_.text += ']';
  return *this;
}

PendingRecord RecordWriter::finish() {
  add_fixed_before(~std::uint64_t{0});
  record_.text += '}';
  return std::move(record_);
}

std::string text_of(const Hash& hash) { return base64({reinterpret_cast<const char*>(hash.data()), hash.size()}); }

Hash sha256_of(std::string_view before, std::string_view bytes) { return hashed(before, bytes); }

Hash sha256_of(std::string_view bytes) { return hashed(bytes.substr(0, 0), bytes); }

Hash leaf_hash(std::string_view entry) { return hashed(std::string_view("\0", 1), entry); }

std::string time_text(std::int64_t micros) {
  using namespace std::chrono;
  const std::int64_t second = micros / 1'000'000;
  // Whole records a second share the date; only the digits behind it change.
  thread_local std::int64_t last_second = -1;
  thread_local std::string text;
  if (second != last_second) {
    text = to_text(Instant{seconds{second}});
    text.pop_back();
    text += ".000000Z";
    last_second = second;
  }
  std::int64_t fraction = micros % 1'000'000;
  for (std::size_t at = time_text_size - 2; at > time_text_size - 8; --at) {
    text[at] = static_cast<char>('0' + fraction % 10);
    fraction /= 10;
  }
  return text;
}

std::int64_t micros_of(std::string_view time) {
  if (time.size() != time_text_size) return 0;
  const auto second = parse_instant(std::string(time.substr(0, 19)) + "Z");
  std::int64_t fraction = 0;
  for (const char c : time.substr(20, 6)) fraction = fraction * 10 + (c - '0');
  return second ? second->time_since_epoch().count() * 1'000'000 + fraction : 0;
}

}  // namespace koppelpoort
