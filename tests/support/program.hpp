// What a command of the shell says, on both outputs, and how it ends.
#pragma once

#include <string>

namespace koppelpoort::test {

struct Ran {
  int status = -1;
  std::string said;
};
Ran ran(const std::string& command);

}  // namespace koppelpoort::test
