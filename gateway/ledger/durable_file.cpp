#include "gateway/ledger/durable_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/ledger/segments.hpp"

namespace koppelpoort {

void write_durably(const std::string& path, std::string_view bytes) {
  const auto folder = std::filesystem::path(path).parent_path();
  std::filesystem::create_directories(folder);
  const std::string fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  bool written = file >= 0;
  while (written && !bytes.empty()) {
    const ssize_t size = ::write(file, bytes.data(), bytes.size());
    written = size > 0;
    if (written) bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  written = written && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written) throw LogError(path + ": cannot be written");
  rename_durably(fresh, path);
}

void rename_durably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) throw LogError(to + ": cannot be written");
  const auto folder = std::filesystem::path(to).parent_path();
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  if (directory >= 0) ::close(directory);
  if (!synced) throw LogError(to + ": cannot be made durable");
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace koppelpoort
