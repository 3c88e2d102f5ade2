// HTML that the commands make, saved as it is or as PDF.
#pragma once

#include <string>

namespace koppelpoort::cli {

// By the ending of `path`: `.html` as it is, `.pdf` through WeasyPrint. Throws Failure on anything else, when the file
// cannot be written, or when WeasyPrint is not there.
void save_document(const std::string& path, const std::string& html);

}  // namespace koppelpoort::cli
