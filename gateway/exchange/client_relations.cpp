#include "gateway/exchange/client_relations.hpp"

#include <algorithm>
#include <filesystem>

#include "gateway/exchange/pseudonym.hpp"

namespace koppelpoort {
namespace {

constexpr std::string_view label{"kp/rel/v1\0", 10};

}  // namespace

RelationName relation_name_of(Keys& keys, int year, std::string_view controller, std::string_view person_number) {
  const Keys::Mac mac = person_mac(keys, label, year, controller, person_number);
  RelationName name;
  std::copy_n(reinterpret_cast<const char*>(mac.data()), name.size(), name.begin());
  return name;
}

std::vector<Relation> ClientRelations::of_all(const std::string& purpose, std::string_view controller,
                                              const std::vector<std::string>& person_numbers, Date day) {
  if (person_numbers.empty()) return {};
  if (store_ == nullptr) {
    if (!std::filesystem::exists(file_)) return {};
    store_ = std::make_unique<Relations>(file_, Database::Mode::read);
  }
  std::vector<Relation> established;
  const Relations::Reading reading(*store_);
  for (const auto& set : store_->of_purpose(purpose)) {
    const bool all = std::ranges::all_of(person_numbers, [&](const std::string& number) {
      return store_->stands(set.version, relation_name_of(keys_, set.year, controller, number), day);
    });
    if (all) established.push_back({set.capacity, {}});
  }
  return established;
}

}  // namespace koppelpoort
