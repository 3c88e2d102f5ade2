#include "gateway/exchange/private_part.hpp"

#include "gateway/keys/seal.hpp"
#include "gateway/ledger/encoding.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/record.hpp"

namespace koppelpoort {
namespace {

constexpr std::string_view commitment_label{"koppelpoort/priv/v1\0", 20};
constexpr std::size_t id_bytes = 8;

std::string json_of(const PrivatePart& part) {
  RecordWriter text = RecordWriter::plain();
  if (!part.application.empty()) text.add("application", part.application);
  if (!part.client.empty()) text.add("client", part.client);
  if (!part.evidence.empty()) text.add("evidence", part.evidence);
  if (!part.processing.empty()) text.add("processing", part.processing);
  if (!part.reason.empty()) text.add("reason", part.reason);
  if (!part.signal.empty()) text.add("signal", part.signal);
  if (!part.subjects.empty()) text.add("subj", part.subjects);
  if (!part.user.empty()) text.add("user", part.user);
  return text.finish().text;
}

PrivatePart part_of(std::string_view text) {
  PrivatePart part;
  for (Members members(text); members.next();) {
    if (members.name() == "application") part.application = members.text();
    if (members.name() == "client") part.client = members.text();
    if (members.name() == "evidence") part.evidence = members.texts();
    if (members.name() == "processing") part.processing = members.text();
    if (members.name() == "reason") part.reason = members.text();
    if (members.name() == "signal") part.signal = members.text();
    if (members.name() == "subj") part.subjects = members.texts();
    if (members.name() == "user") part.user = members.text();
  }
  return part;
}

std::string commitment_of(std::string_view blind_and_text) {
  return text_of(sha256_of(commitment_label, blind_and_text));
}

std::string with_id(std::int64_t id, const std::string& sealed) {
  std::string bytes;
  bytes.reserve(id_bytes + sealed.size());
  for (unsigned shift = 64; shift > 0;)
    bytes += static_cast<char>((static_cast<std::uint64_t>(id) >> (shift -= 8)) & 255u);
  return bytes + sealed;
}

}  // namespace

SealedPart seal_part(const PrivatePart& part, std::string_view blind, const DataKey& key) {
  std::string whole(blind);
  whole += json_of(part);
  SealedPart sealed{with_id(key.id, seal_bytes(key.bytes, whole)), commitment_of(whole), {}};
  sealed.digest = text_of(sha256_of(sealed.bytes));
  wipe(whole);
  return sealed;
}

std::optional<std::string> seal_again(std::string_view sealed, const DataKey& before, const DataKey& after) {
  if (sealed.size() < id_bytes) return std::nullopt;
  auto whole = open_bytes(before.bytes, sealed.substr(id_bytes));
  if (!whole) return std::nullopt;
  std::string again = with_id(after.id, seal_bytes(after.bytes, *whole));
  wipe(*whole);
  return again;
}

std::int64_t key_of_part(std::string_view sealed) {
  std::uint64_t id = 0;
  for (const char c : sealed.substr(0, id_bytes)) id = id << 8u | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(id);
}

std::optional<PrivatePart> open_part(std::int64_t position, std::string_view record, std::string_view sealed,
                                     DataKeys& keys) {
  if (sealed.size() < id_bytes) return std::nullopt;
  auto key = keys.find(key_of_part(sealed));
  std::optional<std::string> again;
  if (key == nullptr) {
    again = keys.part_again(position);
    if (!again) return std::nullopt;
    sealed = *again;
    key = keys.find(key_of_part(sealed));
    if (key == nullptr) return std::nullopt;
  }
  auto whole = open_bytes(key->bytes, sealed.substr(id_bytes));
  if (!whole || whole->size() < blind_bytes || commitment_of(*whole) != member_of(record, "priv"))
    throw KeyError("record " + std::to_string(position) + ": its private part is not the one it was written with");
  const PrivatePart part = part_of(std::string_view(*whole).substr(blind_bytes));
  wipe(*whole);
  return part;
}

std::string blinded_digest(std::string_view blind, std::string_view body) { return text_of(sha256_of(blind, body)); }

}  // namespace koppelpoort
