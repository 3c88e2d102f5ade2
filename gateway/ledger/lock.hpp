// One writer for a ledger: a lock on its folder that goes when its holder does.
#pragma once

#include <string>

namespace koppelpoort {

class LedgerLock {
 public:
  explicit LedgerLock(const std::string& folder);  // throws LogError when another has it
  ~LedgerLock();
  LedgerLock(const LedgerLock&) = delete;
  LedgerLock& operator=(const LedgerLock&) = delete;

 private:
  int file_ = -1;
};

// Whether a gate holds it.
bool gate_is_writing(const std::string& folder);

}  // namespace koppelpoort
