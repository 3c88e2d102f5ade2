// A file that is there whole or not at all, also when the power goes.
#pragma once

#include <string>
#include <string_view>

namespace koppelpoort {

// Under another name first, synced, renamed, and the folder synced; missing folders are made. Throws LogError.
void write_durably(const std::string& path, std::string_view bytes);

// Another name for a whole file, and the folder synced. Throws LogError.
void rename_durably(const std::string& from, const std::string& to);

// The whole of it; empty when it is not there.
std::string read_file(const std::string& path);

}  // namespace koppelpoort
