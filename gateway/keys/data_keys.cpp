#include "gateway/keys/data_keys.hpp"

#include "gateway/keys/seal.hpp"

namespace koppelpoort {
namespace {

int month_number(Date day) {
  const std::chrono::year_month_day date{day};
  return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month()));
}

}  // namespace

DataKeys::DataKeys(const std::string& file, Keys& keys, Retention retention, Database::Mode mode)
    : store_(file, mode), keys_(keys), retention_(std::move(retention)) {}

std::shared_ptr<const DataKey> DataKeys::current(const std::string& purpose, Date day) {
  const RetentionClass& retention = retention_.of(purpose);
  const int month = month_number(day);
  const std::lock_guard guard(mutex_);
  Newest& newest = newest_[retention.name];
  if (newest.key != nullptr && newest.month == month) return newest.key;
  const auto known = store_.current(retention.name, month_text(day));
  newest = {month,
            known ? std::make_shared<const DataKey>(known->id, keys_.unwrap(known->wrapped)) : make(retention, day)};
  open_[newest.key->id] = newest.key;
  return newest.key;
}

std::shared_ptr<const DataKey> DataKeys::make(const RetentionClass& retention, Date day) {
  constexpr std::size_t key_bytes = 32;
  std::string key = random_bytes(key_bytes);
  DataKeyRow row;
  row.retention = retention.name;
  row.month = month_text(day);
  row.wrapped = keys_.wrap(key);
  row.keep_until = to_text(Retention::keep_until(retention, day));
  return std::make_shared<const DataKey>(store_.add(row), std::move(key));
}

std::shared_ptr<const DataKey> DataKeys::find(std::int64_t id) {
  const std::lock_guard guard(mutex_);
  if (const auto known = open_.find(id); known != open_.end()) return known->second;
  const auto row = store_.find(id);
  if (!row)
    throw KeyError("data key " + std::to_string(id) + " is not known here; restore the newest data-keys.sqlite");
  if (row->wrapped.empty()) return open_[id] = nullptr;
  return open_[id] = std::make_shared<const DataKey>(id, keys_.unwrap(row->wrapped));
}

std::optional<std::string> DataKeys::part_again(std::int64_t position) {
  const std::lock_guard guard(mutex_);
  return store_.part(position);
}

std::vector<DataKeyRow> DataKeys::all() {
  const std::lock_guard guard(mutex_);
  return store_.all();
}

std::vector<DataKeyRow> DataKeys::due(Date today) {
  std::vector<DataKeyRow> over = all();
  std::erase_if(over, [day = to_text(today)](const DataKeyRow& row) {
    return row.wrapped.empty() || !row.hold.empty() || row.keep_until > day;
  });
  return over;
}

void DataKeys::hold(std::int64_t id, const std::string& why) {
  const std::lock_guard guard(mutex_);
  store_.hold(id, why);
}

void DataKeys::destroy(std::int64_t id) {
  const std::lock_guard guard(mutex_);
  store_.destroy(id);
  open_[id] = nullptr;
  std::erase_if(newest_, [&](const auto& each) { return each.second.key != nullptr && each.second.key->id == id; });
}

std::shared_ptr<const DataKey> DataKeys::replace(const DataKeyRow& row) {
  const std::lock_guard guard(mutex_);
  constexpr std::size_t key_bytes = 32;
  std::string key = random_bytes(key_bytes);
  DataKeyRow fresh = row;
  fresh.wrapped = keys_.wrap(key);
  auto made = std::make_shared<const DataKey>(store_.add(fresh), std::move(key));
  open_[made->id] = made;
  newest_.erase(row.retention);  // looked up anew: it may be another month's
  return made;
}

void DataKeys::keep_parts(const std::vector<std::pair<std::int64_t, std::string>>& parts) {
  const std::lock_guard guard(mutex_);
  Transaction transaction(store_.database());
  for (const auto& [position, sealed] : parts) store_.keep_part(position, sealed);
  transaction.commit();
}

}  // namespace koppelpoort
