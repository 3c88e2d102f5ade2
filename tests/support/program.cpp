#include "tests/support/program.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>

namespace koppelpoort::test {

Ran ran(const std::string& command) {
  std::FILE* pipe = ::popen(("{ " + command + "; } 2>&1").c_str(), "r");
  Ran result;
  std::array<char, 4096> block{};
  for (std::size_t size = 0; (size = std::fread(block.data(), 1, block.size(), pipe)) > 0;)
    result.said.append(block.data(), size);
  result.status = WEXITSTATUS(::pclose(pipe));
  return result;
}

}  // namespace koppelpoort::test
