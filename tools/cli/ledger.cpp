// `koppelpoort ledger verify|export|prove|check`: the record of every exchange, offline, from the files alone.
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

#include "adapters/store/sqlite/ledger_index.hpp"
#include "gateway/audit/evidence.hpp"
#include "gateway/config/config.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/proof.hpp"
#include "gateway/ledger/tiles.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

struct LedgerOptions {
  std::string config, folder, exported, key, since, record, proof, receipt, policy, authorities;
  bool json = false;
};

std::string text_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) throw Failure(path + " cannot be read, or is empty");
  return std::move(text).str();
}

std::string folder_of(const LedgerOptions& options) {
  if (!options.folder.empty()) return options.folder;
  if (options.config.empty()) throw Failure("name --config or --folder");
  return config_or_fail(options.config).ledger_folder();
}

// A public key is worth what its source is worth: given by hand it proves more than the one that lies beside the
// records.
NoteVerifier key_of(const LedgerOptions& options, const std::string& folder) {
  std::string text = options.key;
  if (text.empty()) text = text_of_file(folder + "/" + ledger_vkey_name);
  while (text.ends_with("\n")) text.pop_back();
  auto key = NoteVerifier::parse(text);
  if (!key) throw Failure("`" + text + "` is no public key of a log (name+id+key)");
  return *key;
}

// What lies beside the records, and what the caller holds of them.
LedgerEvidence evidence_of(const LedgerOptions& options, const std::string& folder, const NoteVerifier& key) {
  std::optional<AuditPolicy> policy;
  if (!options.policy.empty()) policy = AuditPolicy::parse(text_of_file(options.policy));
  LedgerEvidence evidence = read_evidence(folder, key, policy ? &*policy : nullptr, options.authorities);
  if (!options.since.empty()) {
    const auto earlier = open_checkpoint(text_of_file(options.since), key);
    if (!earlier) throw Failure(options.since + " is no checkpoint signed by " + key.name());
    evidence.held.push_back({*earlier, options.since});
  }
  return evidence;
}

void print_evidence(const LedgerEvidence& evidence, const LedgerOptions& options) {
  if (!evidence.cosigned.empty()) {
    const auto checkpoint = parse_checkpoint(body_of(evidence.cosigned));
    std::cout << "witnesses signed for " << (checkpoint ? checkpoint->size : 0) << " records"
              << (options.policy.empty() ? " (not judged: give --policy)" : ", as the policy asks") << "\n";
  }
  if (evidence.stamps.empty()) return;
  const TimeEvidence& newest = evidence.stamps.back();
  std::cout << evidence.stamps.size() << " timestamps, the newest for " << newest.checkpoint.size << " records";
  if (options.authorities.empty())
    std::cout << " (not judged: give --timestamps)\n";
  else
    std::cout << " of " << to_text(Instant{std::chrono::seconds{newest.time}}) << "\n";
}

void print_report(const LedgerReport& report, const LedgerEvidence& evidence, const LedgerOptions& options,
                  bool watched, double seconds) {
  const auto checkpoint = parse_checkpoint(body_of(report.checkpoint));
  if (options.json) {
    const boost::json::object out{{"verified", report.fault.empty()},
                                  {"records", report.records},
                                  {"decisions", report.decisions},
                                  {"releases", report.releases},
                                  {"outcomes", report.outcomes},
                                  {"origin", checkpoint ? checkpoint->origin : ""},
                                  {"size", checkpoint ? checkpoint->size : 0},
                                  {"root", checkpoint ? text_of(checkpoint->root) : ""},
                                  {"unsigned", report.unsigned_records},
                                  {"fault", report.fault},
                                  {"sound", report.sound},
                                  {"timestamps", evidence.stamps.size()},
                                  {"cosigned", !evidence.cosigned.empty()},
                                  {"head_known", report.head_known}};
    std::cout << boost::json::serialize(out) << "\n";
    return;
  }
  if (watched) std::cout << "\r";
  if (!report.fault.empty()) {
    std::cout << "NOT verified: " << report.fault << "\n";
    if (report.sound > 0) std::cout << "The first " << report.sound << " records stand under a signature that fits.\n";
    std::cout << "Keep the files and compare with your export.\n";
    return;
  }
  std::cout << "verified: " << report.records << " records (" << report.decisions << " decisions, " << report.releases
            << " releases, " << report.outcomes << " outcomes) in " << seconds << " s\n";
  if (report.unsigned_records > 0)
    std::cout << report.unsigned_records << " more are being written and not signed yet; nobody was told of them\n";
  if (checkpoint)
    std::cout << "log " << checkpoint->origin << ", " << checkpoint->size << " records under root "
              << text_of(checkpoint->root) << "\n";
  print_evidence(evidence, options);
  if (!report.head_known)
    std::cout << "The file `head` is not there, so nobody can say whether the newest records are.\n";
  if (options.key.empty())
    std::cout << "The key was taken from the folder itself; give --key to hold it to the one you trust.\n";
}

int verify(const LedgerOptions& options) {
  const std::string folder = options.exported.empty() ? folder_of(options) : options.exported;
  const NoteVerifier key = key_of(options, folder);
  const auto begin = std::chrono::steady_clock::now();
  const bool watched = person_watches() && !options.json;
  const auto progress = [&](std::int64_t records) {
    if (watched) std::cout << "\r" << records << " records" << std::flush;
  };
  const LedgerEvidence evidence = evidence_of(options, folder, key);
  LedgerReport report = options.exported.empty() ? verify_ledger(folder, key, evidence.held, progress)
                                                 : verify_tiles(folder, key, evidence.held, progress);
  if (report.fault.empty()) report.fault = evidence.fault;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  print_report(report, evidence, options, watched, seconds);
  return report.fault.empty() ? exit_yes : exit_no;
}

int export_ledger(const LedgerOptions& options) {
  const std::string folder = folder_of(options);
  const Checkpoint checkpoint = export_tiles(folder, options.exported, key_of(options, folder));
  copy_evidence(folder, options.exported);
  std::cout << checkpoint.size << " records of " << checkpoint.origin << " in " << options.exported
            << "\nCheck with: koppelpoort ledger verify --export " << options.exported << "\n";
  return exit_yes;
}

std::int64_t index_of(const LedgerOptions& options, const std::string& folder) {
  const std::string& record = options.record;
  if (record.empty()) throw Failure("name a record: its index, or the id of a decision");
  if (record.find_first_not_of("0123456789") == std::string::npos && record.size() < 16) return std::stoll(record);
  std::int64_t index = -1;
  read_log(folder, [&](std::int64_t at, std::string_view entry) {
    if (member_of(entry, "kind") == "decision" && member_of(entry, "tx") == record) index = at;
    return index < 0;
  });
  if (index < 0) throw Failure("the ledger holds no decision `" + record + "`");
  return index;
}

int prove(const LedgerOptions& options) {
  const std::string folder = folder_of(options);
  const NoteVerifier key = key_of(options, folder);
  const std::int64_t index = index_of(options, folder);
  std::vector<Hash> leaves;
  std::string entry;
  const LogReading reading = read_log(
      folder,
      [&](std::int64_t at, std::string_view each) {
        leaves.push_back(leaf_hash(each));
        if (at == index) entry = each;
        return true;
      },
      &key);
  if (!reading.damage.empty()) throw Failure("the ledger is damaged: " + reading.damage);
  if (index >= static_cast<std::int64_t>(leaves.size()))
    throw Failure("the newest checkpoint covers " + std::to_string(leaves.size()) + " records; there is no " +
                  options.record);
  const auto place = static_cast<std::size_t>(index);
  std::cout << RecordProof{index, inclusion_proof(leaves, place), reading.checkpoint}.text();
  std::cerr << "receipt: " << key.name() << " " << index << " " << text_of(leaves[place]) << "\nrecord: " << entry
            << "\n";
  return exit_yes;
}

// After a whole ledger was restored on purpose: what is here counts as the newest there is from now on.
int adopt(const LedgerOptions& options) {
  const std::string folder = folder_of(options);
  const NoteVerifier key = key_of(options, folder);
  const LogReading reading = read_log(folder, {}, &key);
  if (!reading.damage.empty()) throw Failure("nothing was changed; the ledger is damaged: " + reading.damage);
  if (reading.head.size == 0) throw Failure("nothing was changed; there is no ledger in " + folder);
  remember_head(folder, reading.head);
  std::cout << reading.head.size << " records are the newest from now on. Tell whoever holds later checkpoints or "
            << "receipts: they will see that records are gone.\n";
  return exit_yes;
}

int check(const LedgerOptions& options) {
  if (options.key.empty()) throw Failure("name --key: the public key of the log, from its owner");
  const auto proof = parse_proof(text_of_file(options.proof));
  const auto receipt = parse_receipt(options.receipt);
  if (!proof) throw Failure(options.proof + " is no proof of a record (c2sp.org/tlog-proof@v1)");
  if (!receipt)
    throw Failure("`" + options.receipt + "` is no receipt (origin, index and hash, as in the answer's header)");
  const NoteVerifier key = key_of(options, {});
  std::string fault = fault_of(*proof, receipt->leaf, key);
  if (fault.empty() && (receipt->origin != key.name() || receipt->index != proof->index))
    fault = "the proof is about another record than the receipt";
  std::cout << (fault.empty() ? "the record is in the log\n" : "NOT proven: " + fault + "\n");
  return fault.empty() ? exit_yes : exit_no;
}

}  // namespace

void add_ledger(CLI::App& app, int& result) {
  auto options = std::make_shared<LedgerOptions>();
  auto* command = app.add_subcommand("ledger", "the record of every exchange");
  command->require_subcommand(1);
  const auto where = [&](CLI::App* each) {
    auto* config = each->add_option("--config", options->config, "configuration file");
    each->add_option("--folder", options->folder, "the ledger's folder, for a copy elsewhere")->excludes(config);
    each->add_option("--key", options->key, "public key of the log (name+id+key); else the one that lies there");
  };

  auto* verify_command = command->add_subcommand("verify", "check every byte, every signature and every root");
  where(verify_command);
  verify_command->add_option("--export", options->exported, "an export instead of a ledger");
  verify_command->add_option("--since", options->since, "file with an earlier checkpoint that must still hold");
  verify_command->add_option("--policy", options->policy,
                             "file with witnesses and quorum that must have signed (tlog-policy)");
  verify_command->add_option("--timestamps", options->authorities,
                             "PEM file of the roots that timestamps must lead to");
  verify_command->add_flag("--json", options->json, "for machines");
  verify_command->footer(
      "Example: koppelpoort ledger verify --config koppelpoort.toml\nExit 1 when something was changed.");
  verify_command->callback([options, &result] { result = verify(*options); });

  auto* export_command = command->add_subcommand("export", "write records, hashes and checkpoint as tiles (C2SP)");
  where(export_command);
  export_command->add_option("to", options->exported, "folder; an earlier export goes on")->required();
  export_command->footer("Example: koppelpoort ledger export --config koppelpoort.toml /backup/ledger");
  export_command->callback([options, &result] { result = export_ledger(*options); });

  auto* prove_command = command->add_subcommand("prove", "the proof that one record is in the log");
  where(prove_command);
  prove_command->add_option("record", options->record, "index, or the id of a decision")->required();
  prove_command->footer("Example: koppelpoort ledger prove --config koppelpoort.toml 17 > 17.tlog-proof");
  prove_command->callback([options, &result] { result = prove(*options); });

  auto* adopt_command = command->add_subcommand("adopt", "after a restore on purpose: take this ledger as the newest");
  where(adopt_command);
  adopt_command->footer("Example: koppelpoort ledger adopt --config koppelpoort.toml");
  adopt_command->callback([options, &result] { result = adopt(*options); });

  auto* check_command = command->add_subcommand("check", "hold a proof and a receipt against a log's public key");
  check_command->add_option("proof", options->proof, "file made by `ledger prove`")->required();
  check_command->add_option("--receipt", options->receipt, "what the answer said in Koppelpoort-Receipt")->required();
  check_command->add_option("--key", options->key, "public key of the log (name+id+key)");
  check_command->footer("Example: koppelpoort ledger check 17.tlog-proof --receipt \"$RECEIPT\" --key \"$(cat vkey)\"");
  check_command->callback([options, &result] { result = check(*options); });
}

}  // namespace koppelpoort::cli
