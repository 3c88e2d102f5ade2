#include "legal_bases/date.hpp"

namespace koppelpoort {
namespace {

using namespace std::chrono;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

void put_digits(char* at, int count, unsigned value) {
  for (int i = count - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

// Summer time runs from the last Sunday of March to the last Sunday of October, switching at 01:00 UTC.
bool summer_time(Instant instant) {
  const year_month_day day{floor<days>(instant)};
  const auto switch_at = [&](month m) { return sys_days{day.year() / m / Sunday[last]} + hours{1}; };
  return instant >= switch_at(March) && instant < switch_at(October);
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text.substr(0, 4));
  const auto m = digits(text.substr(5, 2));
  const auto d = digits(text.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date};
}

std::string to_text(Date date) {
  const year_month_day day{date};
  std::string text = "0000-00-00";
  put_digits(text.data(), 4, static_cast<unsigned>(static_cast<int>(day.year())));
  put_digits(text.data() + 5, 2, static_cast<unsigned>(day.month()));
  put_digits(text.data() + 8, 2, static_cast<unsigned>(day.day()));
  return text;
}

std::optional<Instant> parse_instant(std::string_view text) {
  const auto date = parse_date(text.substr(0, 10));
  if (!date) return std::nullopt;
  if (text.size() == 10) return start_of(*date);
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto h = digits(text.substr(11, 2));
  const auto m = digits(text.substr(14, 2));
  const auto s = digits(text.substr(17, 2));
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  std::string_view rest = text.substr(19);
  if (!rest.empty() && rest.front() == '.') {
    std::size_t end = 1;
    while (end < rest.size() && rest[end] >= '0' && rest[end] <= '9') ++end;
    if (end == 1) return std::nullopt;
    rest.remove_prefix(end);
  }
  const Instant local = *date + hours{*h} + minutes{*m} + seconds{*s};
  if (rest == "Z" || rest == "z") return local;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  const auto oh = digits(rest.substr(1, 2));
  const auto om = digits(rest.substr(4, 2));
  if (!oh || !om || *oh > 23 || *om > 59) return std::nullopt;
  const seconds offset = hours{*oh} + minutes{*om};
  return rest[0] == '+' ? local - offset : local + offset;
}

std::string to_text(Instant instant) {
  const Date date = floor<days>(instant);
  const auto second = static_cast<unsigned>((instant - date).count());
  std::string text = to_text(date) + "T00:00:00Z";
  put_digits(text.data() + 11, 2, second / 3600);
  put_digits(text.data() + 14, 2, second / 60 % 60);
  put_digits(text.data() + 17, 2, second % 60);
  return text;
}

Date dutch_date(Instant instant) { return floor<days>(instant + hours{summer_time(instant) ? 2 : 1}); }

Instant start_of(Date date) {
  const Instant winter = date - hours{1};
  const Instant summer = date - hours{2};
  // Midnight never falls on a switch, so exactly one of the two readings is consistent.
  return summer_time(summer) ? summer : winter;
}

}  // namespace koppelpoort
