#include "adapters/wire/json/mapping.hpp"

#include <algorithm>
#include <bit>
#include <filesystem>

#include "adapters/files/files.hpp"
#include "adapters/wire/json/segments.hpp"

namespace koppelpoort {
namespace {

constexpr std::pair<std::string_view, FieldsIn> fields_places[] = {
    {"none", FieldsIn::none}, {"body", FieldsIn::body}, {"query", FieldsIn::query}};

AnswerNode& node_at(AnswerNode& root, std::string_view path) {
  AnswerNode* node = &root;
  for (const auto segment : segments_of(path, '.')) {
    const auto at = std::ranges::find(node->members, segment, &AnswerNode::key);
    if (at != node->members.end()) {
      node = &*at;
    } else {
      node->members.push_back({});
      node->members.back().key = segment;
      node = &node->members.back();
    }
  }
  return *node;
}

class OperationReader {
 public:
  OperationReader(TomlTable& table, const Taxonomy& taxonomy) : table_(table), taxonomy_(taxonomy) {}

  Operation read() {
    operation_.id = table_.text("id");
    operation_.method = table_.text("method");
    const std::string path = table_.text("path");
    for (const auto segment : segments_of(path, '/')) operation_.path.emplace_back(segment);
    operation_.fields_in = table_.one_of<FieldsIn>("fields_in", fields_places, FieldsIn::none);
    operation_.fields_name = table_.text_if("fields_name").value_or("fields");
    operation_.lists = table_.flag("lists", false);
    operation_.counted = table_.text_if("counted").value_or("");
    operation_.plain = table_.texts("plain");
    operation_.record = table_.text_if("record").value_or("");
    operation_.twins = table_.text_if("twins").value_or("");
    operation_.twin_date = table_.text_if("twin_date").value_or("");
    read_parameters();
    read_aliases();
    read_answer();
    table_.done();
    return std::move(operation_);
  }

 private:
  std::optional<ElementIndex> element(TomlTable& table, const std::string& key) {
    const std::string id = table.text(key);
    const auto index = taxonomy_.find(id);
    if (!index) table.problem(key, "`" + id + "` is no data element; it stands in no file of policies/taxonomy");
    return index;
  }

  void read_parameters() {
    auto table = table_.table("parameters");
    if (!table) return;
    for (const auto& name : table->keys())
      if (const auto index = element(*table, name)) operation_.parameters.push_back({name, *index});
    table->done();
  }

  void read_aliases() {
    auto table = table_.table("aliases");
    if (!table) return;
    for (const auto& name : table->keys()) operation_.aliases.emplace_back(name, table->text(name));
    table->done();
  }

  void read_answer() {
    for (const auto& path : table_.texts("answer_plain")) node_at(operation_.answer, path).plain = true;
    auto table = table_.table("answer");
    if (!table) {
      table_.problem("answer", "`[operation.answer]` is missing: nothing of the answer could ever pass");
      return;
    }
    for (const auto& path : table->keys()) {
      AnswerNode& node = node_at(operation_.fields, path);
      if (!node.members.empty() || node.element)
        table->problem(path, "`" + path + "` is mapped twice, or inside another element");
      node.element = element(*table, path);
    }
    table->done();
    for (const auto& path : table_.texts("always")) {
      AnswerNode& node = node_at(operation_.fields, path);
      node.always = true;
      if (!node.element) table_.problem("always", "`" + path + "` must also be mapped to an element");
    }
    operation_.fields.seal();
    AnswerNode& records = node_at(operation_.answer, operation_.record);
    for (const auto& member : operation_.fields.members) records.members.push_back(member);
    records.record = true;
    operation_.answer.seal();
  }

  TomlTable& table_;
  const Taxonomy& taxonomy_;
  Operation operation_;
};

bool matches(const Operation& operation, const std::vector<std::string_view>& path) {
  return std::ranges::equal(operation.path, path, [](const std::string& template_segment, std::string_view segment) {
    return template_segment.starts_with('{') || template_segment == segment;
  });
}

}  // namespace

void AnswerNode::seal() {
  if (element) below.set(*element);
  places.assign(members.empty() ? 0 : std::bit_ceil(2 * members.size()), {});
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].seal();
    below |= members[i].below;
    const std::uint64_t mark = json::mark_of(members[i].key);
    std::uint64_t at = mark >> 32u;
    while (places[at & (places.size() - 1)].member != 0) ++at;
    places[at & (places.size() - 1)] = {mark, static_cast<std::uint32_t>(i + 1)};
  }
}

const AnswerNode* AnswerNode::find(std::string_view name, std::uint64_t name_mark) const {
  if (places.empty()) return nullptr;
  for (std::uint64_t at = name_mark >> 32u;; ++at) {
    const Place& place = places[at & (places.size() - 1)];
    if (place.member == 0) return nullptr;
    if (place.mark == name_mark && members[place.member - 1].key == name) return &members[place.member - 1];
  }
}

const Parameter* Operation::parameter(std::string_view name) const {
  const auto at = std::ranges::find(parameters, name, &Parameter::name);
  return at == parameters.end() ? nullptr : &*at;
}

const Operation* Mapping::operation(std::string_view method, std::string_view path) const {
  const auto segments = segments_of(path, '/');
  for (const auto& each : operations)
    if (each.method == method && matches(each, segments)) return &each;
  return nullptr;
}

std::shared_ptr<const Mapping> load_mapping(const std::string& path, const Taxonomy& taxonomy, const Vocabulary& words,
                                            Problems& problems) {
  const std::size_t before = problems.size();
  const auto document = load_toml(path, problems);
  if (!document) return nullptr;
  auto mapping = std::make_shared<Mapping>();
  mapping->id = std::filesystem::path(path).stem().string();
  TomlTable root = document->root(problems);
  for (auto& table : root.tables("operation")) mapping->operations.push_back(OperationReader(table, taxonomy).read());
  if (mapping->operations.empty()) root.problem("operation", "no [[operation]]: the service could answer nothing");
  root.done();
  for (std::size_t i = 0; i < words.categories.size(); ++i)
    if (words.categories[i].kind == CategoryKind::national_id) mapping->numbers |= taxonomy.of_category[i];
  return problems.size() == before ? mapping : nullptr;
}

}  // namespace koppelpoort
