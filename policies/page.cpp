#include "policies/page.hpp"

#include <array>

namespace koppelpoort {
namespace {

constexpr std::string_view style = R"css(
@page { size: A4; margin: 24mm 22mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; color: #555 } }
body { font: 11pt/1.5 "Source Sans 3", "Open Sans", "DejaVu Sans", sans-serif; color: #111; max-width: 42em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 16pt; line-height: 1.25; margin: 1.5em 0 .5em }
h2 { font-size: 12pt; margin: 1.4em 0 .3em }
p, ul, ol { margin: .4em 0 }
.law { color: #444; font-size: 9.5pt }
.facts { border-collapse: collapse; margin: 1em 0 }
.facts th, .facts td { text-align: left; vertical-align: top; padding: .15em 1.2em .15em 0; font-weight: normal }
.facts th { color: #444 }
.code { white-space: nowrap; color: #444; font-size: 9.5pt }
li, section { break-inside: avoid }
table.list { border-collapse: collapse; width: 100%; margin: .6em 0 1.2em }
.list th, .list td { text-align: left; vertical-align: top; padding: .3em .8em .3em 0; border-bottom: 1px solid #ccc; font-weight: normal }
.list thead th { color: #444; font-size: 9.5pt }
@media print { body { margin: 0; max-width: none; padding: 0 } }
)css";

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string day_in_words(Date day, Language language) {
  const bool dutch = language == Language::nl;
  constexpr std::array<std::string_view, 12> nl{"januari", "februari", "maart",     "april",   "mei",      "juni",
                                                "juli",    "augustus", "september", "oktober", "november", "december"};
  constexpr std::array<std::string_view, 12> en{"January", "February", "March",     "April",   "May",      "June",
                                                "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day date{day};
  const unsigned month = static_cast<unsigned>(date.month()) - 1;
  return std::to_string(static_cast<unsigned>(date.day())) + " " + std::string(dutch ? nl.at(month) : en.at(month)) +
         " " + std::to_string(static_cast<int>(date.year()));
}

std::string page_begin(const std::string& title, Language language) {
  const std::string name = language == Language::nl ? "nl" : "en";
  return "<!DOCTYPE html>\n<html lang=\"" + name + "\">\n<head><meta charset=\"utf-8\"><title>" + escaped(title) +
         "</title><style>" + std::string(style) + "</style></head>\n<body>\n";
}

}  // namespace koppelpoort
