#include "tools/cli/custody.hpp"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "gateway/custody/answer.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/exchange/pseudonym.hpp"
#include "tools/cli/command.hpp"

namespace koppelpoort::cli {
namespace {

namespace json = boost::json;

// As the gate would answer, with its ledger opened for this one question.
json::object answer_alone(const Config& config, const json::object& question) {
  const auto secrets = open_keys(config.keys());
  DataKeys keys(config.data_keys_file(), *secrets, config.retention, Database::Mode::create);
  const std::int64_t now = Ledger::system_micros();
  std::vector<Search> searches;
  const PartVisitor note = [&](std::int64_t position, std::string_view entry, std::string_view sealed) {
    if (auto search = recent_search(position, entry, sealed, keys, now)) searches.push_back(std::move(*search));
  };
  Ledger ledger(config.ledger_folder(), config.node, config.ledger_key_file(), {}, Ledger::system_micros, note);
  Views views(ledger, keys, config.custodians, config.node, [](const std::string&) {});
  for (const auto& [user, at] : searches) views.remember(user, at);
  return answer_control({ledger, keys, views, config}, login_of(::getpid(), ::getuid()), question);
}

// What is typed does not stay on the screen.
class Hidden {
 public:
  Hidden() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~Hidden() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

bool passes_eleven_test(const std::string& number) {
  if (number.size() != 9 || !std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; })) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += (number[i] - '0') * (9 - static_cast<int>(i));
  sum -= number[8] - '0';
  return sum % 11 == 0;
}

json::object ask_custody(const Config& config, const json::object& question) {
  auto answer = ask_gate(config.control_file(), question);
  if (!answer) answer = answer_alone(config, question);
  for (const char* member : {"refused", "error"})
    if (const json::value* why = answer->if_contains(member)) throw Failure(std::string(why->as_string()));
  return *answer;
}

void begin_reading(const Config& config, std::string_view what) {
  ask_custody(config, {{"ask", "view"}, {"role", "reader"}, {"what", what}});
}

std::string read_person_number() {
  std::string number;
  if (::isatty(STDIN_FILENO) == 1) {
    std::cerr << "burgerservicenummer: " << std::flush;
    const Hidden hidden;
    std::getline(std::cin, number);
    std::cerr << "\n";
  } else {
    std::getline(std::cin, number);
  }
  if (!passes_eleven_test(number)) {
    wipe(number);
    throw Failure("that is no burgerservicenummer: nine digits that pass the eleven-test, on standard input");
  }
  return number;
}

std::vector<std::string> names_of(const Config& config, const std::string& controller, std::string& person_number) {
  const auto secrets = open_keys(config.keys());
  std::vector<std::string> names;
  auto years = secrets->years();
  names.reserve(years.size());
  for (const int year : years) names.push_back(pseudonym_of(*secrets, year, controller, person_number));
  wipe(person_number);
  return names;
}

}  // namespace koppelpoort::cli
