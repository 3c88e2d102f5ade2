// Strict HTTP/1.1 heads (RFC 9112): whatever two parsers could read differently is refused before it means anything.
// Limits: audit design c.2.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace koppelpoort::http {

inline constexpr std::size_t head_bytes_max = std::size_t{16} * 1024;
inline constexpr std::size_t fields_max = 64;
inline constexpr std::size_t target_bytes_max = std::size_t{4} * 1024;
inline constexpr std::size_t request_body_max = std::size_t{2} << 20u;
inline constexpr std::size_t response_body_max = std::size_t{32} << 20u;

// Why a message is refused; `status` is the answer to it, `what` a literal without data.
struct Refusal {
  int status = 400;
  const char* what = "";
};

struct Field {
  std::string_view name, value;  // the name as it stands; compare with `same_name`
};

enum class Framing { none, length, chunked };

struct Head {
  std::string_view method, target;  // of a request
  int status = 0;                   // of a response
  std::vector<Field> fields;
  Framing framing = Framing::none;
  std::size_t length = 0;
  bool close = false;  // the sender closes after this message
  bool expects_continue = false;

  // The only value; nothing when the field is absent. Fields that stand twice were refused, but for the few that may.
  std::optional<std::string_view> find(std::string_view name) const;
};

bool same_name(std::string_view a, std::string_view b);  // ASCII case-insensitive

// The head's size with its empty line, once it is all there; 0 while it is not. Refuses as early as it can.
std::size_t find_head(std::string_view bytes, Refusal& refusal);

// What a request may be: an exchange asks (GET, POST); the management API also changes and removes (PUT, DELETE).
enum class Methods { ask, manage };

// Views point into `bytes`. False with the refusal filled in.
bool parse_request(std::string_view bytes, Head& head, Refusal& refusal, Methods methods = Methods::ask);
bool parse_response(std::string_view bytes, Head& head, Refusal& refusal);

}  // namespace koppelpoort::http
