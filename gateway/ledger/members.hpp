// The members of one record, one after the other, without making a tree of it. Only for records that the log's chain
// vouches for: they have the form that RecordWriter gives them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace koppelpoort {

// The text of one member of a record, without reading it as a whole; empty when it is not there.
std::string_view member_of(std::string_view entry, std::string_view key);

class Members {
 public:
  explicit Members(std::string_view record) : rest_(record) {}
  bool next();  // false at the end, or where the record has another form

  std::string_view name() const { return name_; }
  std::string text() const;                // of a text member
  std::int64_t number() const;             // of a number member
  std::vector<std::string> texts() const;  // of a list of texts

 private:
  std::string_view rest_, name_, value_;
};

}  // namespace koppelpoort
