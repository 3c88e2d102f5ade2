// A ledger with all that lies beside it, for verifiers that others wrote: export, proofs, an earlier checkpoint, what a
// witness signed, and a timestamp question. Usage: make_evidence FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "gateway/audit/timestamp.hpp"
#include "gateway/audit/witness.hpp"
#include "gateway/ledger/proof.hpp"
#include "gateway/ledger/tiles.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

void save(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void fill(Ledger& ledger, int from, int until) {
  for (int i = from; i < until; ++i) {
    RecordWriter record("decision");
    record.add("tx", "tx-" + std::to_string(i)).add("verdict", "block");
    ledger.append(record.finish(), {});
  }
  ledger.settle();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "make_evidence FOLDER\n");
    return 2;
  }
  const std::string folder = arguments[1], log = folder + "/ledger";
  std::filesystem::create_directories(log);
  std::string before;
  {
    const auto ledger = test::open_ledger(log);
    fill(*ledger, 0, 300);
    before = ledger->checkpoint();
    fill(*ledger, 300, 700);
  }
  const NoteVerifier key = ledger_vkey(log).value();
  const Checkpoint checkpoint = export_tiles(log, folder + "/export", key);
  const auto earlier = parse_checkpoint(body_of(before)).value();
  std::vector<Hash> leaves;
  std::vector<std::string> entries;
  const LogReading reading = read_log(log, [&](std::int64_t, std::string_view entry) {
    leaves.push_back(leaf_hash(entry));
    entries.emplace_back(entry);
    return true;
  });
  save(folder + "/before", before);
  std::string hashes;
  const Proof consistency = consistency_proof(leaves, static_cast<std::size_t>(earlier.size));
  for (const Hash& hash : consistency) hashes += text_of(hash) + "\n";
  save(folder + "/consistency", hashes);
  for (const std::size_t index : {0u, 5u, 255u, 256u, 600u, 700u}) {
    const auto place = static_cast<std::int64_t>(index);
    const RecordProof proof{place, inclusion_proof(leaves, index), reading.checkpoint};
    save(folder + "/proofs/" + std::to_string(index) + ".tlog-proof", proof.text());
    save(folder + "/proofs/" + std::to_string(index) + ".record", entries[index]);
  }
  Witness witness(folder + "/witness",
                  NoteSigner::of_seed("witness.example.nl/w1", std::string(32, 'w'), NoteKey::witness), {key},
                  [] { return 1'767'225'600; });
  const auto signed_line = witness.add_checkpoint(checkpoint_request(0, {}, reading.checkpoint));
  if (signed_line.status != 200) return 1;
  save(folder + "/cosigned", reading.checkpoint + signed_line.body);
  save(folder + "/witness.vkey", witness.verifier().text() + "\n");
  const std::string body(body_of(reading.checkpoint));
  save(folder + "/body", body);
  save(folder + "/query.tsq", timestamp_query(body, 42));
  std::printf("%lld records\n", static_cast<long long>(checkpoint.size));
  return 0;
}
