// `koppelpoort gaps`: refusals of worthy aims for which the law gives no basis, gathered for the legislator and the
// supervisor (KP-990; sector picture, recommendation 1). Counts only: nobody is in it, and no organisation stands
// alone.
#include <iostream>
#include <mutex>
#include <set>

#include "gateway/past/recorded.hpp"
#include "policies/decide.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct GapsOptions {
  std::string config, from, until, language = "nl";
  std::int64_t least = 3;
  bool json = false;
};

struct Gap {
  std::uint64_t refusals = 0;
  std::set<std::string> organisations, codes, bases;
};

using Key = std::tuple<std::string, std::string, std::string>;  // goal, provider's role, recipient's role

std::optional<Instant> moment(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return instant_or_fail(text);
}

std::map<Key, Gap> gather(const GapsOptions& options, const Config& config, Past& past) {
  const auto from = moment(options.from), until = moment(options.until);
  std::map<Key, Gap> gaps;
  begin_reading(config, "decisions");
  std::mutex mutex;  // refusals with a worthy aim are few
  read_decisions(config, past, ReadAs::today, [&](std::size_t, const RecordedDecision& recorded) {
    const Instant at = recorded.exchange.at;
    const bool counted = std::ranges::find(recorded.codes, to_text(Code::structural_gap)) != recorded.codes.end();
    if (!counted || (from && at < *from) || (until && at >= *until)) return;
    const auto snapshot = past.snapshot_of(recorded);
    const auto* purpose = snapshot->purpose(recorded.exchange.purpose);
    const auto* service = snapshot->service(recorded.exchange.service);
    if (purpose == nullptr || service == nullptr) return;
    const std::lock_guard guard(mutex);
    Gap& gap = gaps[{purpose->purpose->goal, service->service->role, purpose->purpose->role}];
    ++gap.refusals;
    gap.organisations.insert(purpose->purpose->controller);
    gap.codes.insert(recorded.codes.begin(), recorded.codes.end());
    gap.bases.insert(purpose->purpose->bases.begin(), purpose->purpose->bases.end());
  });
  return gaps;
}

std::string named(const auto& list, std::string_view id, bool dutch) {
  const auto at = std::ranges::find(list, id, [](const auto& each) { return std::string_view(each.id); });
  if (at == list.end()) return std::string(id);
  return dutch ? at->nl : at->en;
}

// What would have to change: the articles that were claimed and do not reach, or that none was.
std::string law_of(const Gap& gap, const Catalogue& catalogue, bool dutch) {
  std::string all;
  for (const auto& id : gap.bases)
    if (const Entry* entry = catalogue.find(id))
      all += (all.empty() ? "" : "; ") + entry->law->name + " art. " + entry->article;
  if (all.empty()) return dutch ? "geen artikel genoemd" : "no article named";
  return all;
}

int report(const GapsOptions& options) {
  const Config config = config_or_fail(options.config);
  Past past(config, knowledge_or_fail(config.knowledge));
  const auto knowledge = past.today()->knowledge;
  const auto& words = knowledge->catalogue.words;
  const bool dutch = options.language == "nl";
  json::array all;
  std::uint64_t kept_back = 0;
  for (const auto& [key, gap] : gather(options, config, past)) {
    if (static_cast<std::int64_t>(gap.organisations.size()) < options.least) {
      ++kept_back;
      continue;
    }
    const auto& [goal, giver, taker] = key;
    if (options.json) {
      json::array codes, bases;
      for (const auto& code : gap.codes) codes.emplace_back(code);
      for (const auto& base : gap.bases) bases.emplace_back(base);
      all.push_back({{"goal", goal},
                     {"provider_role", giver},
                     {"recipient_role", taker},
                     {"refusals", gap.refusals},
                     {"organisations", gap.organisations.size()},
                     {"codes", codes},
                     {"claimed", bases}});
      continue;
    }
    std::cout << named(words.goals, goal, dutch) << "\n  " << (dutch ? "van " : "from ")
              << named(words.roles, giver, dutch) << (dutch ? " aan " : " to ") << named(words.roles, taker, dutch)
              << "\n  " << gap.refusals
              << (dutch ? " keer geweigerd, organisaties: " : " times refused, organisations: ")
              << gap.organisations.size() << (dutch ? "\n  recht dat niet reikt: " : "\n  law that does not reach: ")
              << law_of(gap, knowledge->catalogue, dutch) << "\n\n";
    all.emplace_back(nullptr);
  }
  if (options.json) {
    std::cout << json::serialize(json::object{{"gaps", all}, {"kept_back", kept_back}, {"least", options.least}})
              << "\n";
    return exit_yes;
  }
  if (dutch)
    std::cout << all.size() << " structurele leemten; " << kept_back << " niet genoemd omdat minder dan "
              << options.least << " organisaties erom vroegen\n";
  else
    std::cout << all.size() << " structural gaps; " << kept_back << " not named because fewer than " << options.least
              << " organisations asked\n";
  return exit_yes;
}

}  // namespace

void add_gaps(CLI::App& app, int& result) {
  auto options = std::make_shared<GapsOptions>();
  auto* command = app.add_subcommand("gaps", "worthy aims without a basis in law, counted for the legislator");
  command->add_option("--config", options->config, "configuration of the gate")->required();
  command->add_option("--from", options->from, "first day that counts");
  command->add_option("--until", options->until, "first day that no longer counts");
  command->add_option("--least", options->least, "name a gap only when this many organisations asked")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  command->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  command->add_flag("--json", options->json, "for machines");
  command->footer("Example: koppelpoort gaps --config koppelpoort.toml --from 2026-01-01 --until 2027-01-01");
  command->callback([options, &result] { result = report(*options); });
}

}  // namespace koppelpoort::cli
