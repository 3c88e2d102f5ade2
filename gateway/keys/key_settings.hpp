// Where the keys of a node lie: in a folder, or in a PKCS#11 token when one is configured.
#pragma once

#include <memory>
#include <string>

#include "gateway/keys/keys.hpp"
#include "gateway/keys/token.hpp"

namespace koppelpoort {

struct KeySettings {
  std::string folder;   // of key files
  TokenSettings token;  // used instead when it names a module
};

// Throws KeyError.
std::unique_ptr<Keys> open_keys(const KeySettings& settings);
// Makes what is not there yet.
void create_keys(const KeySettings& settings);

}  // namespace koppelpoort
