#include "legal_bases/strict_toml.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort;

namespace {

std::string problem_of(const std::string& text, const auto& read) {
  Problems problems;
  const auto document = TomlDocument::parse(text, "file.toml", problems);
  if (document) {
    TomlTable root = document->root(problems);
    read(root);
    root.done();
  }
  return to_text(problems);
}

}  // namespace

TEST_CASE("an unknown key is a problem with its line and a suggestion") {
  const auto read = [](TomlTable& root) { root.text_if("purpose"); };
  CHECK(problem_of("\npurpos = \"x\"\n", read) == "file.toml:2: unknown key `purpos`; did you mean `purpose`?\n");
  CHECK(problem_of("zzzzzzzz = 1\n", read) == "file.toml:1: unknown key `zzzzzzzz`; remove it\n");
}

TEST_CASE("a wrong type, a missing key and a bad value each say what to do") {
  CHECK(problem_of("a = 1\n", [](TomlTable& root) { root.text("a"); }) ==
        "file.toml:1: `a` must be a text in quotes\n");
  CHECK(problem_of("b = 1\n", [](TomlTable& root) {
          root.text("a"), root.integer_if("b", 0, 9);
        }).find("`a` is missing") != std::string::npos);
  CHECK(problem_of("n = 10\n", [](TomlTable& root) { root.integer("n", 0, 9); }) ==
        "file.toml:1: `n` must be from 0 to 9\n");
  CHECK(problem_of("d = \"2026-02-30\"\n", [](TomlTable& root) { root.date("d"); }).find("must be a date") !=
        std::string::npos);
  CHECK(problem_of("l = [1]\n", [](TomlTable& root) { root.texts("l"); }).find("must hold texts only") !=
        std::string::npos);
}

TEST_CASE("text that is no TOML is refused with its line") {
  CHECK(problem_of("a = \n", [](TomlTable&) {}).starts_with("file.toml:1: "));
}

TEST_CASE("all problems are reported at once") {
  const auto text = problem_of("a = 1\nb = 2\nc = 3\n", [](TomlTable& root) { root.text("a"), root.text("b"); });
  CHECK(std::count(text.begin(), text.end(), '\n') == 3);
}
