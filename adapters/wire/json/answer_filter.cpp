#include "adapters/wire/json/answer_filter.hpp"

#include <algorithm>

#include "adapters/wire/json/reader.hpp"

namespace koppelpoort {
namespace {

using json::Kind;
using json::Reader;

constexpr std::size_t number_digits = 9;

// A quoted nine-digit text anywhere in a raw value.
bool holds_person_number(std::string_view raw) {
  if (raw.size() < number_digits + 2) return false;
  // A text by itself is one or is none; only objects and arrays have to be looked through.
  if (raw.front() == '"')
    return raw.size() == number_digits + 2 && looks_like_person_number(raw.substr(1, number_digits));
  for (std::size_t i = 0; i + number_digits + 1 < raw.size(); ++i)
    if (raw[i] == '"' && raw[i + number_digits + 1] == '"' &&
        looks_like_person_number(raw.substr(i + 1, number_digits)))
      return true;
  return false;
}

// The text that passes. It never outgrows the answer it is taken from: everything written stood there, and every comma
// and bracket too. That is checked, not trusted.
class Output {
 public:
  explicit Output(std::size_t most) : text_(most, '\0') {}

  std::size_t mark() const { return size_; }
  void back_to(std::size_t mark) { size_ = mark; }
  void put(char c) {
    need(1);
    text_[size_++] = c;
  }
  void put(std::string_view text) {
    need(text.size());
    text.copy(text_.data() + size_, text.size());
    size_ += text.size();
  }
  void put_key(std::string_view key, bool first) {
    need(key.size() + (first ? 3 : 4));
    char* at = text_.data() + size_;
    if (!first) *at++ = ',';
    *at++ = '"';
    at += key.copy(at, key.size());
    *at++ = '"';
    *at++ = ':';
    size_ = static_cast<std::size_t>(at - text_.data());
  }
  std::string take() {
    text_.resize(size_);
    return std::move(text_);
  }

 private:
  void need(std::size_t more) const {
    if (text_.size() - size_ < more) throw json::Fault("the filtered answer would be longer than the answer", size_);
  }
  std::string text_;
  std::size_t size_ = 0;
};

class AnswerFilter {
 public:
  AnswerFilter(const Mapping& mapping, const Operation& operation, std::string_view body, const ElementSet& allowed)
      : mapping_(mapping), operation_(operation), allowed_(allowed), reader_(body), out_(body.size()) {
    for (const auto& member : operation.fields.members)
      if (member.always) always_ |= member.below;
  }

  Filtered run() {
    const Kind kind = reader_.peek();
    if (kind != Kind::object && kind != Kind::array) {
      result_.fault = "the answer is neither an object nor an array";
      return std::move(result_);
    }
    walk(operation_.answer);
    reader_.end();
    result_.body = changed_ ? out_.take() : std::string(reader_.text());
    return std::move(result_);
  }

 private:
  struct Left {
    bool stays = false;      // its bytes remain
    bool content = false;    // it holds something that was asked for
    bool untouched = false;  // nothing was taken out of it
  };
  static Left kept(bool content, bool untouched) { return {content || untouched, content, untouched}; }

  bool passes(const AnswerNode& node) const { return node.always || allowed_.test(*node.element); }

  void take_out(const AnswerNode* node) {
    changed_ = true;
    reader_.raw_value();
    if (node == nullptr)
      ++result_.unmapped;
    else
      result_.removed |= node->below;
  }

  void copy(const AnswerNode& node) {
    const std::string_view raw = reader_.raw_value();
    if (!node.element || !mapping_.numbers.test(*node.element))
      result_.undeclared_number = result_.undeclared_number || holds_person_number(raw);
    out_.put(raw);
    if (node.element) result_.delivered.set(*node.element);
  }

  Left walk(const AnswerNode& node) {
    if (reader_.peek() == Kind::array) return walk_array(node);
    if (reader_.peek() != Kind::object) {
      // A scalar where the mapping expects members: nothing declared stands here.
      reader_.raw_value();
      changed_ = true;
      ++result_.unmapped;
      return {};
    }
    const Left left = walk_object(node);
    if (node.record && left.stays) ++result_.records;
    return left;
  }

  Left walk_array(const AnswerNode& node) {
    bool content = false, untouched = true;
    out_.put('[');
    bool first = true;
    reader_.enter();
    bool empty = true;
    while (reader_.next_item()) {
      empty = false;
      const std::size_t mark = out_.mark();
      if (!first) out_.put(',');
      const Left item = walk(node);
      if (item.stays)
        first = false;
      else
        out_.back_to(mark);
      content = content || item.content;
      untouched = untouched && item.untouched;
    }
    out_.put(']');
    return kept(content || empty, untouched);  // «none» is an answer to what was asked
  }

  Left walk_object(const AnswerNode& node) {
    bool content = false, untouched = true, first = true;
    out_.put('{');
    reader_.enter();
    std::string_view key;
    bool empty = true;
    while (reader_.next_key(key)) {
      empty = false;
      const std::size_t mark = out_.mark();
      const Left member = walk_member(node, key, first);
      if (member.stays)
        first = false;
      else
        out_.back_to(mark);
      content = content || member.content;
      untouched = untouched && member.untouched;
    }
    out_.put('}');
    return kept(content || empty, untouched);
  }

  Left walk_member(const AnswerNode& node, std::string_view key, bool first) {
    if (!operation_.twins.empty() && key == operation_.twins && !node.members.empty() && node.find(key) == nullptr) {
      out_.put_key(key, first);
      return walk_twins(node);
    }
    const AnswerNode* member = node.find(key, reader_.key_mark());
    if (member == nullptr) {
      take_out(nullptr);
      return {};
    }
    if (member->plain) {
      out_.put_key(key, first);
      copy(*member);
      return kept(true, true);
    }
    if (member->element) {
      if (!passes(*member)) {
        take_out(member);
        return {};
      }
      out_.put_key(key, first);
      copy(*member);
      return kept(!member->always, true);
    }
    out_.put_key(key, first);
    Left left = walk(*member);
    // A group of which nothing may pass goes also when it is empty: that it is there says something too.
    if (member->below.any() && (member->below & (allowed_ | always_)).none() && !member->record) {
      changed_ = true;
      return {};
    }
    if (member->record) left.stays = true;  // an empty list of records is an answer too
    return left;
  }

  // Mirrors its siblings: a mark passes with the element that it is about, a date with at least one mark.
  Left walk_twins(const AnswerNode& node) {
    if (reader_.peek() != Kind::object) {
      reader_.raw_value();
      changed_ = true;
      ++result_.unmapped;
      return {};
    }
    bool marked = false, untouched = true, first = true;
    out_.put('{');
    reader_.enter();
    std::string_view key;
    while (reader_.next_key(key)) {
      const bool date = !operation_.twin_date.empty() && key.starts_with(operation_.twin_date);
      const AnswerNode* sibling = node.find(key);
      const bool pass = date || (sibling != nullptr && (sibling->below & (allowed_ | always_)).any());
      if (!pass) {
        take_out(nullptr);
        untouched = false;
        continue;
      }
      const std::string name(key);
      out_.put_key(name, first);
      const std::string_view raw = reader_.raw_value();
      result_.undeclared_number = result_.undeclared_number || holds_person_number(raw);
      out_.put(raw);
      first = false;
      marked = marked || !date;
    }
    out_.put('}');
    return {marked || untouched, false, untouched};
  }

  const Mapping& mapping_;
  const Operation& operation_;
  const ElementSet& allowed_;
  Reader reader_;
  Output out_;
  ElementSet always_;
  Filtered result_;
  bool changed_ = false;
};

}  // namespace

bool looks_like_person_number(std::string_view digits) {
  if (digits.size() != number_digits) return false;
  int sum = 0;
  for (std::size_t i = 0; i < number_digits; ++i) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    const int weight = i + 1 == number_digits ? -1 : static_cast<int>(number_digits - i);
    sum += weight * (digits[i] - '0');
  }
  return sum % 11 == 0 && digits != "000000000";
}

Filtered filter_answer(const Mapping& mapping, const Operation& operation, std::string_view body,
                       const ElementSet& allowed) {
  try {
    return AnswerFilter(mapping, operation, body, allowed).run();
  } catch (const json::Fault& fault) {
    Filtered failed;
    failed.fault = fault.what();
    return failed;
  }
}

AnswerJudged judge_answer(const Filtered& filtered, std::size_t persons_asked, bool strict) {
  // Asked by number, the answer is about these persons or it is not an answer to this question (decision model 3.5).
  if (filtered.fault == nullptr && persons_asked > 0 && filtered.records > persons_asked)
    return {Code::answer_unreadable, "the answer holds more persons than were asked about"};
  if (filtered.fault != nullptr) return {Code::answer_unreadable, filtered.fault};
  if (filtered.undeclared_number) return {Code::undeclared_person_number, {}};
  if (strict && (filtered.removed.any() || filtered.unmapped > 0))
    return {Code::answer_unreadable, "the service is strict and the answer held more than allowed"};
  return {};
}

std::vector<Code> notes_of(const Filtered& filtered, const Taxonomy& taxonomy) {
  std::vector<Code> notes;
  if (filtered.unmapped > 0) notes.push_back(Code::field_unmapped);
  if (filtered.removed.any()) notes.push_back(Code::field_removed);
  if ((filtered.removed & ~taxonomy.of_person[static_cast<std::size_t>(Person::self)]).any())
    notes.push_back(Code::other_person_removed);
  return notes;
}

}  // namespace koppelpoort
