#include "tools/scenario/scenario.hpp"

#include <algorithm>
#include <filesystem>

#include "adapters/files/files.hpp"
#include "adapters/wire/json/answer_filter.hpp"
#include "policies/registers/events.hpp"

namespace koppelpoort {
namespace {

constexpr std::pair<std::string_view, Verdict> verdicts[] = {
    {"permit", Verdict::permit}, {"minimise", Verdict::minimise}, {"block", Verdict::block}};
constexpr std::pair<std::string_view, Transport> transports[] = {
    {"mutual-tls", Transport::mutual_tls}, {"tls", Transport::tls}, {"none", Transport::none}};

constexpr std::pair<std::string_view, bool> cumulative[] = {{"hold", false}, {"block", true}};

std::string joined(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? "nothing" : all;
}

class ScenarioReader {
 public:
  ScenarioReader(std::string path, std::shared_ptr<const Knowledge> knowledge, Problems& problems)
      : knowledge_(std::move(knowledge)), problems_(problems) {
    scenario_.file = std::move(path);
  }

  std::optional<Scenario> read() {
    const std::size_t before = problems_.size();
    const auto document = load_toml(scenario_.file, problems_);
    if (!document) return std::nullopt;
    TomlTable root = document->root(problems_);
    scenario_.title = root.text("title");
    scenario_.source = root.text_if("source").value_or("");
    Settings settings;
    for (const auto confidence : root.some_of<Confidence>("accept_unreleased", confidence_names()))
      settings.accepted.insert(confidence);
    settings.cumulative_forbidden = root.one_of<bool>("cumulative_linkage", cumulative, false);
    read_given(root);
    for (auto& table : root.tables("exchange")) scenario_.exchanges.push_back(read_exchange(table));
    if (scenario_.exchanges.empty()) root.problem("exchange", "no [[exchange]]: there is nothing to decide");
    root.done();
    if (problems_.size() != before) return std::nullopt;
    for (std::size_t i = 0; i < events_.size(); ++i) events_[i].version = static_cast<std::int64_t>(i) + 1;
    Registers registers = fold(events_, static_cast<std::int64_t>(events_.size()), problems_);
    scenario_.snapshot = Snapshot::compile(knowledge_, std::move(registers), static_cast<std::int64_t>(events_.size()),
                                           settings, problems_);
    if (scenario_.snapshot == nullptr || problems_.size() != before) return std::nullopt;
    return std::move(scenario_);
  }

 private:
  void read_given(TomlTable& root) {
    const auto folder = std::filesystem::path(scenario_.file).parent_path();
    for (const auto& name : root.texts("given"))
      if (const auto document = load_toml((folder / name).string(), problems_))
        append(read_register_file(*document, problems_));
    if (auto table = root.table("registers")) {
      append(read_register_tables(*table));
      table->done();
    }
  }

  void append(std::vector<RegisterEvent> events) {
    events_.insert(events_.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  }

  void add_elements(TomlTable& table, std::string_view key, Use use, Exchange& exchange) {
    for (const auto& id : table.texts(key)) {
      const auto index = knowledge_->taxonomy.find(id);
      if (!index) table.problem(key, "`" + id + "` is no data element; use `unknown` for a field that maps to none");
      exchange.elements.push_back({index, use, {}});
    }
  }

  ScenarioExchange read_exchange(TomlTable& table) {
    ScenarioExchange read;
    read.line = table.line();
    read.name = table.text_if("name").value_or("exchange on line " + std::to_string(read.line));
    Exchange& exchange = read.exchange;
    exchange.at = table.instant_if("at").value_or(Instant{});
    if (!table.has("at")) table.problem("at", "`at` is missing: without a time nothing can be decided");
    exchange.consumer = table.text_if("consumer").value_or("");
    exchange.on_behalf_of = table.text_if("on_behalf_of").value_or("");
    exchange.service = table.text("service");
    exchange.purpose = table.text_if("purpose").value_or("");
    add_elements(table, "elements", Use::deliver, exchange);
    add_elements(table, "search", Use::search, exchange);
    for (auto& wire : table.texts("unknown"))
      exchange.elements.push_back({std::nullopt, Use::deliver, std::move(wire)});
    exchange.volume = table.one_of<Volume>("volume", volume_names(), Volume::single);
    exchange.mode = table.one_of<Mode>("mode", mode_names(), Mode::request);
    exchange.signal = table.text_if("signal").value_or("");
    for (auto& capacity : table.texts("relations")) exchange.relations.push_back({std::move(capacity), {}});
    for (auto& relation : table.tables("relation")) {
      exchange.relations.push_back({relation.text("capacity"), {relation.date_if("from"), relation.date_if("until")}});
      relation.done();
    }
    if (const auto persons = table.integer_if("persons", 0, 1'000'000'000))
      exchange.persons = static_cast<int>(*persons);
    exchange.rights = table.texts("rights");
    for (auto& obtained : table.tables("obtained")) {
      exchange.history.obtained.push_back({obtained.text("source"), obtained.text("purpose")});
      obtained.done();
    }
    exchange.transport = table.one_of<Transport>("transport", transports, Transport::mutual_tls);
    exchange.training_valid_until = table.date_if("training_valid_until");
    if (const auto count = table.integer_if("same_person_this_month", 0, 1'000'000))
      exchange.history.same_person_this_month = static_cast<int>(*count);
    if (table.has("period_from") || table.has("period_until"))
      exchange.period = Period{table.date_if("period_from"), table.date_if("period_until")};
    for (auto& evidence : table.tables("evidence")) {
      exchange.evidence.push_back({evidence.text("for"), evidence.text("reference"), {}});
      evidence.done();
    }
    if (auto answer = table.table("answer")) read.answer = read_answer(*answer);
    if (auto expect = table.table("expect")) read.expected = read_expectation(*expect);
    table.done();
    return read;
  }

  ScenarioAnswer read_answer(TomlTable& table) {
    ScenarioAnswer answer;
    const std::string operation = table.text("operation"), mapping = table.text("mapping");
    answer.body = table.text("body");
    answer.persons_asked = static_cast<std::size_t>(table.integer_if("persons_asked", 0, 1'000'000).value_or(0));
    const auto path = std::filesystem::path(scenario_.file).parent_path() / mapping;
    answer.mapping = load_mapping(path.string(), knowledge_->taxonomy, knowledge_->catalogue.words, problems_);
    const std::size_t space = operation.find(' ');
    if (answer.mapping != nullptr && space != std::string::npos)
      answer.operation = answer.mapping->operation(operation.substr(0, space), operation.substr(space + 1));
    if (answer.mapping != nullptr && answer.operation == nullptr)
      table.problem("operation", "`" + operation + "` is no operation of this mapping (`POST /personen`)");
    table.done();
    return answer;
  }

  Expectation read_expectation(TomlTable& table) {
    Expectation expected;
    const auto list = [&](std::string_view key) -> std::optional<std::vector<std::string>> {
      if (!table.has(key)) return std::nullopt;
      return table.texts(key);
    };
    expected.verdict = table.one_of<Verdict>("verdict", verdicts);
    expected.block = table.text_if("block");
    expected.primary = table.text_if("primary");
    expected.codes = list("codes");
    expected.notes = list("notes");
    expected.elements = list("elements");
    expected.period_from = table.date_if("period_from");
    expected.answer = table.text_if("answer");
    expected.answer_codes = list("answer_codes");
    table.done();
    return expected;
  }

  std::shared_ptr<const Knowledge> knowledge_;
  Problems& problems_;
  Scenario scenario_;
  std::vector<RegisterEvent> events_;
};

}  // namespace

std::optional<Scenario> load_scenario(const std::string& path, const std::shared_ptr<const Knowledge>& knowledge,
                                      Problems& problems) {
  return ScenarioReader(path, knowledge, problems).read();
}

std::vector<std::string> codes_of(const Decision& decision, bool notes) {
  std::vector<std::string> codes;
  for (const auto& finding : decision.findings) {
    std::string code = to_text(finding.code);
    if ((finding.effect == Effect::note) == notes && (codes.empty() || codes.back() != code))
      codes.push_back(std::move(code));
  }
  return codes;
}

std::vector<std::string> elements_of(const Snapshot& snapshot, const ElementSet& set) {
  std::vector<std::string> ids;
  const auto& elements = snapshot.knowledge().taxonomy.elements;
  for (std::size_t i = set._Find_first(); i < elements.size(); i = set._Find_next(i)) ids.push_back(elements[i].id);
  return ids;
}

AnswerOutcome outcome_of(const Snapshot& snapshot, const ScenarioAnswer& answer, const Decision& decision) {
  if (decision.verdict == Verdict::block) return {};  // nobody was asked
  Filtered filtered = filter_answer(*answer.mapping, *answer.operation, answer.body, decision.allowed);
  if (const AnswerJudged judged = judge_answer(filtered, answer.persons_asked, decision.strict_answer); judged.fault)
    return {{}, {to_text(*judged.fault)}};
  AnswerOutcome outcome{std::move(filtered.body), {}};
  for (const Code code : notes_of(filtered, snapshot.knowledge().taxonomy)) outcome.codes.push_back(to_text(code));
  return outcome;
}

std::vector<std::string> differences(const Snapshot& snapshot, const ScenarioExchange& scenario,
                                     const Decision& decision) {
  const Expectation& expected = *scenario.expected;
  std::vector<std::string> all;
  const auto compare = [&](const char* what, const std::string& wanted, const std::string& got) {
    if (wanted != got) all.push_back(std::string(what) + ": expected " + wanted + ", got " + got);
  };
  compare("verdict", std::string(name_of(expected.verdict)), std::string(name_of(decision.verdict)));
  if (expected.block) compare("block", *expected.block, std::string(name_of(decision.kind)));
  if (expected.primary) {
    const Finding* primary = decision.primary();
    compare("primary", *expected.primary, primary == nullptr ? "none" : to_text(primary->code));
  }
  if (expected.codes) compare("codes", joined(*expected.codes), joined(codes_of(decision, false)));
  if (expected.notes)
    for (const auto& note : *expected.notes)
      if (const auto got = codes_of(decision, true); std::ranges::find(got, note) == got.end())
        all.push_back("notes: expected " + note + ", got " + joined(got));
  if (expected.elements)
    compare("elements", joined(*expected.elements), joined(elements_of(snapshot, decision.allowed)));
  if (expected.period_from)
    compare("period_from", to_text(*expected.period_from),
            decision.period && decision.period->from ? to_text(*decision.period->from) : "none");
  if (scenario.answer) {
    const AnswerOutcome outcome = outcome_of(snapshot, *scenario.answer, decision);
    if (expected.answer) compare("answer", *expected.answer, outcome.body);
    if (expected.answer_codes) compare("answer_codes", joined(*expected.answer_codes), joined(outcome.codes));
  }
  return all;
}

}  // namespace koppelpoort
