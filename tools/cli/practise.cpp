// `koppelpoort practise`: real cases to judge before the engine does. Asks in the terminal, or writes the cases for the
// console (`--export`).
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/files/files.hpp"
#include "policies/explain.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"
#include "tools/scenario/scenario.hpp"

namespace koppelpoort::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct PractiseOptions {
  std::string folder, catalogue, write_to, language = "nl";
  std::size_t count = 5;
};

// One exchange of a story, without its answer and with it.
struct Case {
  std::string id, title, name;
  Explanation explanation;
  std::string service, volume;
};

constexpr std::pair<Volume, std::string_view> volumes[] = {{Volume::single, "een-persoon"},
                                                           {Volume::list, "lijst"},
                                                           {Volume::standing, "doorlopend"},
                                                           {Volume::population, "hele-groep"}};

std::string_view dutch_volume(Volume volume) {
  return std::ranges::find(volumes, volume, &std::pair<Volume, std::string_view>::first)->second;
}

std::vector<Case> cases_in(const PractiseOptions& options) {
  const auto knowledge = knowledge_or_fail(options.catalogue);
  const std::string folder = options.folder.empty() ? default_knowledge_folder() + "/tests/scenarios" : options.folder;
  std::vector<std::string> files;
  std::error_code missing;
  for (const auto& item : fs::directory_iterator(folder, missing))
    if (item.path().string().ends_with(".scenario.toml")) files.push_back(item.path().string());
  if (files.empty()) throw Failure("no cases in " + folder + "; name a folder with *.scenario.toml");
  std::ranges::sort(files);
  std::vector<Case> cases;
  for (const auto& file : files) {
    Problems problems;
    const auto scenario = load_scenario(file, knowledge, problems);
    if (!scenario) throw Failure(to_text(problems));
    const std::string story = fs::path(file).filename().string();
    for (std::size_t i = 0; i < scenario->exchanges.size(); ++i) {
      const Exchange& exchange = scenario->exchanges[i].exchange;
      const auto* service = scenario->snapshot->service(exchange.service);
      cases.push_back({story.substr(0, story.find('-')) + "-" + std::to_string(i + 1), scenario->title,
                       scenario->exchanges[i].name,
                       explain(*scenario->snapshot, exchange, decide(*scenario->snapshot, exchange)),
                       service == nullptr ? exchange.service : service->service->title,
                       std::string(dutch_volume(exchange.volume))});
    }
  }
  return cases;
}

// Searched with and asked for is one thing to whoever judges.
std::vector<ExplainedElement> once(const std::vector<ExplainedElement>& elements) {
  std::vector<ExplainedElement> all;
  for (const auto& each : elements)
    if (std::ranges::find(all, each.id, &ExplainedElement::id) == all.end()) all.push_back(each);
  return all;
}

json::object case_json(const Case& each, const Reasons& reasons) {
  json::array elements, told;
  for (const auto& element : once(each.explanation.elements))
    elements.push_back({{"nl", element.nl}, {"en", element.en}});
  for (const auto& reason : each.explanation.reasons)
    if (reason.effect != Effect::note)
      told.push_back({{"code", to_text(reason.code)},
                      {"short", {{"nl", reasons.at(reason.code).short_nl}, {"en", reasons.at(reason.code).short_en}}},
                      {"text", {{"nl", reason.nl}, {"en", reason.en}}}});
  return {{"id", each.id},
          {"title", each.title},
          {"name", each.name},
          {"day", to_text(dutch_date(each.explanation.at))},
          {"asked_by", each.explanation.asked_by},
          {"asked_of", each.explanation.asked_of},
          {"service", each.service},
          {"purpose", each.explanation.purpose_nl},
          {"volume", each.volume},
          {"elements", std::move(elements)},
          {"verdict", name_of(each.explanation.verdict)},
          {"block", name_of(each.explanation.kind)},
          {"summary", {{"nl", each.explanation.summary_nl}, {"en", each.explanation.summary_en}}},
          {"reasons", std::move(told)}};
}

int export_cases(const PractiseOptions& options, const std::vector<Case>& cases) {
  const auto knowledge = knowledge_or_fail(options.catalogue);
  std::ofstream out(options.write_to);
  out << "[\n";
  for (std::size_t i = 0; i < cases.size(); ++i)
    out << json::serialize(case_json(cases[i], knowledge->reasons)) << (i + 1 < cases.size() ? ",\n" : "\n");
  out << "]\n";
  if (!out.flush()) throw Failure(options.write_to + " cannot be written");
  std::cout << options.write_to << ": " << cases.size() << " cases\n";
  return exit_yes;
}

void show(const Case& each, bool dutch) {
  const Explanation& told = each.explanation;
  std::cout << "\n"
            << each.title << "\n  " << each.name << ", " << to_text(dutch_date(told.at)) << "\n  "
            << (dutch ? "vraagt:  " : "asks:    ") << told.asked_by << "\n  " << (dutch ? "aan:     " : "of:      ")
            << told.asked_of << " (" << each.service << ")\n  " << (dutch ? "voor:    " : "for:     ")
            << told.purpose_nl << "\n  " << (dutch ? "om:      " : "what:    ");
  const char* between = "";
  for (const auto& element : once(told.elements)) {
    std::cout << between << (dutch ? element.nl : element.en);
    between = ", ";
  }
  std::cout << "\n";
}

// In the terminal: which of the three, and then why.
int ask(const PractiseOptions& options, const std::vector<Case>& cases) {
  const bool dutch = options.language == "nl";
  std::size_t right = 0, asked = 0;
  for (const auto& each : cases) {
    if (asked == options.count) break;
    show(each, dutch);
    std::cout << (dutch ? "1 toegestaan, 2 met minder gegevens, 3 geweigerd (q stopt): "
                        : "1 permitted, 2 with less data, 3 refused (q stops): ")
              << std::flush;
    std::string answer;
    if (!std::getline(std::cin, answer) || answer == "q") break;
    ++asked;
    const Verdict verdict = each.explanation.verdict;
    const bool good = answer == (verdict == Verdict::permit ? "1" : verdict == Verdict::minimise ? "2" : "3");
    if (good) ++right;
    std::cout << (good ? (dutch ? "Goed. " : "Right. ") : (dutch ? "Niet goed. " : "Not right. "))
              << to_text(each.explanation, dutch ? Language::nl : Language::en, Reader::fg) << "\n";
  }
  std::cout << (dutch ? "goed: " : "right: ") << right << " / " << asked << "\n";
  return right == asked ? exit_yes : exit_no;
}

}  // namespace

void add_practise(CLI::App& app, int& result) {
  auto options = std::make_shared<PractiseOptions>();
  auto* command = app.add_subcommand("practise", "judge real cases before the engine does, and see its reasons");
  command->add_option("folder", options->folder, "folder with scenario files; the ones of this release when left out");
  command->add_option("--catalogue", options->catalogue, "folder with legal_bases/ and policies/");
  command->add_option("--count", options->count, "how many cases")->capture_default_str();
  command->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  command->add_option("--export", options->write_to, "write the cases for the console to FILE, and ask nothing");
  command->footer("Example: koppelpoort practise --count 3");
  command->callback([options, &result] {
    const auto cases = cases_in(*options);
    result = options->write_to.empty() ? ask(*options, cases) : export_cases(*options, cases);
  });
}

}  // namespace koppelpoort::cli
