// How long the private parts of records are kept, by retention class; after that their key is destroyed.
#pragma once

#include <string>
#include <vector>

#include "legal_bases/date.hpp"

namespace koppelpoort {

struct RetentionClass {
  std::string name = "standard";
  int months = 84;                    // after the month in which the exchange took place
  std::vector<std::string> purposes;  // of which it is the class; the first class is that of all others
};

struct Retention {
  std::vector<RetentionClass> classes{RetentionClass{}};

  const RetentionClass& of(const std::string& purpose) const;
  // The first day on which parts of this month need not be kept any more.
  static Date keep_until(const RetentionClass& retention, Date month);
};

std::string month_text(Date day);  // 2026-11

}  // namespace koppelpoort
