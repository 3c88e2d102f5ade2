// Where people reach the management API and the console.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/tls/context.hpp"

namespace koppelpoort {

struct ConsoleSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8444;
  std::string certificate, key;  // PEM; of a host name that browsers know

  TlsFiles tls() const { return {certificate, key, {}, {}}; }
};

}  // namespace koppelpoort
