// The console's files, which are inside the program: pages for people, made by `gateway/console/build.mjs`.
#pragma once

#include <string_view>
#include <vector>

#include "gateway/api/message.hpp"

namespace koppelpoort::console {

struct Asset {
  std::string_view path, tag;
  std::string_view bytes, compressed;  // brotli
};

const std::vector<Asset>& assets();  // in a file that the build makes

// A file, or for every other address the page that finds its own way. Never throws.
api::Answer answer(const api::Request& request);

}  // namespace koppelpoort::console
