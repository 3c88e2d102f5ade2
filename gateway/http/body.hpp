// Reads one message body from the bytes behind its head: by length, or chunked without extensions and trailers.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/head.hpp"

namespace koppelpoort::http {

class BodyReader {
 public:
  BodyReader(const Head& head, std::size_t most);

  enum class State { more, done, refused };
  // Takes from the front of `bytes` what belongs to the body and says how much that was in `used`.
  State feed(std::string_view bytes, std::size_t& used);

  std::string& body() { return body_; }
  const Refusal& refusal() const { return refusal_; }

 private:
  enum class Chunk { size, data, data_end, last_end };
  State feed_chunked(std::string_view bytes, std::size_t& used);
  bool read_size(std::string_view line);
  State refuse(const char* what);

  Framing framing_;
  std::size_t left_ = 0, most_;
  Chunk chunk_ = Chunk::size;
  std::string body_;
  Refusal refusal_;
  int status_;
};

}  // namespace koppelpoort::http
