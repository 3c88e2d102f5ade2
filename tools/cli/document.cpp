#include "tools/cli/document.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tools/cli/command.hpp"

extern char** environ;

namespace koppelpoort::cli {
namespace {

void save(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw Failure(path + " cannot be written");
}

// A file of its own that is gone when this is.
class Passing {
 public:
  explicit Passing(const std::string& text) {
    path_ = (std::filesystem::temp_directory_path() / "koppelpoort-XXXXXX.html").string();
    const int file = ::mkstemps(path_.data(), 5);
    if (file < 0) throw Failure("no temporary file can be made in " + std::filesystem::temp_directory_path().string());
    ::close(file);
    save(path_, text);
  }
  ~Passing() { ::unlink(path_.c_str()); }
  Passing(const Passing&) = delete;
  Passing& operator=(const Passing&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void print_pdf(const std::string& html, const std::string& pdf) {
  std::string program = "weasyprint", quiet = "--quiet", from = html, to = pdf;
  std::array<char*, 5> arguments{program.data(), quiet.data(), from.data(), to.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), nullptr, nullptr, arguments.data(), environ);
  if (error == ENOENT) throw Failure("PDF needs WeasyPrint: apt install weasyprint; or ask for a .html file");
  int status = 0;
  if (error != 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Failure("WeasyPrint could not make " + pdf);
}

}  // namespace

void save_document(const std::string& path, const std::string& html) {
  if (path.ends_with(".html")) return save(path, html);
  if (!path.ends_with(".pdf")) throw Failure("`" + path + "` must end in .html or .pdf");
  const Passing page(html);
  print_pdf(page.path(), path);
}

}  // namespace koppelpoort::cli
