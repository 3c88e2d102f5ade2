#include "gateway/ledger/tiles.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/ledger/durable_file.hpp"

namespace koppelpoort {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t tile_width = 256;
constexpr int entries_level = -1;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) throw LogError(path + ": is missing from the export, or empty");
  return std::move(text).str();
}

// Immutable: what is there already must be the same.
void keep(const std::string& path, const std::string& bytes) {
  if (fs::exists(path)) {
    if (bytes_of(path) == bytes) return;
    throw LogError(path + ": stands there already and says something else; export into an empty folder");
  }
  write_durably(path, bytes);
}

std::string raw(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

// Takes leaves in order and hands out each tile when it is whole, and the partial ones at the end.
class TileMaker {
 public:
  using Visit = std::function<void(int level, std::int64_t number, std::int64_t width, const std::string& hashes)>;
  explicit TileMaker(Visit visit) : visit_(std::move(visit)) {}

  void add(const Hash& leaf) { add(0, leaf); }
  void finish() {
    for (std::size_t level = 0; level < open_.size(); ++level)
      if (const Open& tile = open_[level]; tile.width > 0)
        visit_(static_cast<int>(level), tile.number, tile.width, tile.hashes);
  }

 private:
  struct Open {
    std::int64_t number = 0, width = 0;
    std::string hashes;
    Edge edge;  // of the tile's own hashes
  };

  // A whole tile is one hash of the level above: the root of its 256.
  void add(std::size_t level, const Hash& hash) {
    if (open_.size() <= level) open_.resize(level + 1);
    Open& tile = open_[level];
    tile.hashes += raw(hash);
    tile.edge.append(hash);
    if (++tile.width < tile_width) return;
    visit_(static_cast<int>(level), tile.number, tile.width, tile.hashes);
    const Hash root = tile.edge.root();
    tile = {tile.number + 1, 0, {}, {}};
    add(level + 1, root);
  }

  Visit visit_;
  std::vector<Open> open_;
};

void add_entry(std::string& bundle, std::string_view entry) {
  bundle += static_cast<char>((entry.size() >> 8u) & 255u);
  bundle += static_cast<char>(entry.size() & 255u);
  bundle += entry;
}

}  // namespace

std::string tile_path(int level, std::int64_t number, std::int64_t width) {
  std::string digits;
  std::array<char, 8> group{};
  for (std::int64_t rest = number;; rest /= 1000) {
    std::snprintf(group.data(), group.size(), "%03d", static_cast<int>(rest % 1000));
    digits = digits.empty() ? group.data() : "x" + std::string(group.data()) + "/" + digits;
    if (rest < 1000) break;
  }
  const std::string kind = level == entries_level ? "entries" : std::to_string(level);
  return "tile/" + kind + "/" + digits + (width == tile_width ? "" : ".p/" + std::to_string(width));
}

namespace {

Checkpoint export_log(const std::string& log, const std::string& folder, const NoteVerifier& key) {
  TileMaker tiles([&](int level, std::int64_t number, std::int64_t width, const std::string& hashes) {
    keep(folder + "/" + tile_path(level, number, width), hashes);
  });
  std::string bundle;
  std::int64_t count = 0;
  const auto close_bundle = [&](std::int64_t width) {
    keep(folder + "/" + tile_path(entries_level, (count - 1) / tile_width, width), bundle);
    bundle.clear();
  };
  // An export goes on; it never replaces evidence by an older or another branch.
  std::optional<Checkpoint> before;
  if (fs::exists(folder + "/checkpoint")) {
    before = open_checkpoint(bytes_of(folder + "/checkpoint"), key);
    if (!before)
      throw LogError(folder + "/checkpoint: is not signed by " + key.name() + "; export into an empty folder");
  }
  SinceCheck earlier(before ? std::vector{Held{*before, folder + "/checkpoint"}} : std::vector<Held>{});
  const LogReading reading = read_log(
      log,
      [&](std::int64_t, std::string_view entry) {
        earlier.add(entry);
        tiles.add(leaf_hash(entry));
        add_entry(bundle, entry);
        if (++count % tile_width == 0) close_bundle(tile_width);
        return true;
      },
      &key);
  if (!reading.damage.empty()) throw LogError("the ledger is damaged: " + reading.damage);
  if (std::string fault = earlier.fault(); !fault.empty())
    throw LogError(folder + ": " + fault + "; the export was not changed further. Keep it, and verify the ledger");
  tiles.finish();
  if (count % tile_width != 0) close_bundle(count % tile_width);
  keep(folder + "/vkey", key.text() + "\n");
  write_durably(folder + "/checkpoint", reading.checkpoint);  // the only file that changes, and the last one
  return parse_checkpoint(body_of(reading.checkpoint)).value_or(Checkpoint{});
}

LogCheck check_tiles(const LogFolder& log, const NoteVerifier& key, const EntryVisitor& visit) {
  const std::string& folder = log.path;
  LogCheck found;
  const auto fail = [&](std::string what) {
    found.fault = std::move(what);
    return found;
  };
  found.ends.checkpoint = bytes_of(folder + "/checkpoint");
  const auto checkpoint = open_checkpoint(found.ends.checkpoint, key);
  if (!checkpoint) return fail("the checkpoint is not signed by " + key.name());
  Edge edge;
  std::string wrong_tile;
  TileMaker tiles([&](int level, std::int64_t number, std::int64_t width, const std::string& hashes) {
    const std::string path = tile_path(level, number, width);
    if (wrong_tile.empty() && bytes_of(folder + "/" + path) != hashes) wrong_tile = path;
  });
  for (std::int64_t begin = 0; begin < checkpoint->size; begin += tile_width) {
    const std::int64_t width = std::min(tile_width, checkpoint->size - begin);
    const std::string path = tile_path(entries_level, begin / tile_width, width);
    const std::string bundle = bytes_of(folder + "/" + path);
    std::string_view rest = bundle;
    for (std::int64_t i = 0; i < width; ++i) {
      const std::int64_t index = begin + i;
      const std::size_t size = rest.size() < 2 ? rest.size()
                                               : static_cast<std::size_t>(static_cast<unsigned char>(rest[0])) * 256 +
                                                     static_cast<unsigned char>(rest[1]);
      if (rest.size() < 2 || rest.size() < 2 + size) return fail(path + " ends within record " + std::to_string(index));
      const std::string_view entry = rest.substr(2, size);
      rest.remove_prefix(2 + size);
      const Hash hash = leaf_hash(entry);
      edge.append(hash);
      tiles.add(hash);
      if (!wrong_tile.empty()) return fail(wrong_tile + " does not fit the records");
      if (!visit(index, entry)) return found;
    }
    if (!rest.empty()) return fail(path + " holds more than its records");
  }
  tiles.finish();
  if (!wrong_tile.empty()) return fail(wrong_tile + " does not fit the records");
  if (edge.root() != checkpoint->root) return fail("the records do not give the root that the checkpoint signed");
  found.ends.head = {checkpoint->size, checkpoint->root};
  return found;
}

}  // namespace

Checkpoint export_tiles(const std::string& ledger, const std::string& folder, const NoteVerifier& key) {
  std::vector<std::pair<LogFolder, NoteVerifier>> logs;
  for (const auto& log : logs_in(ledger))
    if (auto own = ledger_vkey(log.path);
        own && (log.base == 0 || remembered_head(log.path).value_or(LogHead{}).size > 0))
      logs.emplace_back(log, std::move(*own));
  if (std::ranges::none_of(logs, [&](const auto& each) { return each.second.text() == key.text(); }))
    throw LogError(ledger + ": no log here is of the key " + key.text());
  Checkpoint newest;
  for (const auto& [log, own] : logs)
    newest = export_log(log.path, log.base == 0 ? folder : folder + "/" + log_folder_name(log.base), own);
  return newest;
}

LedgerReport verify_tiles(const std::string& folder, const NoteVerifier& key, const std::vector<Held>& held,
                          const std::function<void(std::int64_t)>& progress) {
  return verify_row(folder, key, held, progress, check_tiles);
}

}  // namespace koppelpoort
