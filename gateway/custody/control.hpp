// How a command on this machine asks a running gate: a Unix socket beside the data, one line of JSON each way. The gate
// takes the asker's name from the kernel, not from the line.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace koppelpoort {

// The login name of whoever began this process's session, also behind sudo; the account's own name where no session is
// known.
std::string login_of(int process, unsigned user);

class Control {
 public:
  using Answer = std::function<boost::json::object(const std::string& user, const boost::json::object& asked)>;
  // Listens at `path` until destroyed, one question at a time. Throws std::runtime_error when it cannot.
  Control(std::string path, Answer answer);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Nothing when no gate listens there.
std::optional<boost::json::object> ask_gate(const std::string& path, const boost::json::object& question);

}  // namespace koppelpoort
