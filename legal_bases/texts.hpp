// The files of one catalogue release as values: name below the release's folder, with `/`, and content. Whoever reads
// them from a disk or a database hands them in; this room and `policies` open no file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace koppelpoort {

using Texts = std::map<std::string, std::string, std::less<>>;

// Names directly below `folder`, in order. `folder` ends in `/`.
inline std::vector<std::string_view> names_in(const Texts& texts, std::string_view folder) {
  std::vector<std::string_view> names;
  for (auto at = texts.lower_bound(folder); at != texts.end() && at->first.starts_with(folder); ++at)
    if (at->first.find('/', folder.size()) == std::string::npos) names.emplace_back(at->first);
  return names;
}

}  // namespace koppelpoort
