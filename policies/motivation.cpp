#include "policies/motivation.hpp"

#include <array>
#include <cctype>
#include <string>

namespace koppelpoort {
namespace {

constexpr std::size_t text_least = 20;  // characters; shorter cannot name a task and a reason

constexpr std::array<std::string_view, 12> empty_phrases{
    "voor de volledigheid", "for completeness", "nice to have",       "kan handig zijn",
    "might be useful",      "altijd zo gedaan", "we always did",      "n.v.t.",
    "niet van toepassing",  "lorem ipsum",      "nodig voor de taak", "is noodzakelijk."};

std::string lower(std::string_view text) {
  std::string all;
  for (const char c : text) all += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return all;
}

bool empty_phrase(std::string_view text) {
  const std::string plain = lower(text);
  for (const auto phrase : empty_phrases)
    if (plain.find(phrase) != std::string::npos) return true;
  return false;
}

}  // namespace

std::string_view fault_of_motivation(std::string_view proportionality, std::string_view subsidiarity) {
  if (proportionality.size() < text_least) return "proportionality is empty";
  if (subsidiarity.size() < text_least) return "subsidiarity is empty";
  if (proportionality == subsidiarity) return "one text for both questions";
  if (empty_phrase(proportionality)) return "proportionality is an empty phrase";
  if (empty_phrase(subsidiarity)) return "subsidiarity is an empty phrase";
  return {};
}

}  // namespace koppelpoort
