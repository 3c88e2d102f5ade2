// A thread that works in its own time and ends when its owner does: what it waits for is broken off at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace koppelpoort {

class Background {
 public:
  using Work = std::function<void(Background&)>;
  explicit Background(Work work) : thread_([this, own = std::move(work)] { own(*this); }) {}
  ~Background() {
    {
      const std::lock_guard guard(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // For the work alone: false when it is time to end.
  bool wait(std::chrono::seconds time) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, time, [this] { return stopping_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace koppelpoort
