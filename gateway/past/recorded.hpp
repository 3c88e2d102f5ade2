// What was decided before: register events, kept releases and the ledger's decisions, read back as the exchanges that
// were decided. Free text was not recorded, so it comes back as `recorded`; whether it was there is what decides.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "gateway/config/config.hpp"
#include "gateway/ledger/field_names.hpp"
#include "policies/decision.hpp"
#include "policies/registers/events.hpp"

namespace koppelpoort {

// What was asked for is not there, or cannot be read; the text says what to do.
struct NotThere : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct RecordedDecision {
  std::string id, written_at, verdict, block, catalogue;
  std::vector<std::string> codes, bases;
  std::int64_t position = 0;   // in the ledger
  std::string record, sealed;  // as written, with the private part behind it; only where the reader asked for parts
  std::int64_t registers = 0;  // the version that it was decided on
  Exchange exchange;
  ElementSet allowed;

  // The gate could not decide: nothing to repeat.
  bool undecided() const { return block == "undecided"; }
};

// A catalogue with the settings it was used under.
struct Release {
  std::shared_ptr<const Knowledge> knowledge;
  Settings settings;
};

// Safe for several threads.
class Past {
 public:
  // `today`: the catalogue that the configuration names now.
  Past(const Config& config, std::shared_ptr<const Knowledge> today);

  // Register events that were written since.
  void catch_up();

  std::shared_ptr<const Release> today() const { return today_; }
  // The release that a record names; today's where the gate did not keep it (`kept` says which).
  std::shared_ptr<const Release> release(const std::string& address);
  bool kept(const std::string& address) { return release(address) != today_ || is_today(address); }
  // Compiled when first asked for; the last few are kept.
  std::shared_ptr<const Snapshot> snapshot(std::int64_t version, const std::shared_ptr<const Release>& release);
  std::shared_ptr<const Snapshot> snapshot_of(const RecordedDecision& recorded) {
    return snapshot(recorded.registers, release(recorded.catalogue));
  }

  std::int64_t newest() const { return events_.empty() ? 0 : events_.back().version; }
  // `17`, or a date or instant: the last version recorded by then. Throws NotThere on anything else.
  std::int64_t version_of(const std::string& text) const;
  const std::vector<RegisterEvent>& events() const { return events_; }

 private:
  bool is_today(const std::string& address) const { return address.empty() || today_address_.starts_with(address); }

  std::string registers_file_, releases_file_;
  std::shared_ptr<const Release> today_;
  std::string today_address_;
  std::vector<RegisterEvent> events_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Release>> releases_;
  std::map<std::pair<std::int64_t, const Release*>, std::shared_ptr<const Snapshot>> snapshots_;
};

// Which element ids a recorded exchange is read with: those of the release it was decided under, or today's.
enum class ReadAs { recorded, today };

// Visits every recorded decision, on all cores; those of one worker come in order. Throws NotThere on a damaged ledger.
using DecisionVisitor = std::function<void(std::size_t worker, const RecordedDecision& decision)>;
std::size_t workers();
// With `parts`, each decision brings its record and its private part, sealed.
void read_decisions(const Config& config, Past& past, ReadAs as, const DecisionVisitor& visit, bool parts = false);

// One decision record, with the lists that were written before it.
RecordedDecision read_decision(Past& past, ReadAs as, std::int64_t position, std::string_view record,
                               const FieldNames& lists);

// Throws NotThere when the ledger holds no such decision.
RecordedDecision find_decision(const Config& config, Past& past, const std::string& id);

// What differs between the record and the decision made again: in verdict, kind, codes, bases or elements. Empty: none.
std::string difference_of(const RecordedDecision& recorded, const Decision& decision);

}  // namespace koppelpoort
