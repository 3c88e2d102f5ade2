// Random registers and exchanges around one entry of the catalogue: mostly right, then a few things changed, so that
// permits, cuts and refusals all happen often.
#pragma once

#include <random>

#include "policies/exchange.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort::reference {

class RandomWorld {
 public:
  RandomWorld(const Knowledge& knowledge, std::uint64_t seed);

  Registers registers;
  Settings settings;
  Exchange exchange();  // another one each time

 private:
  bool chance(double probability);
  std::size_t below(std::size_t count);
  template <typename List>
  const auto& one_of(const List& list) {
    return *std::next(list.begin(), static_cast<std::ptrdiff_t>(below(list.size())));
  }
  template <std::size_t Size>
  std::size_t one_of(const std::bitset<Size>& set);
  Period period();
  Evidence evidence(std::string name);
  std::optional<Approval> approval();

  void make_organisations();
  Service make_service(const std::string& id);
  Purpose make_purpose(const std::string& id, const std::vector<std::string>& services);
  void make_necessities(const std::string& purpose, const Service& service);
  void make_linkage(const std::string& id);
  void make_algorithm();

  const Knowledge& knowledge_;
  std::mt19937_64 random_;
  bool calm_ = false;
  const Entry* entry_ = nullptr;
  const Flow* flow_ = nullptr;
  std::string from_, to_, goal_;
  Date day_;
};

}  // namespace koppelpoort::reference
