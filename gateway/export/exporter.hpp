// Follows the ledger, or the registers, and tells one receiver what happened: behind the exchanges, in a thread of its
// own. A receiver that is down slows nothing and misses nothing: the exporter remembers how far it was confirmed and
// goes on from there.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "adapters/export/exported.hpp"
#include "gateway/export/settings.hpp"
#include "gateway/keys/data_keys.hpp"
#include "gateway/ledger/ledger.hpp"

namespace koppelpoort {

struct ExportState {
  std::atomic<std::int64_t> done{0};    // records or register versions that were told and confirmed
  std::atomic<std::int64_t> behind{0};  // that were not, by what was last seen
  std::atomic<std::uint64_t> told{0}, failures{0};
};

class Exporter {
 public:
  struct Source {
    const Ledger& ledger;
    std::string ledger_folder, registers_file, cursor_folder;
    std::string node, version;
    DataKeys& keys;
    // URI of a purpose in the register of processing activities.
    std::function<std::string(const std::string& purpose)> activity_of;
  };
  using Log = std::function<void(const std::string&)>;

  Exporter(Source source, ExportSettings settings, ExportState& state, Log log);
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace koppelpoort
