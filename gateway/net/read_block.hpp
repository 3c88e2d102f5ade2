// One read buffer a thread, used only between a read and the copy that follows it at once: connections that wait hold
// no buffer of their own.
#pragma once

#include <array>

namespace koppelpoort {

inline std::array<char, 16 * 1024>& read_block() {
  thread_local std::array<char, 16 * 1024> block;
  return block;
}

}  // namespace koppelpoort
