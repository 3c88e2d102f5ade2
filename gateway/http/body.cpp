#include "gateway/http/body.hpp"

#include <algorithm>

namespace koppelpoort::http {
namespace {

constexpr std::size_t size_line_max = 8;  // hexadecimal digits: far above any body limit

}  // namespace

BodyReader::BodyReader(const Head& head, std::size_t most)
    : framing_(head.framing), left_(head.length), most_(most), status_(head.status == 0 ? 400 : 502) {
  body_.reserve(std::min(left_, std::size_t{64} * 1024));
}

BodyReader::State BodyReader::refuse(const char* what) {
  refusal_ = {status_, what};
  return State::refused;
}

BodyReader::State BodyReader::feed(std::string_view bytes, std::size_t& used) {
  used = 0;
  if (framing_ == Framing::none) return State::done;
  if (framing_ == Framing::chunked) return feed_chunked(bytes, used);
  used = std::min(left_, bytes.size());
  body_.append(bytes.substr(0, used));
  left_ -= used;
  return left_ == 0 ? State::done : State::more;
}

BodyReader::State BodyReader::feed_chunked(std::string_view bytes, std::size_t& used) {
  for (;;) {
    const std::string_view rest = bytes.substr(used);
    switch (chunk_) {
      case Chunk::size: {
        const auto end = rest.find("\r\n");
        if (end == std::string_view::npos) {
          const bool hopeless = rest.size() > size_line_max + 1 || rest.find('\n') != std::string_view::npos;
          return hopeless ? refuse("a chunk size is malformed") : State::more;
        }
        if (!read_size(rest.substr(0, end))) return refuse("a chunk size is malformed");
        used += end + 2;
        if (body_.size() + left_ > most_) {
          refusal_ = {status_ == 400 ? 413 : 502, "the body is larger than allowed"};
          return State::refused;
        }
        chunk_ = left_ == 0 ? Chunk::last_end : Chunk::data;
        break;
      }
      case Chunk::data: {
        const std::size_t take = std::min(left_, rest.size());
        body_.append(rest.substr(0, take));
        used += take;
        left_ -= take;
        if (left_ > 0) return State::more;
        chunk_ = Chunk::data_end;
        break;
      }
      case Chunk::data_end:
      case Chunk::last_end:
        // After the last chunk only the empty line may follow: trailers would be fields that nobody checked.
        if (rest.size() < 2)
          return rest.empty() || rest.front() == '\r' ? State::more : refuse("a chunk is not closed");
        if (!rest.starts_with("\r\n"))
          return refuse(chunk_ == Chunk::last_end ? "trailer fields" : "a chunk is not closed");
        used += 2;
        if (chunk_ == Chunk::last_end) return State::done;
        chunk_ = Chunk::size;
        break;
    }
  }
}

bool BodyReader::read_size(std::string_view line) {
  if (line.empty() || line.size() > size_line_max) return false;
  left_ = 0;
  for (const char c : line) {
    std::size_t digit = 0;
    if (c >= '0' && c <= '9')
      digit = static_cast<std::size_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      digit = static_cast<std::size_t>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
      digit = static_cast<std::size_t>(c - 'A') + 10;
    else
      return false;
    left_ = left_ * 16 + digit;
  }
  return true;
}

}  // namespace koppelpoort::http
