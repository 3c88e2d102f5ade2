#include "gateway/exchange/person_numbers.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t least = 9, most = 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

void hide_person_numbers(std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (!is_digit(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && is_digit(text[end])) ++end;
    const bool alone = (begin == 0 || !is_letter(text[begin - 1])) && (end == text.size() || !is_letter(text[end]));
    if (alone && end - begin >= least && end - begin <= most) text.replace(begin, end - begin, end - begin, '*');
    begin = end;
  }
}

}  // namespace koppelpoort
