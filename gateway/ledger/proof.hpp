// A proof that one record is in the log, as text that its holder keeps (C2SP tlog-proof): needs no log to be checked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/ledger/note.hpp"
#include "gateway/ledger/tree.hpp"

namespace koppelpoort {

struct RecordProof {
  std::int64_t index = 0;
  Proof hashes;
  std::string checkpoint;  // a signed note

  std::string text() const;
};

// Nothing when it is not exactly the text that `text` makes.
std::optional<RecordProof> parse_proof(std::string_view text);

// Empty when the record with this leaf hash is in the log of this key, as the proof says; else what is wrong.
std::string fault_of(const RecordProof& proof, const Hash& leaf, const NoteVerifier& key);

// From a receipt (`origin index leaf-hash`), as answers carry it.
struct ReceiptText {
  std::string origin;
  std::int64_t index = 0;
  Hash leaf{};
};
std::optional<ReceiptText> parse_receipt(std::string_view text);

}  // namespace koppelpoort
