// Everything a decision may look at: catalogue, taxonomy and registers at one register version, compiled so that
// `decide` only follows pointers and tests bits. Immutable; shared between threads.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "policies/decision.hpp"
#include "policies/knowledge.hpp"
#include "policies/registers/registers.hpp"

namespace koppelpoort {

// Configuration that decides: which entries may although no lawyer has released them, and what a cumulative linkage
// that nobody approved is (KP-602): `missing`, on hold for the FG, or `forbidden`. Nothing passes either way.
struct Settings {
  std::set<Confidence> accepted;  // `released` always is
  bool cumulative_forbidden = false;
  std::set<std::string, std::less<>> released{};  // by id, in a draft: as if a lawyer had released these
};

// What a decision was made with, besides registers: SHA-256 over the texts and the settings, hexadecimal.
std::string address_of_release(const Knowledge& knowledge, const Settings& settings);

// Found by a view, without making a string of it.
struct NameHash : std::hash<std::string_view> {
  using is_transparent = void;
};
template <typename Value>
using ByName = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;

// The same for a purpose and a service.
struct PairHash {
  using is_transparent = void;
  std::size_t operator()(const auto& pair) const {
    const std::hash<std::string_view> hash;
    return hash(pair.first) * 31 + hash(pair.second);
  }
};
struct PairEqual {
  using is_transparent = void;
  bool operator()(const auto& a, const auto& b) const { return a.first == b.first && a.second == b.second; }
};
template <typename Value>
using ByPair = std::unordered_map<std::pair<std::string, std::string>, Value, PairHash, PairEqual>;

using SourceIndex = std::uint32_t;  // in the order of the sources' names

class Snapshot {
 public:
  struct CompiledLinkage {
    const Linkage* linkage = nullptr;
    std::vector<SourceIndex> sources;  // sorted
    std::string_view fault;            // what is wrong with its texts; empty when nothing is
    ElementIndex join_key = 0;
  };
  struct CompiledOrganisation {
    const Organisation* organisation = nullptr;
    std::vector<std::pair<WordIndex, Period>> roles;
    RoleSet roles_on(Date day) const;
  };
  struct CompiledPurpose {
    const Purpose* purpose = nullptr;
    const CompiledOrganisation* controller = nullptr;
    WordIndex role = 0, goal = 0;
    std::vector<const Entry*> bases;
    std::vector<SourceIndex> sources;              // that its necessity register names; sorted
    std::vector<const CompiledLinkage*> linkages;  // that name it
    std::optional<Date> started, advised;          // first use, or the day of signing; the FG's advice
    const Algorithm* algorithm = nullptr;
    const FeatureScan* scan = nullptr;  // of that algorithm
  };
  struct CompiledService {
    const Service* service = nullptr;
    const CompiledOrganisation* provider = nullptr;
    WordIndex role = 0;
    SourceIndex source = 0;
    ElementSet offered, essential;
    GoalSet obtained_for;
    std::vector<std::pair<const Entry*, ElementSet>> secrecy;  // that bind the provider's role, and what they bind
  };
  // Necessity of one purpose at one service: which entry motivates which elements, in order of the entries' ids.
  struct Motivated {
    const Necessity* necessity = nullptr;
    ElementSet elements;
    std::string_view fault;  // what is wrong with its texts; empty when nothing is
  };
  struct NecessityOf {
    ElementSet elements;
    std::vector<Motivated> entries;
    bool limited = false;  // an entry says how often
  };

  // A gate of the catalogue: what it asks to be shown, and of whom. Nobody named means everybody.
  struct CompiledGate {
    const Entry* entry = nullptr;
    bool everybody = false;
    RoleSet roles;
    GoalSet goals;
    ElementSet elements;
  };

  // Null with problems when something refers to what does not exist.
  static std::shared_ptr<const Snapshot> compile(std::shared_ptr<const Knowledge> knowledge, Registers registers,
                                                 std::int64_t version, Settings settings, Problems& problems);

  const Knowledge& knowledge() const { return *knowledge_; }
  std::shared_ptr<const Knowledge> shared_knowledge() const { return knowledge_; }
  const Registers& registers() const { return registers_; }
  const Settings& settings() const { return settings_; }
  std::int64_t version() const { return version_; }
  const std::string& digest() const { return digest_; }  // address_of_release

  const CompiledPurpose* purpose(std::string_view id) const;
  const CompiledService* service(std::string_view id) const;
  // The service whose path is the longest prefix of `path` at a `/` boundary.
  const CompiledService* service_at(std::string_view path) const;
  const NecessityOf* necessity(std::string_view purpose, std::string_view service) const;
  const CompiledOrganisation* organisation(std::string_view oin) const;
  // Of all services; in order.
  const std::vector<std::string>& sources() const { return sources_; }
  const std::vector<CompiledGate>& gates() const { return gates_; }
  // All linkages of purposes of this controller.
  const std::vector<const CompiledLinkage*>& linkages_of(std::string_view controller) const;

 private:
  Snapshot() = default;
  friend class SnapshotCompiler;

  std::shared_ptr<const Knowledge> knowledge_;
  Registers registers_;
  Settings settings_;
  std::int64_t version_ = 0;
  std::string digest_;
  ByName<CompiledOrganisation> organisations_;
  ByName<CompiledPurpose> purposes_;
  ByName<CompiledService> services_;
  ByPair<NecessityOf> necessities_;
  std::vector<std::string> sources_;
  std::map<std::string, FeatureScan, std::less<>> scans_;
  std::map<std::string, CompiledLinkage, std::less<>> compiled_linkages_;
  std::map<std::string, std::vector<const CompiledLinkage*>, std::less<>> linkages_;
  std::vector<CompiledGate> gates_;
};

}  // namespace koppelpoort
