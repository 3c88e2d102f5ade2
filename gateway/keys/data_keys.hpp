// The keys that seal private parts: made for each month and retention class, kept wrapped, destroyed when their time is
// over. Safe for several threads.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "adapters/store/sqlite/data_keys.hpp"
#include "gateway/keys/keys.hpp"
#include "gateway/keys/retention.hpp"

namespace koppelpoort {

struct DataKey {
  DataKey(std::int64_t number, std::string key) : id(number), bytes(std::move(key)) {}
  ~DataKey() { wipe(bytes); }
  DataKey(const DataKey&) = delete;
  DataKey& operator=(const DataKey&) = delete;

  std::int64_t id = 0;
  std::string bytes;  // 32
};

class DataKeys {
 public:
  // `create` makes the file and may make new keys; `read` only opens parts. Throws StoreError, KeyError.
  DataKeys(const std::string& file, Keys& keys, Retention retention, Database::Mode mode);

  // With which a part of this day and purpose is sealed; made and durable when there is none yet.
  std::shared_ptr<const DataKey> current(const std::string& purpose, Date day);
  // Null when it was destroyed. Throws KeyError when it never was: then the file is not this ledger's.
  std::shared_ptr<const DataKey> find(std::int64_t id);
  // A part that was sealed again since; nothing when it was not.
  std::optional<std::string> part_again(std::int64_t position);

  std::vector<DataKeyRow> all();
  std::vector<DataKeyRow> due(Date today);  // their time is over, and nothing holds them
  void hold(std::int64_t id, const std::string& why);
  void destroy(std::int64_t id);
  // A new key takes the place of this one for new parts.
  std::shared_ptr<const DataKey> replace(const DataKeyRow& row);
  void keep_parts(const std::vector<std::pair<std::int64_t, std::string>>& parts);  // durable together

 private:
  std::shared_ptr<const DataKey> make(const RetentionClass& retention, Date day);

  std::mutex mutex_;
  DataKeyStore store_;
  Keys& keys_;
  const Retention retention_;
  std::map<std::int64_t, std::shared_ptr<const DataKey>> open_;
  struct Newest {
    int month = 0;  // since the year 0
    std::shared_ptr<const DataKey> key;
  };
  std::map<std::string, Newest> newest_;  // by class
};

}  // namespace koppelpoort
