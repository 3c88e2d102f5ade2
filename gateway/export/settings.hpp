// Where the gate tells others what it did.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace koppelpoort {

enum class ExportKind : std::uint8_t {
  decision_log,       // ADL over OTLP/HTTP
  processing_log,     // LDV over OTLP/HTTP
  processing_action,  // GEMMA verwerkingenlogging
  blocks,             // CloudEvents to a webhook
  changes             // of the registers, likewise
};

constexpr std::array<std::pair<std::string_view, ExportKind>, 5> export_kinds() {
  return {std::pair<std::string_view, ExportKind>{"adl", ExportKind::decision_log},
          {"ldv", ExportKind::processing_log},
          {"gemma", ExportKind::processing_action},
          {"blocks", ExportKind::blocks},
          {"changes", ExportKind::changes}};
}

struct ExportSettings {
  std::string name;  // of the file that remembers how far it is
  ExportKind kind = ExportKind::decision_log;
  std::string url;          // `http://` is for a collector on this machine
  std::string authorities;  // PEM: the roots that the receiver's certificate must lead to
  std::string secret_file;  // of a webhook: signs each event (HMAC-SHA-256)
};

}  // namespace koppelpoort
