#include "gateway/audit/policy.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

namespace koppelpoort {
namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

NoteVerifier key_of(const std::string& text, NoteKey type) {
  const auto key = NoteVerifier::parse(text);
  if (!key || key->type() != type) throw std::runtime_error("`" + text + "` is not the public key that belongs here");
  return *key;
}

std::size_t needed_of(const std::string& word, std::size_t members) {
  if (word == "any") return 1;
  if (word == "all") return members;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || number == 0 || number > members)
    throw std::runtime_error("`" + word + "` is not any, all, or a number of its members");
  return number;
}

}  // namespace

AuditPolicy AuditPolicy::parse(std::string_view text) {
  AuditPolicy policy;
  std::istringstream in{std::string(text)};
  bool quorum = false;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.starts_with('#')) continue;
    const auto words = words_of(line);
    if (words.empty()) continue;
    try {
      const auto known = [&](const std::string& name) {
        return policy.witnesses_.contains(name) || policy.groups_.contains(name);
      };
      const auto fresh = [&](const std::string& name) {
        if (known(name) || name == "none") throw std::runtime_error("`" + name + "` is a name that is taken");
      };
      if (words[0] == "log" && words.size() >= 2) {
        policy.logs_.push_back(key_of(words[1], NoteKey::log));
      } else if (words[0] == "witness" && words.size() >= 3) {
        fresh(words[1]);
        policy.witnesses_.emplace(words[1], key_of(words[2], NoteKey::witness));
      } else if (words[0] == "group" && words.size() >= 4) {
        fresh(words[1]);
        Group group{needed_of(words[2], words.size() - 3), {words.begin() + 3, words.end()}};
        for (const auto& member : group.members)
          if (!known(member)) throw std::runtime_error("`" + member + "` is not named before");
        policy.groups_.emplace(words[1], std::move(group));
      } else if (words[0] == "quorum" && words.size() == 2 && !quorum) {
        quorum = true;
        if (words[1] != "none" && !known(words[1])) throw std::runtime_error("`" + words[1] + "` is not named before");
        if (words[1] != "none") policy.quorum_ = words[1];
      } else {
        throw std::runtime_error("this is no `log`, `witness`, `group` or `quorum` line");
      }
    } catch (const std::runtime_error& error) {
      throw std::runtime_error("policy line " + std::to_string(number) + ": " + error.what());
    }
  }
  if (policy.logs_.empty()) throw std::runtime_error("the policy names no log");
  if (!quorum) throw std::runtime_error("the policy names no quorum; `quorum none` when it needs no witness");
  return policy;
}

bool AuditPolicy::holds(const std::string& name, std::string_view note) const {
  if (const auto witness = witnesses_.find(name); witness != witnesses_.end())
    return witness->second.cosigned_at(note).has_value();
  const Group& group = groups_.at(name);
  const auto count =
      std::ranges::count_if(group.members, [&](const std::string& member) { return holds(member, note); });
  return static_cast<std::size_t>(count) >= group.needed;
}

std::string AuditPolicy::fault_of(std::string_view note) const {
  if (std::ranges::none_of(logs_, [&](const NoteVerifier& log) { return open_checkpoint(note, log).has_value(); }))
    return "no log of the policy signed it";
  if (!quorum_.empty() && !holds(quorum_, note)) return "the quorum `" + quorum_ + "` did not sign it";
  return {};
}

}  // namespace koppelpoort
