// `koppelpoort subject report|erase`: what is known about one person, for that person; and taking it out.
#include <iostream>
#include <unordered_map>

#include "gateway/exchange/private_part.hpp"
#include "gateway/ledger/logs.hpp"
#include "gateway/ledger/members.hpp"
#include "gateway/past/recorded.hpp"
#include "policies/decide.hpp"
#include "policies/subject_report.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/custody.hpp"
#include "tools/cli/document.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

struct SubjectOptions {
  std::string config, controller, reason, language = "nl", from, until, letter;
  bool json = false;
};

Date today() {
  return dutch_date(std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::optional<Date> date_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto date = parse_date(text);
  if (!date) throw Failure("`" + text + "` is no date (2026-11-25)");
  return date;
}

struct Asked {
  RecordedDecision decision;
  std::string fields, withheld;  // lists of the release; empty when nothing was released
  bool released = false;
};

std::vector<std::string> kinds_of(const Knowledge& knowledge, const std::vector<std::string>& elements, bool dutch) {
  std::vector<std::string> kinds;
  for (const auto& id : elements) {
    const auto index = knowledge.taxonomy.find(id);
    if (!index) continue;
    const auto& word = knowledge.catalogue.words.categories.at(knowledge.taxonomy.elements[*index].category);
    const std::string& name = dutch ? word.nl : word.en;
    if (std::ranges::find(kinds, name) == kinds.end()) kinds.push_back(name);
  }
  return kinds;
}

class ReportMaker {
 public:
  ReportMaker(const Config& config, const std::vector<std::string>& names, std::optional<Date> from, Date until)
      : config_(config),
        past_(config, knowledge_or_fail(config.knowledge)),
        names_(names),
        from_(from),
        until_(until) {}

  SubjectReport make(const std::string& controller) {
    find_decisions();
    find_releases();
    SubjectReport report;
    const auto now = past_.snapshot(past_.newest(), past_.today());
    const Registers& registers = now->registers();
    today_ = &registers;
    const auto organisation = registers.organisations.find(controller);
    if (organisation == registers.organisations.end())
      throw Failure("`" + controller + "` is no registered organisation; name the OIN of the one that answers");
    report.controller = organisation->second.name;
    report.from = from_;
    report.until = until_;
    report.written = today();
    for (const auto& [position, asked] : found_)
      if (!confidential(registers, asked)) report.lines.push_back(line_of(asked));
    return report;
  }

 private:
  void find_decisions() {
    const auto secrets = open_keys(config_.keys());
    DataKeys keys(config_.data_keys_file(), *secrets, config_.retention, Database::Mode::read);
    std::mutex mutex;
    const auto look = [&](std::size_t, const RecordedDecision& decision) {
      const Date day = dutch_date(decision.exchange.at);
      if (decision.sealed.empty() || (from_ && day < *from_) || day > until_) return;
      const auto part = open_part(decision.position, decision.record, decision.sealed, keys);
      if (!part) return;
      const auto theirs = [&](const std::string& name) { return std::ranges::find(names_, name) != names_.end(); };
      if (std::ranges::none_of(part->subjects, theirs)) return;
      const std::lock_guard guard(mutex);
      found_[decision.position].decision = decision;
    };
    read_decisions(config_, past_, ReadAs::recorded, look, true);
  }

  void find_releases() {
    std::unordered_map<std::string, Asked*> wanted;
    for (auto& [position, asked] : found_) wanted[asked.decision.id] = &asked;
    read_ledger(config_.ledger_folder(), [&](std::int64_t, std::string_view entry) {
      const std::string_view kind = member_of(entry, "kind");
      if (kind == "fields") lists_.add(entry);
      if (kind != "release") return true;
      const auto at = wanted.find(std::string(member_of(entry, "tx")));
      if (at == wanted.end()) return true;
      at->second->released = true;
      at->second->fields = member_of(entry, "fields");
      at->second->withheld = member_of(entry, "withheld");
      return true;
    });
  }

  // Judged by today's registers: what was confidential and was released since is told now.
  static bool confidential(const Registers& registers, const Asked& asked) {
    const auto purpose = registers.purposes.find(asked.decision.exchange.purpose);
    return purpose != registers.purposes.end() && !purpose->second.confidential.empty();
  }

  // Where its name would tell where somebody is, then or now, its kind.
  Party party_of(const Registers& registers, const std::string& oin) const {
    const auto at = registers.organisations.find(oin);
    if (at == registers.organisations.end()) return {oin, false};
    const auto now = today_->organisations.find(oin);
    const bool discreet = at->second.discreet || (now != today_->organisations.end() && now->second.discreet);
    return {discreet ? at->second.kind : at->second.name, discreet};
  }

  SubjectLine line_of(const Asked& asked) {
    const RecordedDecision& recorded = asked.decision;
    const auto snapshot = past_.snapshot_of(recorded);
    const Registers& registers = snapshot->registers();
    const Knowledge& knowledge = snapshot->knowledge();
    const Decision decision = recorded.undecided()
                                  ? undecided(static_cast<Code>(std::stoi(recorded.codes.front().substr(3))), {})
                                  : decide(*snapshot, recorded.exchange);
    const Explanation explanation = explain(*snapshot, recorded.exchange, decision);
    SubjectLine line;
    line.decision = recorded.id;
    line.at = recorded.exchange.at;
    line.asked_by = party_of(registers, recorded.exchange.consumer);
    const auto* service = snapshot->service(recorded.exchange.service);
    if (service != nullptr) line.asked_of = party_of(registers, service->service->provider);
    line.purpose_nl = explanation.purpose_nl;
    line.purpose_en = explanation.purpose_en;
    line.refused = recorded.verdict == "block";
    for (const auto& id : recorded.bases)
      if (const Entry* entry = knowledge.catalogue.find(id))
        line.bases.push_back(entry->law->name + ", art. " + entry->article);
    line.why_nl = explanation.plain_nl;
    line.why_en = explanation.plain_en;
    if (asked.released) {
      line.given_nl = kinds_of(knowledge, lists_.elements(asked.fields), true);
      line.given_en = kinds_of(knowledge, lists_.elements(asked.fields), false);
      std::vector<std::string> kept;
      for (const auto& element : explanation.elements)
        if (!element.passes) kept.push_back(element.id);
      line.kept_nl = kinds_of(knowledge, kept, true);
      line.kept_en = kinds_of(knowledge, kept, false);
    }
    return line;
  }

  const Config& config_;
  Past past_;
  const std::vector<std::string>& names_;
  std::optional<Date> from_;
  Date until_;
  std::map<std::int64_t, Asked> found_;  // by place in the ledger
  FieldNames lists_;
  const Registers* today_ = nullptr;
};

json::object party_json(const Party& party) {
  return party.discreet ? json::object{{"kind", party.name}} : json::object{{"name", party.name}};
}

json::object report_json(const SubjectReport& report) {
  json::array lines;
  for (const auto& line : report.lines)
    lines.push_back({{"decision", line.decision},
                     {"at", to_text(line.at)},
                     {"asked_by", party_json(line.asked_by)},
                     {"asked_of", party_json(line.asked_of)},
                     {"purpose", {{"nl", line.purpose_nl}, {"en", line.purpose_en}}},
                     {"bases", texts_json(line.bases)},
                     {"given", {{"nl", texts_json(line.given_nl)}, {"en", texts_json(line.given_en)}}},
                     {"kept_back", {{"nl", texts_json(line.kept_nl)}, {"en", texts_json(line.kept_en)}}},
                     {"refused", line.refused},
                     {"why", {{"nl", line.refused ? line.why_nl : ""}, {"en", line.refused ? line.why_en : ""}}}});
  return {{"controller", report.controller},
          {"from", report.from ? json::value(to_text(*report.from)) : json::value(nullptr)},
          {"until", to_text(report.until)},
          {"written", to_text(report.written)},
          {"exchanges", lines}};
}

json::object question(const char* what, const SubjectOptions& options, const std::vector<std::string>& names) {
  return {{"ask", what},
          {"role", "subject-desk"},
          {"what", "subject"},
          {"reason", options.reason},
          {"subjects", texts_json(names)}};
}

int report(const SubjectOptions& options) {
  const Config config = config_or_fail(options.config);
  std::string number = read_person_number();
  const auto names = names_of(config, options.controller, number);
  ask_custody(config, question("view", options, names));
  const SubjectReport made = ReportMaker(config, names, date_of(options.from), date_of(options.until).value_or(today()))
                                 .make(options.controller);
  const Language language = options.language == "en" ? Language::en : Language::nl;
  if (!options.letter.empty()) {
    save_document(options.letter, to_page(made, language));
    std::cout << options.letter << "\n";
  } else if (options.json) {
    std::cout << json::serialize(report_json(made)) << "\n";
  } else {
    std::cout << to_text(made, language);
  }
  return exit_yes;
}

int erase(const SubjectOptions& options) {
  const Config config = config_or_fail(options.config);
  std::string number = read_person_number();
  const auto names = names_of(config, options.controller, number);
  const json::object done = ask_custody(config, question("erase", options, names));
  if (options.json) {
    std::cout << json::serialize(done) << "\n";
    return exit_yes;
  }
  const auto count = [&](const char* member) { return done.at(member).to_number<std::int64_t>(); };
  std::cout << count("parts") << " private parts of this person are gone; " << count("kept")
            << " of others were sealed again.\n";
  if (count("held") > 0) std::cout << count("held") << " stay: a legal hold is on them.\n";
  return exit_yes;
}

}  // namespace

void add_subject(CLI::App& app, int& result) {
  auto options = std::make_shared<SubjectOptions>();
  auto* command = app.add_subcommand("subject", "what is known about one person, for that person");
  command->require_subcommand(1);
  const auto common = [&](CLI::App* each) {
    each->add_option("--config", options->config, "configuration of the gate")->required();
    each->add_option("--controller", options->controller, "OIN of the organisation that answers")->required();
    each->add_option("--reason", options->reason, "why you look; recorded with your name")->required();
    each->add_flag("--json", options->json, "for machines");
  };
  auto* reported = command->add_subcommand(
      "report", "who asked for this person's data, when, why, and what was given (art. 15 AVG)");
  common(reported);
  reported->add_option("--from", options->from, "first day");
  reported->add_option("--until", options->until, "last day");
  reported->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  reported->add_option("--letter", options->letter,
                       "write a letter instead: FILE.html, or FILE.pdf (needs weasyprint)");
  reported->footer(
      "The burgerservicenummer is asked for, or read from standard input; never put it on a command line.\n"
      "Example: koppelpoort subject report --config koppelpoort.toml --controller 00000001001234567000 "
      "--reason \"inzageverzoek Z-2026-17\"");
  reported->callback([options, &result] { result = report(*options); });

  auto* erased = command->add_subcommand("erase", "take this person's private parts out of the ledger (art. 17 AVG)");
  common(erased);
  erased->footer(
      "Needs the role keeper. What the records prove stays; who they were about goes, also from copies of the ledger.\n"
      "Example: koppelpoort subject erase --config koppelpoort.toml --controller 00000001001234567000 "
      "--reason \"verzoek Z-2026-18\"");
  erased->callback([options, &result] { result = erase(*options); });
}

}  // namespace koppelpoort::cli
