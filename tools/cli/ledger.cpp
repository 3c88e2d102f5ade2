// `koppelpoort ledger verify|export|prove|check`: the record of every exchange, offline, from the files alone.
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

#include "adapters/store/sqlite/ledger_index.hpp"
#include "gateway/config/config.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/proof.hpp"
#include "gateway/ledger/tiles.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

struct LedgerOptions {
  std::string config, folder, exported, key, since, record, proof, receipt;
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

// That the ledger still begins with what an earlier checkpoint signed. Empty when it does.
std::string fault_since(const LedgerOptions& options, const NoteVerifier& key, const std::string& folder) {
  const auto old = open_checkpoint(text_of_file(options.since), key);
  if (!old) return options.since + " is no checkpoint signed by " + key.name();
  Edge edge;
  bool fits = old->size == 0;
  read_log(folder, [&](std::int64_t index, std::string_view entry) {
    edge.append(leaf_hash(entry));
    if (index + 1 == old->size) fits = edge.root() == old->root;
    return index + 1 < old->size;
  });
  if (fits) return {};
  return "the first " + std::to_string(old->size) + " records are not those of the earlier checkpoint";
}

void print_report(const LedgerReport& report, const LedgerOptions& options, bool watched, double seconds) {
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
                                  {"bad_index", report.bad_index}};
    std::cout << boost::json::serialize(out) << "\n";
    return;
  }
  if (watched) std::cout << "\r";
  if (!report.fault.empty()) {
    std::cout << "NOT verified: " << report.fault << "\nRecords before " << report.bad_index
              << " are as they were written. Keep the files and compare with your export.\n";
    return;
  }
  std::cout << "verified: " << report.records << " records (" << report.decisions << " decisions, " << report.releases
            << " releases, " << report.outcomes << " outcomes) in " << seconds << " s\n";
  if (report.unsigned_records > 0)
    std::cout << report.unsigned_records << " more are being written and not signed yet; nobody was told of them\n";
  if (checkpoint)
    std::cout << "log " << checkpoint->origin << ", " << checkpoint->size << " records under root "
              << text_of(checkpoint->root) << "\n";
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
  LedgerReport report =
      options.exported.empty() ? verify_ledger(folder, key, progress) : verify_tiles(folder, key, progress);
  if (report.fault.empty() && !options.since.empty()) {
    report.fault = fault_since(options, key, folder);
    report.bad_index = report.fault.empty() ? -1 : 0;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  print_report(report, options, watched, seconds);
  return report.fault.empty() ? exit_yes : exit_no;
}

int export_ledger(const LedgerOptions& options) {
  const std::string folder = folder_of(options);
  const Checkpoint checkpoint = export_tiles(folder, options.exported, key_of(options, folder));
  std::cout << checkpoint.size << " records of " << checkpoint.origin << " in " << options.exported
            << "\nCheck with: koppelpoort ledger verify --export " << options.exported << "\n";
  return exit_yes;
}

std::int64_t index_of(const LedgerOptions& options, const std::string& folder) {
  const std::string& record = options.record;
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

  auto* check_command = command->add_subcommand("check", "hold a proof and a receipt against a log's public key");
  check_command->add_option("proof", options->proof, "file made by `ledger prove`")->required();
  check_command->add_option("--receipt", options->receipt, "what the answer said in Koppelpoort-Receipt")->required();
  check_command->add_option("--key", options->key, "public key of the log (name+id+key)");
  check_command->footer("Example: koppelpoort ledger check 17.tlog-proof --receipt \"$RECEIPT\" --key \"$(cat vkey)\"");
  check_command->callback([options, &result] { result = check(*options); });
}

}  // namespace koppelpoort::cli
