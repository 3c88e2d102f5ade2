#include "adapters/wire/json/reader.hpp"

#include <catch2/catch.hpp>

using namespace koppelpoort::json;

namespace {

std::string fault_of(const std::string& text) {
  try {
    Reader reader(text);
    reader.raw_value();
    reader.end();
    return "";
  } catch (const Fault& fault) {
    return fault.text;
  }
}

}  // namespace

TEST_CASE("what two readers could take differently is refused") {
  CHECK(fault_of(R"({"a":1,"b":[true,null,"x\u00e9"]})").empty());
  CHECK(fault_of(R"({"bsn":1,"bsn":2})") == "a key stands twice in one object");
  CHECK(fault_of("{\"bsn\":1,\"b\\u0073n\":2}") == "a key stands twice in one object");
  CHECK(fault_of(R"({"a":{"x":1},"b":{"x":2}})").empty());
  CHECK(fault_of("{\"a\\u0000\":1}") == "NUL in a key");
  CHECK(fault_of("1e400") == "a number is outside the range of a double");
  CHECK(fault_of("-1e309") == "a number is outside the range of a double");
  CHECK(fault_of("1e308").empty());
  CHECK(fault_of("123456789012345678901234567890").empty());
  CHECK(fault_of("01") == "a number begins with a superfluous zero");
  CHECK_FALSE(fault_of("NaN").empty());
  CHECK_FALSE(fault_of("\xEF\xBB\xBF{}").empty());
  CHECK(fault_of(R"("\ud800")") == "a lone surrogate");
  CHECK(fault_of(R"("\ud83d\ude00")").empty());
  CHECK(fault_of("\"\xC0\xAF\"") == "invalid UTF-8");
  CHECK(fault_of("\"\xED\xA0\x80\"") == "invalid UTF-8");
  CHECK(fault_of("{} {}") == "something stands after the value");
  CHECK(fault_of("[1,]") == "a comma stands before the end of an array");
  CHECK_FALSE(fault_of("{\"a\":1,}").empty());
}

TEST_CASE("depth and size have limits") {
  CHECK(fault_of(std::string(32, '[') + std::string(32, ']')).empty());
  CHECK(fault_of(std::string(33, '[') + std::string(33, ']')) == "nested deeper than 32 levels");
  CHECK(fault_of(std::string(100'000, '[')) == "nested deeper than 32 levels");
  std::string many = "[0";
  for (int i = 0; i < 100'000; ++i) many += ",0";
  CHECK(fault_of(many + "]") == "more than 100,000 values");
  std::string members = "{";
  for (int i = 0; i < 1100; ++i) members += "\"k" + std::to_string(i) + "\":0,";
  CHECK(fault_of(members + "\"z\":0}") == "more than 1,024 members in one object");
}
