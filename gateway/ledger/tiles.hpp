// The ledger as tiles (C2SP tlog-tiles): files of 256 hashes a level and bundles of 256 records, that anybody can copy,
// keep and check without this program. Partial tiles at the right edge have their width in their name.
#pragma once

#include <functional>
#include <string>

#include "gateway/ledger/note.hpp"
#include "gateway/ledger/verify.hpp"

namespace koppelpoort {

// `tile/<level>/x001/x234/067`, with `.p/<width>` when it is not whole; level -1: `tile/entries/…`.
std::string tile_path(int level, std::int64_t number, std::int64_t width);

// Writes the records under the newest checkpoint, their hashes, the checkpoint and the key into an empty or earlier
// export. Throws LogError when the ledger is damaged, when a file cannot be written, when one that is there
// differs, or when the earlier checkpoint there is not of this ledger's beginning.
Checkpoint export_tiles(const std::string& ledger, const std::string& folder, const NoteVerifier& key);

// Checks an export by itself: signature, every record against its tile, every tile against the root, and what records
// may follow each other.
LedgerReport verify_tiles(const std::string& folder, const NoteVerifier& key, const std::vector<Held>& held = {},
                          const std::function<void(std::int64_t)>& progress = {});

}  // namespace koppelpoort
