// The loader is the linter: whatever it accepts, `decide` may rely on.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "legal_bases/catalogue.hpp"
#include "legal_bases/digest.hpp"

namespace koppelpoort {
namespace {

using namespace std::string_view_literals;

constexpr std::pair<std::string_view, EntryKind> entry_kinds[] = {{"exchange", EntryKind::exchange},
                                                                  {"internal-reuse", EntryKind::internal_reuse},
                                                                  {"duty-to-reuse", EntryKind::duty_to_reuse},
                                                                  {"source-register", EntryKind::source_register},
                                                                  {"scope-extension", EntryKind::scope_extension},
                                                                  {"intermediary", EntryKind::intermediary},
                                                                  {"cooperation", EntryKind::cooperation},
                                                                  {"citizen-duty", EntryKind::citizen_duty},
                                                                  {"pending", EntryKind::pending},
                                                                  {"disapplied", EntryKind::disapplied},
                                                                  {"expired", EntryKind::expired},
                                                                  {"amending", EntryKind::amending},
                                                                  {"gate", EntryKind::gate},
                                                                  {"approval-gate", EntryKind::approval_gate},
                                                                  {"prohibition", EntryKind::prohibition},
                                                                  {"retention", EntryKind::retention},
                                                                  {"bsn-gate", EntryKind::bsn_gate},
                                                                  {"secrecy-gate", EntryKind::secrecy_gate}};
constexpr std::pair<std::string_view, LawState> states[] = {{"in-force", LawState::in_force},
                                                            {"repealed", LawState::repealed},
                                                            {"disapplied", LawState::disapplied},
                                                            {"pending", LawState::pending}};
constexpr std::pair<std::string_view, Certainty> certainties[] = {{"law", Certainty::law},
                                                                  {"seen", Certainty::seen},
                                                                  {"general-knowledge", Certainty::general_knowledge},
                                                                  {"judgment", Certainty::judgment},
                                                                  {"bill", Certainty::bill}};
constexpr std::pair<std::string_view, Confidence> confidences[] = {{"verified", Confidence::verified},
                                                                   {"verified-2017", Confidence::verified_2017},
                                                                   {"official-document", Confidence::official_document},
                                                                   {"general-knowledge", Confidence::general_knowledge},
                                                                   {"released", Confidence::released}};
constexpr std::pair<std::string_view, Nature> natures[] = {{"duty", Nature::duty},
                                                           {"power", Nature::power},
                                                           {"prohibition", Nature::prohibition},
                                                           {"policy", Nature::policy},
                                                           {"organisational", Nature::organisational},
                                                           {"unknown", Nature::unknown}};
constexpr std::pair<std::string_view, Side> sides[] = {
    {"both", Side::both}, {"give", Side::give}, {"collect", Side::collect}};
constexpr std::pair<std::string_view, NumberGround> number_grounds[] = {{"none", NumberGround::none},
                                                                        {"sector", NumberGround::sector},
                                                                        {"recipient", NumberGround::recipient},
                                                                        {"own", NumberGround::own}};
constexpr std::pair<std::string_view, Volume> volumes[] = {{"single", Volume::single},
                                                           {"list", Volume::list},
                                                           {"standing", Volume::standing},
                                                           {"population", Volume::population}};
constexpr std::pair<std::string_view, Mode> modes[] = {
    {"request", Mode::request}, {"own-motion", Mode::own_motion}, {"push", Mode::push}};
constexpr std::pair<std::string_view, LiftedBy> lifters[] = {{"duty", LiftedBy::duty},
                                                             {"power", LiftedBy::power},
                                                             {"named", LiftedBy::named},
                                                             {"consent", LiftedBy::consent},
                                                             {"statutory-condition", LiftedBy::statutory_condition}};
constexpr std::pair<std::string_view, bool> duty_names[] = {{"duty", true}, {"power", false}};
constexpr std::pair<std::string_view, bool> per_names[] = {{"purpose", false}, {"exchange", true}};

template <typename Value, std::size_t count>
std::string_view name_in(const std::pair<std::string_view, Value> (&names)[count], Value value) {
  for (const auto& [name, each] : names)
    if (each == value) return name;
  return "unknown"sv;
}

template <typename Value>
std::uint8_t bits(const std::vector<Value>& values) {
  unsigned all = 0;
  for (const Value value : values) all |= 1u << static_cast<unsigned>(value);
  return static_cast<std::uint8_t>(all);
}

// Reads one law file into the catalogue. Words are checked here; links between entries afterwards.
class LawReader {
 public:
  LawReader(Catalogue& catalogue, const std::string& file)
      : catalogue_(catalogue), words_(catalogue.words), file_(file) {}

  void read(TomlTable root) {
    const Law* law = read_law(root);
    for (auto& table : root.tables("entry")) read_entry(table, law);
    root.done();
  }

 private:
  const Law* read_law(TomlTable& root) {
    Law law;
    if (auto table = root.table("law")) {
      law = {table->text("id"), table->text("name"), table->text("short"), table->text_if("bwb").value_or(""),
             table->text_if("celex").value_or("")};
      if (!file_.ends_with("/" + law.id + ".toml"))
        table->problem("id", "the law's id must equal the file's name; this one belongs in `" + law.id + ".toml`");
      table->done();
    } else {
      root.problem("law", "`[law]` is missing; it names the law of this file");
    }
    std::string id = law.id;
    return &catalogue_.laws.emplace(std::move(id), std::move(law)).first->second;
  }

  void read_entry(TomlTable& table, const Law* law) {
    Entry entry;
    entry.law = law;
    entry.file = file_;
    entry.line = table.line();
    entry.id = table.text("id");
    entry.kind = table.one_of<EntryKind>("kind", entry_kinds);
    entry.tier = static_cast<int>(table.integer("tier", 1, 2));
    entry.article = table.text("article");
    entry.paragraph = table.text_if("paragraph").value_or("");
    entry.link = table.text_if("link").value_or("");
    entry.text_read = table.date_if("text_read");
    entry.confidence = table.one_of<Confidence>("confidence", confidences);
    entry.source = table.text("source");
    entry.to_check = table.text_if("to_check").value_or("");
    entry.purpose = table.text("purpose");
    // Kept releases from before there was any have English alone.
    entry.purpose_nl = table.text_if("purpose_nl").value_or(entry.purpose);
    entry.data = table.text("data");
    entry.limits = table.text("limits");
    entry.gdpr6 = table.texts("gdpr6");
    entry.gdpr6_note = table.text_if("gdpr6_note").value_or("");
    entry.art9 = table.text_if("art9").value_or("");
    entry.art10 = table.text_if("art10").value_or("");
    entry.bsn = table.text_if("bsn").value_or("");
    entry.nature = table.some_of<Nature>("nature", natures);
    entry.nature_note = table.text_if("nature_note").value_or("");
    entry.enforced_by = table.texts("enforced_by");
    for (auto& validity : table.tables("validity")) read_validity(validity, entry);
    for (auto& condition : table.tables("condition")) read_condition(condition, entry);
    for (auto& flow : table.tables("flow")) read_flow(flow, entry);
    read_kind_tables(table, entry);
    table.done();
    check_shape(table, entry);
    const std::string id = entry.id;
    const auto [at, fresh] = catalogue_.entries.emplace(id, std::move(entry));
    if (!fresh)
      table.problem("id",
                    "`" + id + "` is already declared in " + at->second.file + ":" + std::to_string(at->second.line));
  }

  void read_kind_tables(TomlTable& table, Entry& entry) {
    if (auto number = table.table("number")) {
      entry.number =
          Number{roles(*number, "roles"), goals(*number, "goals"), number->text_if("obligations").value_or("")};
      number->done();
    }
    if (auto secrecy = table.table("secrecy")) {
      entry.secrecy = Secrecy{roles(*secrecy, "binds"), categories(*secrecy, "categories"),
                              bits(secrecy->some_of<LiftedBy>("lifted_by", lifters))};
      secrecy->done();
    }
    if (auto gate = table.table("gate")) {
      entry.gate = Requirement{gate->texts("evidence"), gate->texts("applies_to"), gate->texts("practices"), {}};
      if (const auto months = gate->integer_if("retention_months", 1, 1200))
        entry.gate->retention_months = static_cast<int>(*months);
      gate->done();
    }
  }

  void check_shape(TomlTable& table, const Entry& entry) {
    if (entry.validity.empty()) table.problem("validity", "no [[entry.validity]]: say from when, and in which state");
    if ((entry.kind == EntryKind::bsn_gate) != entry.number.has_value())
      table.problem("kind", "kind `bsn-gate` and the table [entry.number] belong together");
    if ((entry.kind == EntryKind::secrecy_gate) != entry.secrecy.has_value())
      table.problem("kind", "kind `secrecy-gate` and the table [entry.secrecy] belong together");
    const bool never_a_basis = entry.kind == EntryKind::gate || entry.kind == EntryKind::approval_gate ||
                               entry.kind == EntryKind::prohibition || entry.kind == EntryKind::retention ||
                               entry.kind == EntryKind::bsn_gate || entry.kind == EntryKind::secrecy_gate;
    if (never_a_basis && !entry.flows.empty())
      table.problem("flow", "an entry of this kind is a condition, never a basis: remove its [[entry.flow]]");
    if (entry.kind == EntryKind::exchange && entry.flows.empty())
      table.problem("flow",
                    "an exchange without [[entry.flow]] can never cover anything; add one or choose another kind");
    for (const auto& code : entry.enforced_by)
      if (code.size() != 6 || !code.starts_with("KP-"))
        table.problem("enforced_by", "`" + code + "` is no reason code; write KP-nnn");
  }

  void read_validity(TomlTable& table, Entry& entry) {
    Validity validity;
    validity.from = table.date("from");
    validity.until = table.date_if("until");
    validity.state = table.one_of<LawState>("state", states);
    validity.certainty = table.one_of<Certainty>("certainty", certainties);
    validity.evidence = table.text_if("evidence").value_or("");
    if (validity.until && *validity.until <= validity.from)
      table.problem("until", "the interval is inverted: `until` must lie after `from`");
    if (validity.state == LawState::disapplied && validity.evidence.empty())
      table.problem("state", "`disapplied` needs `evidence`: the judgment");
    if (!entry.validity.empty()) {
      const Validity& before = entry.validity.back();
      if (validity.from <= before.from)
        table.problem("from", "intervals stand in order of time; this one starts before the previous one");
      else if (!before.until || *before.until > validity.from)
        table.problem("from", "the interval overlaps the previous one; end that one with `until = \"" +
                                  to_text(validity.from) + "\"`");
    }
    entry.validity.push_back(std::move(validity));
    table.done();
  }

  void read_condition(TomlTable& table, Entry& entry) {
    Condition condition;
    condition.id = table.text("id");
    condition.nl = table.text("nl");
    condition.en = table.text("en");
    condition.per_exchange = table.one_of<bool>("per", per_names);
    condition.kind = table.text("kind");
    condition.mends = table.text("mends");
    condition.volumes = table.some_of<Volume>("volume", volumes);
    condition.from = table.date_if("from");
    constexpr std::string_view kinds[] = {"document", "attestation", "consent", "date"};
    if (std::ranges::find(kinds, condition.kind) == std::end(kinds))
      table.problem("kind", "a condition is a document, attestation, consent or date, not `" + condition.kind + "`");
    for (const auto& other : entry.conditions)
      if (other.id == condition.id) table.problem("id", "condition `" + condition.id + "` is declared twice");
    entry.conditions.push_back(std::move(condition));
    table.done();
  }

  void read_flow(TomlTable& table, Entry& entry) {
    Flow flow;
    flow.side = table.one_of<Side>("side", sides, Side::both);
    flow.from = roles(table, "from");
    flow.to = roles(table, "to");
    flow.goals = goals(table, "goals");
    flow.categories = categories(table, "categories");
    flow.fields = table.texts("fields");
    std::ranges::sort(flow.fields);
    flow.categories &= ~categories(table, "not_categories");
    for (auto& kind : table.texts("special")) flow.special.insert(special_kind(table, std::move(kind)));
    flow.criminal = table.flag("criminal", false);
    flow.number = table.one_of<NumberGround>("bsn", number_grounds, NumberGround::none);
    flow.duty = table.one_of<bool>("nature", duty_names);
    if (table.has("modes")) flow.modes = bits(table.some_of<Mode>("modes", modes));
    flow.volumes = table.has("volume") ? bits(table.some_of<Volume>("volume", volumes)) : std::uint8_t{1};
    flow.signal = table.flag("signal", false);
    flow.relation = table.texts("relation");
    flow.same_organisation = table.flag("same_organisation", false);
    flow.obtained_for = goals(table, "obtained_for");
    flow.lifts = table.texts("lifts");
    flow.note = table.text_if("note").value_or("");
    if (const auto months = table.integer_if("look_back_months", 1, 1200))
      flow.look_back_months = static_cast<int>(*months);
    read_flow_conditions(table, entry, flow);
    if (flow.from.none() || flow.to.none() || flow.goals.none())
      table.problem("from", "a flow needs `from`, `to` and `goals`");
    if (flow.fields.empty() == flow.categories.none())
      table.problem("categories", "a flow has either `categories` or a closed list of `fields`");
    table.done();
    flow.index = catalogue_.flow_count++;
    entry.flows.push_back(std::move(flow));
  }

  void read_flow_conditions(TomlTable& table, const Entry& entry, Flow& flow) {
    if (!table.has("conditions")) {
      for (std::size_t i = 0; i < entry.conditions.size(); ++i)
        flow.conditions.push_back(static_cast<std::uint16_t>(i));
      return;
    }
    for (const auto& id : table.texts("conditions")) {
      const auto at = std::ranges::find(entry.conditions, id, &Condition::id);
      if (at == entry.conditions.end())
        table.problem("conditions", "no [[entry.condition]] with id `" + id + "` in this entry");
      else
        flow.conditions.push_back(static_cast<std::uint16_t>(at - entry.conditions.begin()));
    }
  }

  std::string special_kind(TomlTable& table, std::string kind) {
    const bool known =
        kind == "any" ||
        std::ranges::any_of(words_.categories, [&](const Category& each) { return each.special == kind; }) ||
        kind == "genetisch" || kind == "politiek" || kind == "seksueel";
    if (!known) table.problem("special", "`" + kind + "` is no kind of special data");
    return kind;
  }

  void unknown(TomlTable& table, std::string_view key, const std::string& word, const auto& index) {
    std::vector<std::string_view> known;
    known.reserve(index.size());
    for (const auto& [id, position] : index) known.push_back(id);
    const auto hint = nearest(word, known);
    table.problem(key, "`" + word + "` stands not in vocabulary.toml" +
                           (hint.empty() ? std::string() : "; did you mean `" + std::string(hint) + "`?"));
  }

  RoleSet roles(TomlTable& table, std::string_view key) {
    RoleSet set;
    for (const auto& word : table.texts(key)) {
      if (word == "any") {
        for (std::size_t i = 0; i < words_.roles.size(); ++i) set.set(i);
      } else if (const auto role = words_.role(word)) {
        set.set(*role);
      } else {
        unknown(table, key, word, words_.role_index);
      }
    }
    return set;
  }

  GoalSet goals(TomlTable& table, std::string_view key) {
    GoalSet set;
    for (const auto& word : table.texts(key)) {
      if (word == "any-public-task") {
        for (std::size_t i = 0; i < words_.goals.size(); ++i)
          if (words_.goals[i].public_task && !words_.goals[i].structural_gap) set.set(i);
      } else if (const auto goal = words_.goal(word)) {
        set.set(*goal);
      } else {
        unknown(table, key, word, words_.goal_index);
      }
    }
    return set;
  }

  CategorySet categories(TomlTable& table, std::string_view key) {
    CategorySet set;
    for (const auto& word : table.texts(key)) {
      if (word == "any") {
        for (std::size_t i = 0; i < words_.categories.size(); ++i) set.set(i);
      } else if (const auto category = words_.category(word)) {
        set.set(*category);
      } else {
        unknown(table, key, word, words_.category_index);
      }
    }
    return set;
  }

  Catalogue& catalogue_;
  const Vocabulary& words_;
  const std::string& file_;
};

void check_links(const Catalogue& catalogue, Problems& problems) {
  for (const auto& [id, entry] : catalogue.entries)
    for (const auto& flow : entry.flows)
      for (const auto& lifted : flow.lifts) {
        const Entry* target = catalogue.find(lifted);
        if (target == nullptr || !target->secrecy)
          problems.push_back({entry.file, entry.line,
                              "`" + id + "` lifts `" + lifted + "`, which is no secrecy-gate of the catalogue"});
      }
}

}  // namespace

void read_law(Catalogue& catalogue, const TomlDocument& document, const std::string& file, Problems& problems) {
  LawReader(catalogue, file).read(document.root(problems));
}

Catalogue read_catalogue(const Texts& texts, Problems& problems) {
  Catalogue catalogue;
  catalogue.words = read_vocabulary(texts, problems);
  const auto files = names_in(texts, "legal_bases/catalogue/");
  if (files.empty()) problems.push_back({"legal_bases/catalogue", 0, "no law files; is this the folder of a release?"});
  for (const auto file : files)
    if (const auto document = TomlDocument::of(texts, file, problems))
      read_law(catalogue, *document, std::string(file), problems);
  check_links(catalogue, problems);
  return catalogue;
}

std::string_view name_of(EntryKind kind) { return name_in(entry_kinds, kind); }
std::string_view name_of(LawState state) { return name_in(states, state); }
std::string_view name_of(Confidence confidence) { return name_in(confidences, confidence); }
std::string_view name_of(Volume volume) { return name_in(volumes, volume); }
std::string_view name_of(Certainty certainty) { return name_in(certainties, certainty); }
std::string_view name_of(Nature nature) { return name_in(natures, nature); }
std::string_view name_of(Side side) { return name_in(sides, side); }
Names<Volume> volume_names() { return volumes; }
Names<Mode> mode_names() { return modes; }
Names<Confidence> confidence_names() { return confidences; }

}  // namespace koppelpoort
