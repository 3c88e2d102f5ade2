// Reading what people wrote from a disk. The only place where a text of ours is opened by its path.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "legal_bases/strict_toml.hpp"
#include "policies/knowledge.hpp"

namespace koppelpoort {

// Nothing (and a problem with the path) when it cannot be read or is no TOML.
std::optional<TomlDocument> load_toml(const std::string& path, Problems& problems);

// The texts of the release below `folder`: `legal_bases/`, `legal_bases/catalogue/`, `policies/`, `policies/taxonomy/`.
Texts load_texts(const std::string& folder, Problems& problems);

// Null with problems.
std::shared_ptr<const Knowledge> load_knowledge(const std::string& folder, Problems& problems);

}  // namespace koppelpoort
