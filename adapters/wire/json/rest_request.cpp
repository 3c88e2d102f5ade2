#include "adapters/wire/json/rest_request.hpp"

#include <algorithm>

#include "adapters/wire/json/reader.hpp"
#include "adapters/wire/json/segments.hpp"

namespace koppelpoort {
namespace {

constexpr std::size_t fields_max = 512;       // paths asked in one request
constexpr std::size_t plain_bytes_max = 120;  // of a request member that is no datum
constexpr std::size_t wire_name_max = 80;     // characters of an unknown name that are kept

bool person_number_form(std::string_view text) {
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits && (text.size() == 9 || text.size() == 10);
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Percent and plus decoding of one query value; false when it is not well formed.
bool decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return false;
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return std::ranges::none_of(out, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

class RequestReader {
 public:
  RequestReader(const Mapping& mapping, const RestRequest& request) : mapping_(mapping), request_(request) {}

  Asked read() {
    asked_.operation = mapping_.operation(request_.method, request_.path);
    if (asked_.operation == nullptr) return fault("the service has no such operation");
    operation_ = asked_.operation;
    if (operation_->lists) asked_.volume = Volume::list;
    read_path();
    if (!read_query()) return fault("the query cannot be read");
    if (request_.body.empty()) {
      if (operation_->fields_in == FieldsIn::body) return fault("the body is missing");
    } else if (!read_body()) {
      return std::move(asked_);
    }
    if (operation_->fields_in == FieldsIn::none || (operation_->fields_in == FieldsIn::query && !fields_named_))
      ask_everything();
    finish();
    return std::move(asked_);
  }

 private:
  Asked fault(const char* what) {
    asked_.fault = what;
    return std::move(asked_);
  }

  void search(std::string_view name, std::string_view value) {
    const Parameter* parameter = operation_->parameter(name);
    if (parameter == nullptr) {
      unknown(name, Use::search);
      return;
    }
    searched_.set(parameter->element);
    if (!mapping_.numbers.test(parameter->element)) return;
    // One text may list several numbers; each must be a number in the one form that has one pseudonym.
    for (const auto number : segments_of(value, ',')) {
      if (!person_number_form(number)) asked_.fault = "a person number must be nine or ten digits";
      asked_.subjects.emplace_back(number);
    }
    if (segments_of(value, ',').empty()) asked_.fault = "a person number is missing";
  }

  void unknown(std::string_view name, Use use) {
    asked_.unknown = true;
    asked_.elements.push_back({std::nullopt, use, std::string(name.substr(0, wire_name_max))});
  }

  void read_path() {
    const auto segments = segments_of(request_.path, '/');
    for (std::size_t i = 0; i < segments.size(); ++i)
      if (const std::string& part = operation_->path[i]; part.starts_with('{'))
        search(std::string_view(part).substr(1, part.size() - 2), segments[i]);
  }

  bool read_query() {
    std::size_t begin = 0;
    std::vector<std::string> seen;
    for (const auto pair : segments_of(request_.query, '&')) {
      begin = static_cast<std::size_t>(pair.data() - request_.query.data());
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos) return false;
      std::string name, value;
      if (!decode(pair.substr(0, equals), name) || !decode(pair.substr(equals + 1), value)) return false;
      if (std::ranges::find(seen, name) != seen.end()) return false;
      seen.push_back(name);
      if (operation_->fields_in == FieldsIn::query && name == operation_->fields_name) {
        fields_named_ = true;
        asked_.fields_begin = begin + equals + 1;
        asked_.fields_end = begin + pair.size();
        for (const auto field : segments_of(value, ',')) ask(field);
      } else if (std::ranges::find(operation_->plain, name) == operation_->plain.end()) {
        search(name, value);
      }
    }
    return true;
  }

  bool read_body() {
    try {
      json::Reader reader(request_.body);
      if (reader.peek() != json::Kind::object) {
        asked_.fault = "the body must be one JSON object";
        return false;
      }
      reader.enter();
      std::string_view key;
      bool fields_seen = false;
      while (reader.next_key(key)) {
        const std::string name(key);
        if (operation_->fields_in == FieldsIn::body && name == operation_->fields_name) {
          read_fields(reader);
          fields_seen = true;
        } else if (std::ranges::find(operation_->plain, name) != operation_->plain.end()) {
          read_plain(reader);
        } else {
          read_member(reader, name);
        }
      }
      reader.end();
      if (operation_->fields_in == FieldsIn::body && !fields_seen) {
        asked_.fault = "the body does not say which fields are asked";
        return false;
      }
      return true;
    } catch (const json::Fault& found) {
      asked_.fault = found.text;
      return false;
    }
  }

  void read_fields(json::Reader& reader) {
    reader.skip_space();
    asked_.fields_begin = reader.offset();
    reader.enter();
    while (reader.next_item()) ask(reader.text_value());
    asked_.fields_end = reader.offset();
  }

  // A search value is a scalar or a flat list of scalars: how many people it is about must be countable.
  void read_member(json::Reader& reader, const std::string& name) {
    if (reader.peek() != json::Kind::array) {
      read_scalar(reader, name);
      return;
    }
    std::size_t count = 0;
    reader.enter();
    while (reader.next_item()) {
      read_scalar(reader, name);
      ++count;
    }
    if (count == 0) asked_.fault = "a search value is an empty list";
    if (count > 1) asked_.volume = Volume::list;
  }

  void read_scalar(json::Reader& reader, const std::string& name) {
    switch (reader.peek()) {
      case json::Kind::text: search(name, reader.text_value()); return;
      case json::Kind::number:
      case json::Kind::truth: search(name, reader.raw_value()); return;
      default: break;
    }
    reader.raw_value();
    search(name, "0");
    asked_.fault = "a search value must be a text, a number or a list of these";
  }

  // Members that are no data may not carry any either.
  void read_plain(json::Reader& reader) {
    const json::Kind kind = reader.peek();
    if (kind == json::Kind::object || kind == json::Kind::array || reader.raw_value().size() > plain_bytes_max)
      throw json::Fault("a member that is no datum must be one short value", reader.offset());
  }

  // A path asks a group (all of it), an element, or something inside an element (then the whole element).
  void ask(std::string_view path) {
    if (asked_.fields.size() >= fields_max) {
      unknown("too many fields", Use::search);
      return;
    }
    const auto plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
             c == '-';
    };
    if (!std::ranges::all_of(path, plain)) {
      unknown("a field with unusual characters", Use::deliver);
      return;
    }
    AskedField field{std::string(path), {}};
    const AnswerNode* node = &operation_->fields;
    bool first = true;
    for (auto segment : segments_of(path, '.')) {
      if (first)
        for (const auto& [alias, meant] : operation_->aliases)
          if (segment == alias) segment = meant;
      first = false;
      const AnswerNode* member = node->find(segment);
      if (member == nullptr) {
        unknown(path, Use::deliver);
        return;
      }
      node = member;
      if (node->element) break;
    }
    if (node == &operation_->fields) {
      unknown(path, Use::deliver);
      return;
    }
    field.elements = node->below;
    delivered_ |= node->below;
    asked_.fields.push_back(std::move(field));
  }

  void ask_everything() { delivered_ = operation_->fields.below; }

  void finish() {
    // Whoever names nobody asks about everybody.
    if (searched_.none() && !operation_->parameters.empty()) asked_.volume = Volume::population;
    if (asked_.subjects.size() > 1 && asked_.volume == Volume::single) asked_.volume = Volume::list;
    asked_.elements.reserve(asked_.elements.size() + searched_.count() + delivered_.count());
    for (std::size_t i = searched_._Find_first(); i < searched_.size(); i = searched_._Find_next(i))
      asked_.elements.push_back({static_cast<ElementIndex>(i), Use::search, {}});
    // A datum searched by and asked is both: it must be allowed as a search, and it may be delivered.
    for (std::size_t i = delivered_._Find_first(); i < delivered_.size(); i = delivered_._Find_next(i))
      asked_.elements.push_back({static_cast<ElementIndex>(i), Use::deliver, {}});
  }

  const Mapping& mapping_;
  const RestRequest& request_;
  const Operation* operation_ = nullptr;
  Asked asked_;
  ElementSet searched_, delivered_;
  bool fields_named_ = false;  // also when none is known, or none stands there: then nothing is asked, not everything
};

void leaves(const AnswerNode& node, const std::string& path, const ElementSet& allowed, std::vector<std::string>& out) {
  if (node.element) {
    if (allowed.test(*node.element)) out.push_back(path);
    return;
  }
  for (const auto& member : node.members) leaves(member, path + "." + member.key, allowed, out);
}

// What of one asked path may still be asked: the path itself when all of it may.
void narrow_field(const Operation& operation, const AskedField& field, const ElementSet& allowed,
                  std::vector<std::string>& out) {
  if ((field.elements & ~allowed).none()) {
    out.push_back(field.path);
    return;
  }
  if ((field.elements & allowed).none()) return;
  const AnswerNode* node = &operation.fields;
  for (const auto segment : segments_of(field.path, '.')) {
    std::string_view meant = segment;
    if (node == &operation.fields)
      for (const auto& [alias, real] : operation.aliases)
        if (segment == alias) meant = real;
    node = node->find(meant);
  }
  leaves(*node, field.path, allowed, out);
}

}  // namespace

Asked read_rest_request(const Mapping& mapping, const RestRequest& request) {
  return RequestReader(mapping, request).read();
}

Narrowed narrow(const Asked& asked, const RestRequest& request, const ElementSet& allowed) {
  Narrowed narrowed{std::string(request.query), std::string(request.body)};
  const bool fewer =
      std::ranges::any_of(asked.fields, [&](const AskedField& each) { return (each.elements & ~allowed).any(); });
  if ((!fewer && !asked.unknown) || asked.operation->fields_in == FieldsIn::none) return narrowed;
  std::vector<std::string> paths;
  for (const auto& field : asked.fields) narrow_field(*asked.operation, field, allowed, paths);
  std::string value;
  const bool body = asked.operation->fields_in == FieldsIn::body;
  for (const auto& path : paths) value += (value.empty() ? "" : ",") + (body ? "\"" + path + "\"" : path);
  if (body) value = "[" + value + "]";
  std::string& target = body ? narrowed.body : narrowed.query;
  target.replace(asked.fields_begin, asked.fields_end - asked.fields_begin, value);
  return narrowed;
}

}  // namespace koppelpoort
