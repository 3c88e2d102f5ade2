// `koppelpoort register import`: registers that others keep, as drafts for people to complete.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/import/field_set.hpp"
#include "adapters/import/json_sources.hpp"
#include "gateway/ledger/durable_file.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/json_out.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

struct ImportOptions {
  std::string format, catalogue, organisation, role, service = "brp", mapping, out, language = "nl";
  std::vector<std::string> files;
  bool json = false;
};

constexpr const char* mapping_of_brp = "/adapters/wire/brp/brp-personen-2.toml";

// A folder stands for the files in it.
std::vector<fs::path> files_of(const ImportOptions& options) {
  std::vector<fs::path> files;
  for (const auto& given : options.files) {
    if (!fs::is_directory(given)) {
      files.emplace_back(given);
      continue;
    }
    for (const auto& item : fs::directory_iterator(given))
      if (item.is_regular_file()) files.push_back(item.path());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<ImportedPurpose> drafts_of(const ImportOptions& options) {
  const auto knowledge = knowledge_or_fail(options.catalogue);
  std::shared_ptr<const Mapping> mapping;
  if (options.format == "field-sets") {
    Problems problems;
    const std::string file =
        options.mapping.empty()
            ? (options.catalogue.empty() ? default_knowledge_folder() : options.catalogue) + mapping_of_brp
            : options.mapping;
    mapping = load_mapping(file, knowledge->taxonomy, knowledge->catalogue.words, problems);
    if (mapping == nullptr) throw Failure(to_text(problems));
  }
  std::vector<ImportedPurpose> all;
  for (const auto& file : files_of(options)) {
    const std::string text = read_file(file.string());
    std::vector<ImportedPurpose> read;
    try {
      if (mapping != nullptr)
        read = {import_field_set(text, file.stem().string(), options.service, *mapping, knowledge->taxonomy)};
      if (options.format == "case-types") read = import_case_types(text);
      if (options.format == "algorithms") read = import_algorithms(text, knowledge->catalogue);
      if (options.format == "flows") read = import_flows(text, knowledge->catalogue);
      if (options.format == "law-fields") read = import_law_fields(text, knowledge->catalogue);
    } catch (const std::invalid_argument& wrong) {
      throw Failure(file.string() + ": " + wrong.what() + "; nothing was imported");
    }
    std::ranges::move(read, std::back_inserter(all));
  }
  return all;
}

void write_drafts(const ImportOptions& options, const std::vector<ImportedPurpose>& drafts) {
  fs::create_directories(options.out);
  for (const auto& draft : drafts) {
    if (is_refused(draft)) continue;
    const fs::path path = fs::path(options.out) / (draft.id + ".toml");
    if (fs::exists(path)) throw Failure(path.string() + " is there already; nothing is overwritten");
    if (!(std::ofstream(path) << file_of(draft, options.organisation, options.role)))
      throw Failure(path.string() + " cannot be written");
  }
}

int import_drafts(const ImportOptions& options) {
  if (!is_oin(options.organisation)) throw Failure("--organisation must be an OIN: twenty digits or capitals");
  const auto drafts = drafts_of(options);
  const bool dutch = options.language == "nl";
  json::array all;
  std::size_t refused = 0;
  for (const auto& draft : drafts) {
    const bool denied = is_refused(draft);
    refused += denied ? 1 : 0;
    json::array lacks;
    for (const auto& lack : lacks_of(draft, options.role)) lacks.emplace_back(dutch ? lack.nl : lack.en);
    if (options.json) {
      all.push_back(
          {{"id", draft.id}, {"title", draft.title}, {"refused", denied}, {"missing", denied ? json::array() : lacks}});
      continue;
    }
    std::cout << draft.id << "  " << draft.title << "\n";
    if (denied) {
      std::string text;
      for (const auto& basis : draft.bases)
        if (basis.denied) text = basis.text;
      std::cout << (dutch ? "    geweigerd: de eigen tekst zegt dat er geen grondslag is: «"
                          : "    refused: its own text says that there is no legal basis: «")
                << text << "»\n";
      continue;
    }
    for (const auto& lack : lacks) std::cout << "    - " << lack.as_string().c_str() << "\n";
  }
  if (!options.out.empty()) write_drafts(options, drafts);
  if (options.json)
    std::cout << json::serialize(all) << "\n";
  else
    std::cout << drafts.size() << (dutch ? " gelezen, " : " read, ") << drafts.size() - refused
              << (dutch ? " concepten, " : " drafts, ") << refused << (dutch ? " geweigerd\n" : " refused\n");
  return exit_yes;
}

}  // namespace

void add_import(CLI::App& registers, int& result) {
  auto options = std::make_shared<ImportOptions>();
  auto* command =
      registers.add_subcommand("import", "registers that others keep, as drafts; says what each still lacks");
  command->add_option("format", options->format, "field-sets, case-types, algorithms, flows or law-fields")
      ->required()
      ->check(CLI::IsMember({"field-sets", "case-types", "algorithms", "flows", "law-fields"}));
  command->add_option("files", options->files, "files, or folders of them")->required()->check(CLI::ExistingPath);
  command->add_option("--organisation", options->organisation, "OIN of the controller")->required();
  command->add_option("--role", options->role, "in which it acts, such as gemeente-college-pw");
  command->add_option("--service", options->service, "of field-sets: the service that they are about")
      ->capture_default_str();
  command->add_option("--mapping", options->mapping,
                      "of field-sets: which path is which element; BRP Personen 2 when not given");
  command->add_option("--catalogue", options->catalogue, "folder with legal_bases/ and policies/");
  command->add_option("--out", options->out, "write each draft there as a register file");
  command->add_option("--language", options->language, "nl or en")->check(CLI::IsMember({"nl", "en"}));
  command->add_flag("--json", options->json, "for machines");
  command->footer(
      "Example: koppelpoort register import case-types zaaktypen.json --organisation 00000099000000001000 --out "
      "drafts\n"
      "Complete a draft and offer it to the FG with `koppelpoort register apply`.");
  command->callback([options, &result] { result = import_drafts(*options); });
}

}  // namespace koppelpoort::cli
