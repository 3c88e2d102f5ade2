#include "gateway/ledger/proof.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/ledger/encoding.hpp"

namespace koppelpoort {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1\n";
constexpr std::string_view index_word = "index ";
constexpr std::size_t hashes_max = 63;

std::optional<Hash> parse_hash(std::string_view text) {
  const auto bytes = from_base64(text);
  Hash hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

// The next line without its newline; nothing when none ends.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0 || std::to_string(number) != text)
    return std::nullopt;
  return number;
}

}  // namespace

std::string RecordProof::text() const {
  std::string out(first_line);
  out += std::string(index_word) + std::to_string(index) + "\n";
  for (const Hash& hash : hashes) out += text_of(hash) + "\n";
  return out + "\n" + checkpoint;
}

std::optional<RecordProof> parse_proof(std::string_view text) {
  if (!text.starts_with(first_line)) return std::nullopt;
  text.remove_prefix(first_line.size());
  const auto line = take_line(text);
  if (!line || !line->starts_with(index_word)) return std::nullopt;
  const auto index = parse_number(line->substr(index_word.size()));
  if (!index) return std::nullopt;
  RecordProof proof{*index, {}, {}};
  for (auto next = take_line(text); next; next = take_line(text)) {
    if (next->empty()) {
      proof.checkpoint = text;
      return proof;
    }
    const auto hash = parse_hash(*next);
    if (!hash || proof.hashes.size() == hashes_max) return std::nullopt;
    proof.hashes.push_back(*hash);
  }
  return std::nullopt;
}

std::string fault_of(const RecordProof& proof, const Hash& leaf, const NoteVerifier& key) {
  const auto checkpoint = open_checkpoint(proof.checkpoint, key);
  if (!checkpoint) return "the checkpoint is not signed by " + key.name();
  if (checkpoint->origin != key.name()) return "the checkpoint is of another log, " + checkpoint->origin;
  if (!includes(leaf, proof.index, checkpoint->size, proof.hashes, checkpoint->root))
    return "the record is not in the tree that the checkpoint signed";
  return {};
}

std::optional<ReceiptText> parse_receipt(std::string_view text) {
  const std::size_t first = text.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (first == 0 || second == std::string_view::npos) return std::nullopt;
  const auto index = parse_number(text.substr(first + 1, second - first - 1));
  const auto leaf = parse_hash(text.substr(second + 1));
  if (!index || !leaf) return std::nullopt;
  return ReceiptText{std::string(text.substr(0, first)), *index, *leaf};
}

}  // namespace koppelpoort
