// `koppelpoort report`: what a board should see of a month.
#include <chrono>
#include <fstream>
#include <iostream>
#include <mutex>

#include "adapters/store/sqlite/accounts.hpp"
#include "adapters/store/sqlite/register_events.hpp"
#include "gateway/past/recorded.hpp"
#include "policies/board_report.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/document.hpp"

namespace koppelpoort::cli {
namespace {

constexpr std::chrono::days soon{60};

struct ReportOptions {
  std::string config, organisation, month, out, language = "nl";
};

std::pair<Date, Date> month_of(const std::string& text) {
  using namespace std::chrono;
  const auto first = parse_date(text + "-01");
  if (!first) throw Failure("`" + text + "` is no month (2026-11)");
  const year_month_day day{*first};
  return {*first, sys_days{(day.year() / day.month() + months{1}) / std::chrono::day{1}}};
}

struct Counted {
  std::map<std::string, std::map<std::string, Tally>> tallies;  // by organisation and purpose
  std::map<Code, std::uint64_t> reasons;                        // of the organisation that the report is about
};

void add(Tally& tally, const RecordedDecision& recorded) {
  if (recorded.verdict == "permit")
    ++tally.permitted;
  else if (recorded.verdict == "minimise")
    ++tally.minimised;
  else if (recorded.block == "forbidden")
    ++tally.forbidden;
  else if (recorded.block == "missing")
    ++tally.missing;
  else
    ++tally.undecided;
}

Counted count(const Config& config, Past& past, const std::string& organisation, Date from, Date until) {
  Counted counted;
  std::mutex mutex;
  read_decisions(config, past, ReadAs::today, [&](std::size_t, const RecordedDecision& recorded) {
    const Date day = dutch_date(recorded.exchange.at);
    if (day < from || day >= until) return;
    const auto& acting =
        recorded.exchange.on_behalf_of.empty() ? recorded.exchange.consumer : recorded.exchange.on_behalf_of;
    const std::lock_guard guard(mutex);
    add(counted.tallies[acting][recorded.exchange.purpose], recorded);
    if (acting != organisation || recorded.verdict == "permit") return;
    for (const auto& code : recorded.codes) ++counted.reasons[static_cast<Code>(std::stoi(code.substr(3)))];
  });
  return counted;
}

BoardReport::Advice advice_of(const Config& config, const std::string& organisation, Date from, Date until) {
  const auto days = [](Instant begin, Instant end) {
    return static_cast<int>((dutch_date(end) - dutch_date(begin)).count());
  };
  std::map<std::string, Instant> waiting;  // since when, by proposal
  std::vector<int> taken;
  for (const auto& event : RegisterEvents(config.registers_file(), Database::Mode::read).proposals_after(0)) {
    if (event.organisation != organisation || dutch_date(event.at) >= until) continue;
    if (event.step == Step::submit) waiting[event.proposal] = event.at;
    if (right_of(event.step) == Right::advise) {
      if (dutch_date(event.at) >= from) taken.push_back(days(waiting[event.proposal], event.at));
      waiting.erase(event.proposal);
    }
    if (event.step == Step::withdraw) waiting.erase(event.proposal);
  }
  BoardReport::Advice advice;
  advice.given = taken.size();
  advice.waiting = waiting.size();
  advice.median_days = median_of(std::move(taken));
  for (const auto& [id, since] : waiting)
    advice.longest_waiting_days = std::max(advice.longest_waiting_days.value_or(0), days(since, start_of(until)));
  return advice;
}

// The newest one that a board member of this organisation gave for this month.
std::optional<BoardReport::Acknowledgement> acknowledgement_of(const Config& config, const std::string& organisation,
                                                               const std::string& month) {
  std::optional<BoardReport::Acknowledgement> newest;
  if (!config.console) return newest;
  Accounts accounts(config.accounts_file(), Database::Mode::read);
  for (const auto& event : accounts.after(0)) {
    if (event.what != report_acknowledged || !event.detail.starts_with(month + " ")) continue;
    const auto account = accounts.find(event.account);
    if (account && account->organisation == organisation) newest = {event.at, event.account};
  }
  return newest;
}

BoardReport report_of(const ReportOptions& options, const Config& config, Past& past) {
  const auto [from, until] = month_of(options.month);
  const auto snapshot = past.snapshot(past.newest(), past.today());
  const Registers& registers = snapshot->registers();
  const auto own = registers.organisations.find(options.organisation);
  if (own == registers.organisations.end())
    throw Failure("there is no organisation `" + options.organisation + "` in the registers");
  begin_reading(config, "decisions");
  Counted counted = count(config, past, options.organisation, from, until);
  BoardReport report;
  report.organisation = own->second.name;
  report.from = from;
  report.until = until;
  report.reasons = std::move(counted.reasons);
  for (const auto& [id, tally] : counted.tallies[options.organisation]) {
    const auto purpose = registers.purposes.find(id);
    const bool known = purpose != registers.purposes.end();
    report.purposes.push_back({id, known ? purpose->second.title : id, known ? purpose->second.title_en : id, tally});
  }
  std::ranges::stable_sort(report.purposes, std::ranges::greater(),
                           [](const auto& line) { return line.tally.asked(); });
  std::vector<Tally> peers;
  for (const auto& [oin, purposes] : counted.tallies) {
    const auto other = registers.organisations.find(oin);
    if (oin == options.organisation || other == registers.organisations.end() || other->second.kind != own->second.kind)
      continue;
    Tally all;
    for (const auto& [id, tally] : purposes) all += tally;
    peers.push_back(all);
  }
  report.peers = peers.size();
  report.refused_by_peers = median_share(std::move(peers));
  report.advice = advice_of(config, options.organisation, from, until);
  Problems problems;
  const auto mine = Snapshot::compile(past.today()->knowledge, own_entries(registers, options.organisation),
                                      past.newest(), past.today()->settings, problems);
  if (mine == nullptr) throw Failure(to_text(problems));
  report.attention = lint_registers(*mine, start_of(until), until + soon, nullptr);
  report.acknowledged = acknowledgement_of(config, options.organisation, options.month);
  return report;
}

int print_report(const ReportOptions& options) {
  const Config config = config_or_fail(options.config);
  Past past(config, knowledge_or_fail(config.knowledge));
  const BoardReport report = report_of(options, config, past);
  const Reasons& reasons = past.today()->knowledge->reasons;
  const Language language = options.language == "nl" ? Language::nl : Language::en;
  if (options.out.empty()) {
    std::cout << to_text(report, reasons, language);
  } else if (options.out.ends_with(".csv")) {
    if (!(std::ofstream(options.out, std::ios::binary) << to_csv(report)))
      throw Failure(options.out + " cannot be written");
    std::cout << options.out << "\n";
  } else {
    save_document(options.out, to_page(report, reasons, language));
    std::cout << options.out << "\n";
  }
  return exit_yes;
}

}  // namespace

void add_report(CLI::App& app, int& result) {
  auto options = std::make_shared<ReportOptions>();
  auto* command = app.add_subcommand("report", "a month of one organisation, for its board: asked, refused and why");
  command->add_option("--config", options->config, "configuration of the gate")->required();
  command->add_option("--organisation", options->organisation, "OIN")->required();
  command->add_option("--month", options->month, "2026-11")->required();
  command->add_option("--out", options->out, "write it there: .html, .pdf (through WeasyPrint) or .csv");
  command->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  command->footer(
      "Example: koppelpoort report --config koppelpoort.toml --organisation 00000099000000001000 --month 2026-11 --out "
      "november.pdf");
  command->callback([options, &result] { result = print_report(*options); });
}

}  // namespace koppelpoort::cli
