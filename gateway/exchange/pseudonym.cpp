#include "gateway/exchange/pseudonym.hpp"

#include "gateway/ledger/encoding.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t kept_bytes = 16;
constexpr std::string_view label{"kp/subj/v1\0", 11};

}  // namespace

int year_of(Date day) { return static_cast<int>(std::chrono::year_month_day{day}.year()); }

Keys::Mac person_mac(Keys& keys, std::string_view use, int year, std::string_view controller,
                     std::string_view person_number) {
  std::string message;
  message.reserve(use.size() + controller.size() + 1 + person_number.size());
  message += use;
  message += controller;
  message += '\0';
  message += person_number;
  const Keys::Mac mac = keys.pseudonym_mac(year, message);
  wipe(message);
  return mac;
}

std::string pseudonym_of(Keys& keys, int year, std::string_view controller, std::string_view person_number) {
  const Keys::Mac mac = person_mac(keys, label, year, controller, person_number);
  return hex({reinterpret_cast<const char*>(mac.data()), kept_bytes});
}

}  // namespace koppelpoort
