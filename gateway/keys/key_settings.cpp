#include "gateway/keys/key_settings.hpp"

#include "gateway/keys/key_files.hpp"

namespace koppelpoort {

std::unique_ptr<Keys> open_keys(const KeySettings& settings) {
  if (settings.token.module.empty()) return std::make_unique<KeyFiles>(settings.folder);
  return std::make_unique<Token>(settings.token);
}

void create_keys(const KeySettings& settings) {
  if (settings.token.module.empty())
    KeyFiles::create(settings.folder);
  else
    Token::create(settings.token);
}

}  // namespace koppelpoort
