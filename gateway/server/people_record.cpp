#include "gateway/server/people_record.hpp"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "gateway/ledger/members.hpp"

namespace koppelpoort {

void PeopleRecord::note(std::string_view entry) {
  for (Members members(entry); members.next();) {
    if (members.name() == "accounts") accounts_known_ = members.number();
    if (members.name() == "relations") relations_known_ = members.number();
    if (members.name() == "steps") steps_known_ = members.number();
  }
}

void PeopleRecord::open() {
  if (!registers_) registers_ = std::make_unique<RegisterEvents>(config_.registers_file(), Database::Mode::read);
  if (!accounts_ && config_.console)
    accounts_ = std::make_unique<Accounts>(config_.accounts_file(), Database::Mode::read);
  if (!relations_ && std::filesystem::exists(config_.relations_file()))
    relations_ = std::make_unique<Relations>(config_.relations_file(), Database::Mode::read);
}

void PeopleRecord::record(Ledger& ledger) {
  try {
    open();
    std::string said;
    const auto line = [&](const std::vector<std::string>& parts) {
      for (const auto& part : parts) said += std::to_string(part.size()) + ":" + part;
    };
    std::int64_t accounts = accounts_known_, relations = relations_known_, steps = steps_known_;
    if (accounts_)
      for (const auto& each : accounts_->after(accounts)) {
        line(
            {"account", std::to_string(each.version), to_text(each.at), each.account, each.by, each.what, each.detail});
        accounts = each.version;
      }
    for (const auto& each : registers_->proposals_after(steps)) {
      line({"step", std::to_string(each.version), to_text(each.at), each.proposal, std::string(name_of(each.step)),
            each.account, each.identity, each.organisation, each.text, each.content, each.project,
            std::to_string(each.registers)});
      steps = each.version;
    }
    if (relations_)
      for (const auto& each : relations_->after(relations)) {
        line({"relations", std::to_string(each.version), to_text(each.at), each.purpose, each.capacity,
              std::to_string(each.year), std::to_string(each.persons), each.author, each.reason});
        relations = each.version;
      }
    if (said.empty()) return;
    RecordWriter done("people");
    done.add("accounts", accounts).add("digest", text_of(sha256_of(said))).add("node", config_.node);
    if (relations > 0) done.add("relations", relations);
    done.add("steps", steps).add("v", std::int64_t{2});
    if (ledger.write(done.finish()).durable != Durable::yes) return;  // tried again
    accounts_known_ = accounts;
    relations_known_ = relations;
    steps_known_ = steps;
  } catch (const std::exception& error) {
    spdlog::error("what people did cannot be recorded: {}", error.what());
  }
}

}  // namespace koppelpoort
