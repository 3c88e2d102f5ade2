#include "gateway/audit/evidence.hpp"

#include <algorithm>
#include <filesystem>

#include "gateway/audit/timestamp.hpp"
#include "gateway/audit/witness_client.hpp"
#include "gateway/ledger/durable_file.hpp"

namespace koppelpoort {
namespace fs = std::filesystem;

LedgerEvidence read_evidence(const std::string& folder, const NoteVerifier& key, const AuditPolicy* policy,
                             const std::string& authorities) {
  LedgerEvidence evidence;
  const auto note_fault = [&](const std::string& what) {
    if (evidence.fault.empty()) evidence.fault = what;
  };
  const std::string cosigned_file = folder + "/" + cosigned_name;
  evidence.cosigned = read_file(cosigned_file);
  if (!evidence.cosigned.empty()) {
    if (const auto checkpoint = open_checkpoint(evidence.cosigned, key))
      evidence.held.push_back({*checkpoint, cosigned_file});
    else
      note_fault(cosigned_file + " is not signed by " + key.name());
  }
  if (policy != nullptr) {
    const std::string missing =
        evidence.cosigned.empty() ? "there is no note that witnesses signed" : policy->fault_of(evidence.cosigned);
    if (!missing.empty()) note_fault(missing);
  }
  const std::string stamps = folder + "/" + timestamps_name;
  if (!fs::exists(stamps)) return evidence;
  for (const auto& item : fs::directory_iterator(stamps)) {
    if (item.path().extension() != ".tsr") continue;
    const std::string note = read_file(fs::path(item.path()).replace_extension(".note").string());
    TimeEvidence stamp{item.path().string(), {}, {}, 0};
    const auto checkpoint = open_checkpoint(note, key);
    if (!checkpoint) {
      stamp.fault = "its note is not signed by " + key.name();
    } else {
      stamp.checkpoint = *checkpoint;
      evidence.held.push_back({*checkpoint, stamp.file});
      if (!authorities.empty()) {
        const Stamp judged = check_stamp(read_file(stamp.file), body_of(note), authorities);
        stamp.fault = judged.fault;
        stamp.time = judged.time;
      }
    }
    if (!stamp.fault.empty()) note_fault(stamp.file + ": " + stamp.fault);
    evidence.stamps.push_back(std::move(stamp));
  }
  std::ranges::sort(evidence.stamps, {}, [](const TimeEvidence& each) { return each.checkpoint.size; });
  return evidence;
}

void copy_evidence(const std::string& from, const std::string& to) {
  const std::string cosigned = read_file(from + "/" + cosigned_name);
  if (!cosigned.empty()) write_durably(to + "/" + cosigned_name, cosigned);
  if (!fs::exists(from + "/" + timestamps_name)) return;
  for (const auto& item : fs::directory_iterator(from + "/" + timestamps_name)) {
    const std::string target = to + "/" + timestamps_name + "/" + item.path().filename().string();
    const auto kind = item.path().extension();
    if ((kind == ".tsr" || kind == ".note") && !fs::exists(target))
      write_durably(target, read_file(item.path().string()));
  }
}

}  // namespace koppelpoort
