// One read buffer a thread, used only between a read and the copy that follows it at once: connections that wait hold
// no buffer of their own.
#pragma once

#include <array>

namespace koppelpoort {

using ReadBlock = std::array<char, 16'384>;

inline ReadBlock& read_block() {
  thread_local ReadBlock block;
  return block;
}

}  // namespace koppelpoort
