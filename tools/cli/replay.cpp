// `koppelpoort replay`: every recorded decision made again on its own register version; says which differ.
// `koppelpoort simulate`: a draft register change against the recorded decisions; says who gains and who loses.
#include <chrono>
#include <iostream>
#include <limits>
#include <unordered_set>

#include "gateway/exchange/private_part.hpp"
#include "gateway/past/recorded.hpp"
#include "policies/decide.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct ReplayOptions {
  std::string config, as_known, at, reason;
  std::vector<std::string> files;
  bool json = false, prune = false, all = false;
};

constexpr std::size_t listed_max = 20;  // without --all

struct Tally {
  std::uint64_t same = 0, differ = 0, undecided = 0, other_release = 0;
  std::size_t most = listed_max;
  std::vector<std::string> different;  // the first of them

  void add(const RecordedDecision& recorded, const Decision& decision, bool kept) {
    const std::string what = difference_of(recorded, decision);
    if (what.empty()) {
      ++same;
      return;
    }
    ++differ;
    if (!kept) ++other_release;
    if (different.size() < most) different.push_back(recorded.id + ": " + what);
  }
  void add(Tally& other) {
    same += other.same;
    differ += other.differ;
    undecided += other.undecided;
    other_release += other.other_release;
    different.insert(different.end(), other.different.begin(), other.different.end());
    std::ranges::sort(different);  // ids begin with their time
    if (different.size() > most) different.resize(most);
  }
};

int replay(const ReplayOptions& options) {
  const Config config = config_or_fail(options.config);
  Past past(config, knowledge_or_fail(config.knowledge));
  std::optional<std::int64_t> known;
  if (!options.as_known.empty()) known = past.version_of(options.as_known);
  std::vector<Tally> tallies(workers());
  begin_reading(config, "decisions");
  if (options.all)
    for (auto& each : tallies) each.most = std::numeric_limits<std::size_t>::max();
  // On what was known then: today's catalogue and those registers. Otherwise exactly what it was decided with.
  const ReadAs as = known ? ReadAs::today : ReadAs::recorded;
  read_decisions(config, past, as, [&](std::size_t worker, const RecordedDecision& recorded) {
    if (recorded.undecided()) {
      ++tallies[worker].undecided;
      return;
    }
    const auto snapshot = known ? past.snapshot(*known, past.today()) : past.snapshot_of(recorded);
    tallies[worker].add(recorded, decide(*snapshot, recorded.exchange), past.kept(recorded.catalogue));
  });
  for (std::size_t i = 1; i < tallies.size(); ++i) tallies[0].add(tallies[i]);
  const auto& [same, differ, undecided, other_release, most, different] = tallies[0];
  if (options.json) {
    json::array list;
    for (const auto& each : different) list.emplace_back(each);
    std::cout << json::serialize(json::object{{"same", same},
                                              {"different", differ},
                                              {"different_without_their_release", other_release},
                                              {"undecided", undecided},
                                              {"first", list}})
              << "\n";
    return differ == 0 ? exit_yes : exit_no;
  }
  for (const auto& each : different) std::cout << "  " << each << "\n";
  if (differ > different.size()) std::cout << "  and " << differ - different.size() << " more; --all names them\n";
  std::cout << same << " decisions the same, " << differ << " different";
  if (other_release > 0)
    std::cout << " (of " << other_release << " the catalogue and settings were not kept; made again with today's)";
  std::cout << ", " << undecided << " that the gate could not make\n";
  return differ == 0 ? exit_yes : exit_no;
}

// What a change does to the requests of one purpose by one organisation.
struct Effects {
  std::uint64_t requests = 0, now_pass = 0, now_blocked = 0, more = 0, fewer = 0;
  ElementSet gained, lost;
  std::unordered_set<std::string> people;  // pseudonyms of whom the outcome changes

  bool any() const { return now_pass + now_blocked + more + fewer > 0; }

  void add(const RecordedDecision& recorded, const Decision& before, const Decision& after, DataKeys* keys) {
    ++requests;
    const bool passed = before.verdict != Verdict::block, passes = after.verdict != Verdict::block;
    const ElementSet more_set = after.allowed & ~before.allowed, fewer_set = before.allowed & ~after.allowed;
    if (passed == passes && more_set.none() && fewer_set.none()) return;
    now_pass += !passed && passes ? 1u : 0u;
    now_blocked += passed && !passes ? 1u : 0u;
    more += passed && passes && more_set.any() ? 1u : 0u;
    fewer += passed && passes && fewer_set.any() ? 1u : 0u;
    gained |= more_set;
    lost |= fewer_set;
    if (keys == nullptr) return;
    if (const auto part = open_part(recorded.position, recorded.record, recorded.sealed, *keys))
      people.insert(part->subjects.begin(), part->subjects.end());
  }

  void add(Effects& other) {
    requests += other.requests;
    now_pass += other.now_pass;
    now_blocked += other.now_blocked;
    more += other.more;
    fewer += other.fewer;
    gained |= other.gained;
    lost |= other.lost;
    people.merge(other.people);
  }
};

std::string names(const Taxonomy& taxonomy, const ElementSet& set) {
  std::string all;
  for (std::size_t i = set._Find_first(); i < taxonomy.elements.size(); i = set._Find_next(i))
    all += (all.empty() ? "" : ", ") + taxonomy.elements[i].id;
  return all;
}

std::shared_ptr<const Snapshot> draft_of(const ReplayOptions& options, const Past& past) {
  Problems problems;
  const auto wanted = events_of_files(options.files);
  std::vector<RegisterEvent> events = past.events();
  std::int64_t version = past.newest();
  for (auto& change : difference(events, wanted, options.prune)) {
    change.version = ++version;
    events.push_back(std::move(change));
  }
  const auto today = past.today();
  auto draft = Snapshot::compile(today->knowledge, fold(events, version, problems), version, today->settings, problems);
  if (draft == nullptr || !problems.empty()) throw Failure(to_text(problems));
  return draft;
}

// Each request is decided twice, on the registers of today and on the draft, at its own moment or at `--at`.
int simulate(const ReplayOptions& options) {
  const Config config = config_or_fail(options.config);
  Past past(config, knowledge_or_fail(config.knowledge));
  const auto today = past.snapshot(past.newest(), past.today());
  const auto draft = draft_of(options, past);
  const Taxonomy& taxonomy = today->knowledge().taxonomy;
  std::optional<Instant> at;
  if (!options.at.empty()) at = instant_or_fail(options.at);
  // To count people their private parts are opened: only for who says why, in a role, and on record.
  std::unique_ptr<Keys> secrets;
  std::unique_ptr<DataKeys> keys;
  if (options.reason.empty()) {
    begin_reading(config, "decisions");
  } else {
    ask_custody(config, {{"ask", "view"}, {"role", "auditor"}, {"what", "record"}, {"reason", options.reason}});
    secrets = open_keys(config.keys());
    keys = std::make_unique<DataKeys>(config.data_keys_file(), *secrets, config.retention, Database::Mode::read);
  }
  using EffectsOf = std::map<std::pair<std::string, std::string>, Effects>;  // purpose, organisation
  std::vector<EffectsOf> parts(workers());
  read_decisions(
      config, past, ReadAs::today,
      [&](std::size_t worker, const RecordedDecision& recorded) {
        if (recorded.undecided()) return;
        const Exchange& exchange = recorded.exchange;
        auto& of = parts[worker][{exchange.purpose, exchange.consumer}];
        if (!at) {
          of.add(recorded, decide(*today, exchange), decide(*draft, exchange), keys.get());
          return;
        }
        Exchange moved = exchange;
        moved.at = *at;
        of.add(recorded, decide(*today, moved), decide(*draft, moved), keys.get());
      },
      keys != nullptr);
  EffectsOf& effects = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i)
    for (auto& [key, each] : parts[i]) effects[key].add(each);
  std::uint64_t count = 0;
  for (const auto& [key, each] : effects) count += each.requests;
  json::array all;
  for (const auto& [key, each] : effects) {
    if (!each.any()) continue;
    const std::string gained = names(taxonomy, each.gained), lost = names(taxonomy, each.lost);
    if (options.json) {
      all.push_back({{"purpose", key.first},
                     {"organisation", key.second},
                     {"requests", each.requests},
                     {"now_pass", each.now_pass},
                     {"now_blocked", each.now_blocked},
                     {"more_elements", each.more},
                     {"fewer_elements", each.fewer},
                     {"people", keys ? json::value(each.people.size()) : json::value(nullptr)},
                     {"gained", gained},
                     {"lost", lost}});
      continue;
    }
    std::cout << "purpose " << key.first << ", organisation " << key.second << ": of " << each.requests << " requests "
              << each.now_pass << " now pass, " << each.now_blocked << " are now blocked, " << each.more
              << " give more, " << each.fewer << " give less";
    if (keys) std::cout << "; " << each.people.size() << " people";
    std::cout << "\n";
    if (!gained.empty()) std::cout << "  gained: " << gained << "\n";
    if (!lost.empty()) std::cout << "  lost:   " << lost << "\n";
    all.emplace_back(nullptr);
  }
  if (options.json)
    std::cout << json::serialize(all) << "\n";
  else
    std::cout << (all.empty() ? "nothing changes for " : "decided twice: ") << count << " recorded requests\n";
  return exit_yes;
}

}  // namespace

void add_replay(CLI::App& app, int& result) {
  auto options = std::make_shared<ReplayOptions>();
  auto* replayed = app.add_subcommand("replay", "make every recorded decision again and say which differ");
  replayed->add_option("--config", options->config, "configuration of the gate")->required();
  replayed->add_option("--as-known", options->as_known,
                       "a register version or date: decide on what was known then, not at the time itself");
  replayed->add_flag("--all", options->all, "name every decision that differs, not the first twenty");
  replayed->add_flag("--json", options->json, "for machines");
  replayed->footer("Example: koppelpoort replay --config koppelpoort.toml");
  replayed->callback([options, &result] { result = replay(*options); });

  auto* simulated = app.add_subcommand("simulate", "a draft register change against the recorded requests");
  simulated->add_option("files", options->files, "register files, as for `register apply`")->required();
  simulated->add_option("--config", options->config, "configuration of the gate")->required();
  simulated->add_option("--at", options->at, "decide every request as if it came at this date or instant");
  simulated->add_option("--reason", options->reason,
                        "count the people too; needs the role auditor, and is recorded with your name");
  simulated->add_flag("--prune", options->prune, "entries that the files do not name are removed");
  simulated->add_flag("--json", options->json, "for machines");
  simulated->footer("Example: koppelpoort simulate --config koppelpoort.toml draft.toml");
  simulated->callback([options, &result] { result = simulate(*options); });
}

}  // namespace koppelpoort::cli
