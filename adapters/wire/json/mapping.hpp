// Which JSON paths of a REST service are which data elements: a data file, described in docs/mappings.md.
// What a mapping does not name does not exist: asked, it is unknown; answered, it is removed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/wire/json/reader.hpp"
#include "policies/taxonomy.hpp"

namespace koppelpoort {

// One place in the answer. Arrays are transparent: a node describes each item.
struct AnswerNode {
  std::string key;
  std::optional<ElementIndex> element;  // everything below is this element
  bool plain = false;                   // no datum of anybody: passes as it is
  bool always = false;                  // added by the source to whatever is asked; passes along with content
  bool record = false;                  // a record stands here, or a list of them
  ElementSet below;                     // every element at or under this node
  std::vector<AnswerNode> members;
  // The members by the mark of their key: open addressing, at least half empty; 0 is an empty place.
  struct Place {
    std::uint64_t mark = 0;
    std::uint32_t member = 0;  // its position plus one
  };
  std::vector<Place> places;

  void seal();  // after the last change: fills in `below` and `places`, here and under it
  const AnswerNode* find(std::string_view name) const { return find(name, json::mark_of(name)); }
  const AnswerNode* find(std::string_view name, std::uint64_t name_mark) const;
};

enum class FieldsIn { none, body, query };

struct Parameter {
  std::string name;
  ElementIndex element = 0;
};

struct Operation {
  std::string id, method;
  std::vector<std::string> path;  // segments below the service's path; `{name}` is a parameter
  FieldsIn fields_in = FieldsIn::none;
  std::string fields_name;
  bool lists = false;                 // the operation is about a list or group of people by itself
  std::string counted;                // parameter that may hold several values: then it is a list
  std::vector<std::string> plain;     // request members that are neither data nor a search
  std::vector<Parameter> parameters;  // in path, query or body
  std::vector<std::pair<std::string, std::string>> aliases;  // first path segment asked → first segment meant
  std::string record;            // where the records stand in the answer; empty: the answer is the record
  std::string twins, twin_date;  // member that mirrors its siblings (`inOnderzoek`), and its date members
  AnswerNode answer;             // the whole document
  AnswerNode fields;             // the record alone: what `fields` paths are relative to

  const Parameter* parameter(std::string_view name) const;
};

struct Mapping {
  std::string id;
  std::vector<Operation> operations;
  ElementSet numbers;  // elements that may hold a person number

  const Operation* operation(std::string_view method, std::string_view path) const;
};

// Null with problems. Elements must stand in the taxonomy.
std::shared_ptr<const Mapping> load_mapping(const std::string& path, const Taxonomy& taxonomy, const Vocabulary& words,
                                            Problems& problems);

}  // namespace koppelpoort
