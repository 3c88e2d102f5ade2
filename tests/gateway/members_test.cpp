#include "gateway/ledger/members.hpp"

#include <catch2/catch.hpp>

#include "gateway/ledger/record.hpp"

using namespace koppelpoort;

TEST_CASE("what a record says is read back member by member") {
  const std::string odd = "a \"quote\", a \\ and \n\t\x01 ] } ,";
  RecordWriter record("decision");
  record.add("empty", std::vector<std::string>{});
  record.add("list", std::vector<std::string>{"one", odd, ""});
  record.add("number", std::int64_t{9007199254740991});
  record.add("text", odd);
  const std::string text = record.finish().text;
  std::vector<std::string> names;
  for (Members members(text); members.next();) {
    names.emplace_back(members.name());
    if (members.name() == "kind") CHECK(members.text() == "decision");
    if (members.name() == "empty") CHECK(members.texts().empty());
    if (members.name() == "list") CHECK(members.texts() == std::vector<std::string>{"one", odd, ""});
    if (members.name() == "number") CHECK(members.number() == 9007199254740991);
    if (members.name() == "text") CHECK(members.text() == odd);
  }
  CHECK(names == std::vector<std::string>{"empty", "kind", "list", "number", "text", "ts"});
}

TEST_CASE("a record of another form ends the reading, wherever it breaks off") {
  RecordWriter record("fields");
  record.add("id", "abc").add("names", std::vector<std::string>{"x", "y\\"}).add("part", std::int64_t{0});
  const std::string text = record.finish().text;
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string part = text.substr(0, size);
    std::size_t count = 0;
    for (Members members(part); members.next();) {
      members.text();
      members.texts();
      members.number();
      ++count;
    }
    CHECK(count <= 6);
  }
  for (const char* other : {"", "[]", "{}", "{\"a\"}", "{\"a\":", "{a:1}", "\"a\":1"})
    CHECK_FALSE(Members(other).next());
}
