#include "adapters/files/files.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace koppelpoort {
namespace {

std::optional<std::string> bytes_of(const std::string& path, Problems& problems) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in && text << in.rdbuf()) return std::move(text).str();
  problems.push_back({path, 0, "cannot be read; check that the file exists and is not empty"});
  return std::nullopt;
}

}  // namespace

std::optional<TomlDocument> load_toml(const std::string& path, Problems& problems) {
  const auto text = bytes_of(path, problems);
  if (!text) return std::nullopt;
  return TomlDocument::parse(*text, path, problems);
}

Texts load_texts(const std::string& folder, Problems& problems) {
  Texts texts;
  for (const std::string part : {"legal_bases/", "legal_bases/catalogue/", "policies/", "policies/taxonomy/"}) {
    std::error_code error;
    const std::string path = folder + "/" + part;
    for (const auto& item : std::filesystem::directory_iterator(path, error))
      if (item.path().extension() == ".toml")
        if (auto text = bytes_of(item.path().string(), problems))
          texts.emplace(part + item.path().filename().string(), std::move(*text));
    if (error) problems.push_back({path, 0, error.message() + "; is this the folder of a release?"});
  }
  return texts;
}

std::shared_ptr<const Knowledge> load_knowledge(const std::string& folder, Problems& problems) {
  Texts texts = load_texts(folder, problems);
  return problems.empty() ? read_knowledge(std::move(texts), problems) : nullptr;
}

}  // namespace koppelpoort
