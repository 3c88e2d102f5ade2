// Hands work from another thread to one io_context: everything that comes in one go wakes it once.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "gateway/net/asio.hpp"

namespace koppelpoort {

class Completions {
 public:
  explicit Completions(asio::io_context& context) : context_(context) {}

  void add(std::function<void()> work) {  // from any thread
    bool first = false;
    {
      const std::lock_guard guard(mutex_);
      first = waiting_.empty();
      waiting_.push_back(std::move(work));
    }
    if (first) asio::post(context_, [this] { run(); });
  }

 private:
  void run() {
    {
      const std::lock_guard guard(mutex_);
      running_.swap(waiting_);
    }
    for (auto& work : running_) work();
    running_.clear();
  }

  asio::io_context& context_;
  std::mutex mutex_;
  std::vector<std::function<void()>> waiting_;
  std::vector<std::function<void()>> running_;  // the context's thread only
};

}  // namespace koppelpoort
