#include "gateway/exchange/person_numbers.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t least = 9, most = 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

void hide_person_numbers(std::string& json) {
  bool within_text = false;
  for (std::size_t begin = 0; begin < json.size();) {
    if (json[begin] == '\\') {
      begin += 2;
      continue;
    }
    if (json[begin] == '"') within_text = !within_text;
    if (!is_digit(json[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < json.size() && is_digit(json[end])) ++end;
    const bool alone = (begin == 0 || !is_letter(json[begin - 1])) && (end == json.size() || !is_letter(json[end]));
    // Zeros before it make no OIN of it (an OIN has thirteen digits behind its zeros); ids have hyphens.
    std::size_t digits = end - begin;
    if (begin == 0 || json[begin - 1] != '-')
      for (std::size_t at = begin; digits > most && json[at] == '0'; ++at) --digits;
    if (alone && digits >= least && digits <= most) {
      json.replace(begin, end - begin, end - begin, within_text ? '*' : ' ');
      if (!within_text) json[begin] = '0';
    }
    begin = end;
  }
}

}  // namespace koppelpoort
