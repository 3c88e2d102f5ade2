// SHA-256 over a series of items; each is prefixed by its length, so that items cannot run together.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace koppelpoort {

class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void add(std::string_view item);
  std::string hex();  // ends the digest

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Of these bytes alone, as `sha256sum` gives it.
std::string sha256(std::string_view bytes);

}  // namespace koppelpoort
