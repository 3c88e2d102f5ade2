// What a thread needs to decide, published whole: the snapshot and what was made from it. A running exchange keeps
// the one it started with.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "adapters/wire/json/mapping.hpp"
#include "gateway/upstream/pool.hpp"
#include "policies/snapshot.hpp"

namespace koppelpoort {

struct Route {
  std::shared_ptr<const Mapping> mapping;
  Endpoint endpoint;
};

struct Published {
  std::shared_ptr<const Snapshot> snapshot;
  std::map<std::string, Route, std::less<>> routes;  // by service id
};

// Null with problems: a service whose mapping or endpoint cannot be used makes the whole version unusable.
std::shared_ptr<const Published> publish(std::shared_ptr<const Snapshot> snapshot,
                                         const std::vector<std::string>& folders, Problems& problems);

// One value that is replaced whole; readers keep their own reference and look only when the number moved.
template <typename Value>
class Shared {
 public:
  void set(std::shared_ptr<const Value> value) {
    {
      const std::lock_guard guard(mutex_);
      value_ = std::move(value);
    }
    number_.fetch_add(1, std::memory_order_release);
  }

  class Reader {
   public:
    explicit Reader(const Shared& shared) : shared_(shared) {}
    const std::shared_ptr<const Value>& get() {
      if (const auto number = shared_.number_.load(std::memory_order_acquire); number != seen_) {
        const std::lock_guard guard(shared_.mutex_);
        value_ = shared_.value_;
        seen_ = number;
      }
      return value_;
    }

   private:
    const Shared& shared_;
    std::uint64_t seen_ = 0;
    std::shared_ptr<const Value> value_;
  };

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Value> value_;
  std::atomic<std::uint64_t> number_{0};
};

}  // namespace koppelpoort
