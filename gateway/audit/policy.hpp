// Whose signatures a checkpoint needs before somebody believes it (C2SP tlog-policy): `log`, `witness`, `group`,
// `quorum`, one a line.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ledger/note.hpp"

namespace koppelpoort {

class AuditPolicy {
 public:
  // Throws std::runtime_error with the line that is wrong.
  static AuditPolicy parse(std::string_view text);

  const std::vector<NoteVerifier>& logs() const { return logs_; }
  // Empty when the note is signed by a log of the policy and its quorum; else what is missing.
  std::string fault_of(std::string_view note) const;

 private:
  struct Group {
    std::size_t needed = 0;
    std::vector<std::string> members;  // witnesses and earlier groups
  };
  bool holds(const std::string& name, std::string_view note) const;

  std::vector<NoteVerifier> logs_;
  std::map<std::string, NoteVerifier> witnesses_;
  std::map<std::string, Group> groups_;
  std::string quorum_;  // empty: none
};

}  // namespace koppelpoort
