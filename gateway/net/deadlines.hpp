// Deadlines of all connections of one thread, looked at a few times a second: cheap to move, coarse on purpose.
#pragma once

#include <list>

#include "gateway/net/asio.hpp"

namespace koppelpoort {

class Deadlines {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds tick{250};

  class Watch {
   public:
    Watch(Deadlines& deadlines, Socket& socket) : deadlines_(deadlines), socket_(socket) {
      at_ = deadlines_.watched_.insert(deadlines_.watched_.end(), this);
    }
    ~Watch() { deadlines_.watched_.erase(at_); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void in(std::chrono::milliseconds time) { due_ = deadlines_.now_ + time; }
    bool passed() const { return passed_; }

   private:
    friend class Deadlines;
    Deadlines& deadlines_;
    Socket& socket_;
    Moment due_ = Moment::max();
    bool passed_ = false;
    std::list<Watch*>::iterator at_;
  };

  // Called every tick by the owner's timer.
  void look(Moment now) {
    now_ = now;
    for (Watch* watch : watched_)
      if (watch->due_ <= now && !watch->passed_) {
        watch->passed_ = true;
        boost::system::error_code ignored;
        watch->socket_.cancel(ignored);  // whoever waits on it gets an error and ends
      }
  }

 private:
  std::list<Watch*> watched_;
  Moment now_ = Clock::now();
};

// Looks at them every tick, for as long as the thread's context runs.
inline Awaitable<void> keep_time(Deadlines& deadlines, Executor executor) {
  Timer ticker(executor);
  for (;;) {
    ticker.expires_after(Deadlines::tick);
    const auto [error] = co_await ticker.async_wait(awaited);
    if (error) co_return;
    deadlines.look(Deadlines::Clock::now());
  }
}

}  // namespace koppelpoort
