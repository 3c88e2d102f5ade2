#include "gateway/exchange/person_history.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace koppelpoort;

namespace {

Date day(const char* text) { return *parse_date(text); }

PersonHistory::Known seen(PersonHistory& history, const PersonHistory::Obtained& asked, const char* person,
                          const char* when, bool passes) {
  PersonHistory::Known last;
  history.with(asked, {{person, ""}}, day(when), [&](const PersonHistory::Known& known) {
    last = known;
    return passes;
  });
  return last;
}

}  // namespace

TEST_CASE("what passed counts for the person, the purpose and the month; what did not pass counts for nobody") {
  PersonHistory history(30);
  CHECK(seen(history, {"a", "p"}, "jan", "2026-11-01", true).this_month == 0);
  CHECK(seen(history, {"a", "p"}, "jan", "2026-11-02", false).this_month == 1);
  const auto third = seen(history, {"b", "p"}, "jan", "2026-11-03", true);
  CHECK(third.this_month == 1);
  CHECK(third.obtained == std::vector<PersonHistory::Obtained>{{"a", "p"}});
  CHECK(seen(history, {"a", "q"}, "jan", "2026-11-04", false).this_month == 0);
  CHECK(seen(history, {"a", "p"}, "piet", "2026-11-04", false).obtained.empty());
  CHECK(seen(history, {"a", "p"}, "jan", "2026-12-01", false).this_month == 0);
}

TEST_CASE("what was obtained is forgotten when the window has passed, to the day") {
  PersonHistory history(30);
  seen(history, {"a", "p"}, "jan", "2026-11-01", true);
  CHECK(seen(history, {"b", "q"}, "jan", "2026-11-30", false).obtained.size() == 1);
  CHECK(seen(history, {"b", "q"}, "jan", "2026-12-01", false).obtained.empty());
  CHECK(history.persons() == 0);
}

TEST_CASE("each person of a list is judged by their own history") {
  PersonHistory history(30);
  seen(history, {"a", "p"}, "jan", "2026-11-01", true);
  seen(history, {"b", "p"}, "piet", "2026-11-01", true);
  std::multiset<std::size_t> sizes;
  history.with({"c", "p"}, {{"jan", ""}, {"piet", ""}, {"klaas", ""}, {"marie", ""}}, day("2026-11-02"),
               [&](const auto& known) {
                 sizes.insert(known.obtained.size());
                 return true;
               });
  CHECK(sizes == std::multiset<std::size_t>{0, 1, 1});
  // One that may not pass stops the list, and then nobody is counted.
  history.with({"d", "p"}, {{"jan", ""}, {"klaas", ""}}, day("2026-11-03"), [](const auto&) { return false; });
  CHECK(seen(history, {"d", "p"}, "klaas", "2026-11-03", false).obtained.size() == 1);
}

TEST_CASE("the ledger read in any order gives what happened") {
  PersonHistory history(30);
  const Date today = day("2026-11-25");
  history.remember({"b", "q"}, "jan", day("2026-11-20"), today);
  history.remember({"a", "p"}, "jan", day("2026-11-10"), today);
  history.remember({"a", "p"}, "jan", day("2026-10-28"), today);
  history.remember({"oud", "p"}, "jan", day("2026-01-28"), today);
  const auto known = seen(history, {"a", "p"}, "jan", "2026-11-25", false);
  CHECK(known.this_month == 1);
  CHECK(known.obtained == std::vector<PersonHistory::Obtained>{{"a", "p"}, {"b", "q"}});
}

TEST_CASE("at the turn of the year a person is known under both years' names") {
  PersonHistory history(30);
  seen(history, {"a", "p"}, "jan-2026", "2026-12-20", true);
  seen(history, {"b", "p"}, "jan-2027", "2027-01-02", true);
  PersonHistory::Known known;
  history.with({"c", "p"}, {{"jan-2027", "jan-2026"}}, day("2027-01-05"), [&](const auto& each) {
    known = each;
    return false;
  });
  CHECK(known.obtained == std::vector<PersonHistory::Obtained>{{"a", "p"}, {"b", "p"}});
  CHECK(known.this_month == 1);
}
