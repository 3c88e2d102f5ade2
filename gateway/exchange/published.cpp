#include "gateway/exchange/published.hpp"

#include <filesystem>

namespace koppelpoort {
namespace {

constexpr std::string_view rest_adapter = "rest-json";

std::string find_mapping(const std::string& name, const std::vector<std::string>& folders) {
  for (const auto& folder : folders) {
    std::string path = folder + "/" + name + ".toml";
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

}  // namespace

std::shared_ptr<const Published> publish(std::shared_ptr<const Snapshot> snapshot,
                                         const std::vector<std::string>& folders, Problems& problems) {
  auto published = std::make_shared<Published>();
  const std::size_t before = problems.size();
  std::map<std::string, std::shared_ptr<const Mapping>> loaded;
  for (const auto& [id, service] : snapshot->registers().services) {
    const std::string where = "service `" + id + "`";
    if (service.adapter != rest_adapter) {
      problems.push_back({where, 0, "there is no adapter `" + service.adapter + "`; this release has `rest-json`"});
      continue;
    }
    const auto endpoint = parse_endpoint(service.endpoint);
    if (!endpoint) {
      problems.push_back({where, 0, "`endpoint` must read https://host[:port][/path]"});
      continue;
    }
    auto& mapping = loaded[service.mapping];
    if (mapping == nullptr) {
      const std::string path = find_mapping(service.mapping, folders);
      if (path.empty()) {
        problems.push_back(
            {where, 0, "no mapping file `" + service.mapping + ".toml` in the folders of [catalogue] mappings"});
        continue;
      }
      const Knowledge& knowledge = snapshot->knowledge();
      mapping = load_mapping(path, knowledge.taxonomy, knowledge.catalogue.words, problems);
    }
    published->routes[id] = {mapping, *endpoint};
  }
  published->snapshot = std::move(snapshot);
  return problems.size() == before ? published : nullptr;
}

}  // namespace koppelpoort
