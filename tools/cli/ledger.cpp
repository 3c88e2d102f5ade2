// `koppelpoort ledger verify|export|prove|check|rotate|declare-fork`: the record of every exchange, offline, from the
// files alone.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

#include "gateway/audit/evidence.hpp"
#include "gateway/config/config.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/ledger/proof.hpp"
#include "gateway/ledger/succession.hpp"
#include "gateway/ledger/tiles.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

struct LedgerOptions {
  std::string config, folder, exported, key, since, record, log, proof, receipt, policy, authorities, reason;
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

bool names(const AuditPolicy& policy, const NoteVerifier& key) {
  return std::ranges::any_of(policy.logs(), [&](const NoteVerifier& log) { return log.text() == key.text(); });
}

// What lies beside the records of every log, and what the caller holds of them. `key` counts for a ledger of one log.
// A policy is about the logs that it names; when it names none of these, about the newest.
LedgerEvidence evidence_of(const LedgerOptions& options, const std::string& folder, const NoteVerifier& key) {
  std::optional<AuditPolicy> policy;
  if (!options.policy.empty()) policy = AuditPolicy::parse(text_of_file(options.policy));
  const auto logs = logs_in(folder);
  const auto key_of_log = [&](const LogFolder& log) {
    return logs.size() == 1 ? key : ledger_vkey(log.path).value_or(key);
  };
  const bool named =
      policy && std::ranges::any_of(logs, [&](const LogFolder& log) { return names(*policy, key_of_log(log)); });
  LedgerEvidence evidence;
  const std::string since = options.since.empty() ? std::string() : text_of_file(options.since);
  bool since_fits = since.empty();
  for (const auto& log : logs) {
    const NoteVerifier own = key_of_log(log);
    const bool judged = policy && (named ? names(*policy, own) : log.path == logs.back().path);
    LedgerEvidence beside = read_evidence(log.path, own, judged ? &*policy : nullptr, options.authorities);
    if (!beside.cosigned.empty()) evidence.cosigned = std::move(beside.cosigned);
    evidence.held.insert(evidence.held.end(), beside.held.begin(), beside.held.end());
    evidence.stamps.insert(evidence.stamps.end(), beside.stamps.begin(), beside.stamps.end());
    if (evidence.fault.empty()) evidence.fault = std::move(beside.fault);
    if (const auto earlier = since.empty() ? std::nullopt : open_checkpoint(since, own)) {
      evidence.held.push_back({*earlier, options.since});
      since_fits = true;
    }
  }
  if (!since_fits) throw Failure(options.since + " is no checkpoint signed by " + key.name());
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
    std::cout << " of " << to_text(instant_at(newest.time)) << "\n";
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
                                  {"logs", texts_json(report.origins)},
                                  {"forks", texts_json(report.forks)},
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
  if (report.origins.size() > 1) {
    std::cout << "it goes on from";
    for (std::size_t i = 0; i + 1 < report.origins.size(); ++i) std::cout << (i == 0 ? " " : ", ") << report.origins[i];
    std::cout << "\n";
  }
  for (const auto& fork : report.forks)
    std::cout << fork << " begins with a fork: an older copy was put back, and what came behind it is not here\n";
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

// Through the gate's own configuration it is recorded who reads; a copy elsewhere is its holder's.
std::string folder_to_read(const LedgerOptions& options, std::string_view what) {
  if (options.folder.empty() && !options.config.empty()) begin_reading(config_or_fail(options.config), what);
  return folder_of(options);
}

int export_ledger(const LedgerOptions& options) {
  const std::string folder = folder_to_read(options, "export");
  const Checkpoint checkpoint = export_tiles(folder, options.exported, key_of(options, folder));
  for (const auto& log : logs_in(folder))
    copy_evidence(log.path, log.base == 0 ? options.exported : options.exported + "/" + log_folder_name(log.base));
  std::cout << checkpoint.size << " records of " << checkpoint.origin << " in " << options.exported
            << "\nCheck with: koppelpoort ledger verify --export " << options.exported << "\n";
  return exit_yes;
}

// A record that is asked for: by its index in a log (the newest, or the one that is named), or by a decision's id.
struct Place {
  LogFolder log;
  std::int64_t index = -1;
};

Place place_of(const LedgerOptions& options, const std::string& folder) {
  const std::string& record = options.record;
  if (record.empty()) throw Failure("name a record: its index, or the id of a decision");
  const auto logs = logs_in(folder);
  if (record.find_first_not_of("0123456789") == std::string::npos && record.size() < 16) {
    if (options.log.empty()) return {logs.back(), std::stoll(record)};
    for (const auto& log : logs)
      if (const auto key = ledger_vkey(log.path); key && key->name() == options.log) return {log, std::stoll(record)};
    throw Failure("the ledger has no log `" + options.log + "`");
  }
  for (const auto& log : logs) {
    std::int64_t index = -1;
    read_log(log.path, [&](std::int64_t at, std::string_view entry) {
      if (member_of(entry, "kind") == "decision" && member_of(entry, "tx") == record) index = at;
      return index < 0;
    });
    if (index >= 0) return {log, index};
  }
  throw Failure("the ledger holds no decision `" + record + "`");
}

int prove(const LedgerOptions& options) {
  const std::string folder = folder_to_read(options, "proof");
  const auto [log, index] = place_of(options, folder);
  const NoteVerifier key = options.key.empty() ? key_of(options, log.path) : key_of(options, folder);
  std::vector<Hash> leaves;
  std::string entry;
  const LogReading reading = read_log(
      log.path,
      [&, wanted = index](std::int64_t at, std::string_view each) {
        leaves.push_back(leaf_hash(each));
        if (at == wanted) entry = each;
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

// Changes what follows, so it needs the gate's own key, and a reason that stays.
int succeed(const LedgerOptions& options, bool fork) {
  constexpr std::size_t reason_least = 8;
  if (options.reason.size() < reason_least) throw Failure("say why, in a few words: it is recorded");
  const Config config = config_or_fail(options.config);
  if (fork) {
    const std::string key = declare_fork(config.ledger_folder(), config.node, config.ledger_key_file(), options.reason,
                                         Ledger::system_micros());
    std::cout << "The ledger goes on in a new log, which says what it leaves behind:\n"
              << key << "\nTell whoever holds later checkpoints or receipts: those records are lost.\n";
  } else {
    const std::string key = rotate_key(config.ledger_folder(), config.node, config.ledger_key_file(), options.reason);
    std::cout << "The log is closed. The ledger goes on in a new one, with a new key:\n"
              << key << "\nGive it to whoever verifies or witnesses this ledger.\n";
  }
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
  prove_command->add_option("--log", options->log, "origin of the log that the index is of; else the newest");
  prove_command->footer("Example: koppelpoort ledger prove --config koppelpoort.toml 17 > 17.tlog-proof");
  prove_command->callback([options, &result] { result = prove(*options); });

  const auto change = [&](CLI::App* each) {
    each->add_option("--config", options->config, "configuration of the gate, which must not run")->required();
    each->add_option("--reason", options->reason, "why; stays in the ledger")->required();
  };
  auto* rotate_command = command->add_subcommand("rotate", "close the log and go on in a new one, with a new key");
  change(rotate_command);
  rotate_command->footer(
      "Example: koppelpoort ledger rotate --config koppelpoort.toml --reason \"key of 2026 expires\"");
  rotate_command->callback([options, &result] { result = succeed(*options, false); });

  auto* fork_command = command->add_subcommand(
      "declare-fork", "after an older copy was put back on purpose: go on in a new log that says so");
  change(fork_command);
  fork_command->footer(
      "Example: koppelpoort ledger declare-fork --config koppelpoort.toml --reason \"disk lost, backup of 3 May\"");
  fork_command->callback([options, &result] { result = succeed(*options, true); });

  auto* check_command = command->add_subcommand("check", "hold a proof and a receipt against a log's public key");
  check_command->add_option("proof", options->proof, "file made by `ledger prove`")->required();
  check_command->add_option("--receipt", options->receipt, "what the answer said in Koppelpoort-Receipt")->required();
  check_command->add_option("--key", options->key, "public key of the log (name+id+key)");
  check_command->footer("Example: koppelpoort ledger check 17.tlog-proof --receipt \"$RECEIPT\" --key \"$(cat vkey)\"");
  check_command->callback([options, &result] { result = check(*options); });
}

}  // namespace koppelpoort::cli
