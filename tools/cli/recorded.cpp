#include "tools/cli/recorded.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "adapters/store/sqlite/ledger_index.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/ledger/verify.hpp"
#include "policies/decide.hpp"
#include "tools/cli/command.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t versions_kept = 8;

std::string text_of(const json::object& record, const char* key) { return std::string(record.at(key).as_string()); }

std::vector<std::string> texts_of(const json::object& record, const char* key) {
  std::vector<std::string> all;
  for (const auto& each : record.at(key).as_array()) all.emplace_back(each.as_string());
  return all;
}

class Reader {
 public:
  explicit Reader(const Taxonomy& taxonomy) : taxonomy_(taxonomy) {}

  // The decision that this entry holds; null for other kinds.
  const RecordedDecision* read(std::string_view entry) {
    const auto kind = member_of(entry, "kind");
    if (kind == "fields") read_list(json::parse(entry).as_object());
    if (kind != "decision") return nullptr;
    decision_ = {};
    read_decision(json::parse(entry).as_object());
    return &decision_;
  }

 private:
  void read_list(const json::object& list) {
    auto& set = lists_[text_of(list, "id")];
    if (list.at("part").as_int64() == 0) set.reset();
    for (const auto& name : list.at("names").as_array())
      if (const auto index = taxonomy_.find(std::string_view(name.as_string()))) set.set(*index);
  }

  ElementSet list(const json::object& record, const char* key) const {
    const auto at = lists_.find(text_of(record, key));
    return at == lists_.end() ? ElementSet{} : at->second;
  }

  void read_decision(const json::object& record) {
    decision_.id = text_of(record, "tx");
    decision_.written_at = text_of(record, "ts");
    decision_.verdict = text_of(record, "verdict");
    decision_.block = text_of(record, "block");
    decision_.catalogue = text_of(record, "catalogue");
    decision_.codes = texts_of(record, "codes");
    decision_.bases = texts_of(record, "bases");
    decision_.subjects = texts_of(record, "subj");
    decision_.registers = record.at("registers").as_int64();
    decision_.allowed = list(record, "allowed");
    read_exchange(record);
  }

  void read_exchange(const json::object& record) {
    Exchange& exchange = decision_.exchange;
    exchange.at = parse_instant(text_of(record, "at")).value_or(Instant{});
    exchange.consumer = text_of(record, "src");
    exchange.on_behalf_of = text_of(record, "deleg");
    exchange.service = text_of(record, "svc");
    exchange.operation = text_of(record, "op");
    exchange.purpose = text_of(record, "purpose");
    for (const auto& [key, use] : {std::pair{"searched", Use::search}, std::pair{"asked", Use::deliver}}) {
      const ElementSet set = list(record, key);
      for (std::size_t i = set._Find_first(); i < set.size(); i = set._Find_next(i))
        exchange.elements.push_back({static_cast<ElementIndex>(i), use, {}});
    }
    for (const auto& [key, use] : {std::pair{"unknown_search", Use::search}, std::pair{"unknown", Use::deliver}})
      for (std::int64_t i = 0; i < record.at(key).as_int64(); ++i)
        exchange.elements.push_back({std::nullopt, use, "recorded " + std::to_string(i + 1)});
    for (const auto& each : texts_of(record, "evidence")) exchange.evidence.push_back({each, "recorded", {}});
    if (record.at("signal").as_int64() != 0) exchange.signal = "recorded";
    exchange.history.same_person_this_month = static_cast<int>(record.at("history").as_int64());
    for (const auto& pair : texts_of(record, "obtained")) {
      const auto space = pair.find(' ');
      exchange.history.obtained.push_back({pair.substr(0, space), pair.substr(space + 1)});
    }
    for (const auto& [name, volume] : volume_names())
      if (name == text_of(record, "volume")) exchange.volume = volume;
  }

  const Taxonomy& taxonomy_;
  std::map<std::string, ElementSet> lists_;
  RecordedDecision decision_;
};

}  // namespace

void read_decisions(const Config& config, const Taxonomy& taxonomy,
                    const std::function<bool(const RecordedDecision&)>& visit) {
  Reader reader(taxonomy);
  const LogReading reading = read_log(config.ledger_folder(), [&](std::int64_t, std::string_view entry) {
    const RecordedDecision* decision = reader.read(entry);
    return decision == nullptr || visit(*decision);
  });
  if (!reading.damage.empty())
    throw Failure(config.ledger_folder() + ": damaged from record " + std::to_string(reading.bad_index) +
                  " on; run `koppelpoort ledger verify` first");
}

RecordedDecision find_decision(const Config& config, const Taxonomy& taxonomy, const std::string& id) {
  std::int64_t position = -1;
  try {
    position = LedgerIndex(config.index_file(), Database::Mode::read).find(id).value_or(-1);
  } catch (const StoreError&) {
    // No index yet: look through the whole ledger.
  }
  Reader reader(taxonomy);
  std::optional<RecordedDecision> found;
  read_log(config.ledger_folder(), [&](std::int64_t index, std::string_view entry) {
    if (position >= 0 && index > position) return false;
    if (member_of(entry, "kind") == "decision" && member_of(entry, "tx") != id) return true;
    if (const RecordedDecision* decision = reader.read(entry)) found = *decision;
    return !found;
  });
  if (!found) throw Failure("the ledger holds no decision `" + id + "`");
  return *found;
}

Versions::Versions(const Config& config, std::shared_ptr<const Knowledge> knowledge)
    : settings_(config.settings),
      knowledge_(std::move(knowledge)),
      events_(RegisterEvents(config.registers_file(), Database::Mode::read).all()) {}

std::shared_ptr<const Snapshot> Versions::at(std::int64_t version) {
  if (const auto known = kept_.find(version); known != kept_.end()) return known->second;
  Problems problems;
  auto snapshot = Snapshot::compile(knowledge_, fold(events_, version, problems), version, settings_, problems);
  if (snapshot == nullptr || !problems.empty()) throw Failure(to_text(problems));
  if (kept_.size() >= versions_kept) kept_.erase(kept_.begin());
  kept_[version] = snapshot;
  return snapshot;
}

std::int64_t Versions::version_of(const std::string& text) const {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos && text.size() < 10;
  if (digits) {
    const std::int64_t version = std::stoll(text);
    if (version > newest()) throw Failure("the newest register version is " + std::to_string(newest()));
    return version;
  }
  auto moment = parse_instant(text);
  if (!moment) throw Failure("`" + text + "` is neither a register version nor a date (2026-11-25)");
  if (text.size() == 10) *moment += std::chrono::hours{24};  // a day counts to its end
  std::int64_t version = 0;
  for (const auto& event : events_)
    if (event.at < *moment) version = event.version;
  return version;
}

std::string difference_of(const RecordedDecision& recorded, const Decision& decision) {
  std::vector<std::string> codes;
  for (const auto& finding : decision.findings)
    if (std::string code = to_text(finding.code); codes.empty() || codes.back() != code)
      codes.push_back(std::move(code));
  if (recorded.verdict != name_of(decision.verdict))
    return "verdict " + recorded.verdict + ", now " + std::string(name_of(decision.verdict));
  if (recorded.block != name_of(decision.kind))
    return "block " + recorded.block + ", now " + std::string(name_of(decision.kind));
  if (recorded.codes != codes) return "other codes";
  if (recorded.bases != decision.bases) return "other legal bases";
  if (recorded.allowed != decision.allowed) return "other elements may pass";
  return {};
}

}  // namespace koppelpoort::cli
