#include "gateway/ledger/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gateway/ledger/segments.hpp"

namespace koppelpoort {

LedgerLock::LedgerLock(const std::string& folder) {
  const std::string path = folder + "/lock";
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0)
    throw LogError(path + ": " + std::strerror(errno) + "; run `koppelpoort init` first, or check its owner");
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw LogError(folder + ": another gate is using this ledger; stop it first");
  }
}

LedgerLock::~LedgerLock() { ::close(file_); }

bool gate_is_writing(const std::string& folder) {
  const int lock = ::open((folder + "/lock").c_str(), O_RDWR | O_CLOEXEC);
  if (lock < 0) return false;
  const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0;
  ::close(lock);
  return held;
}

}  // namespace koppelpoort
