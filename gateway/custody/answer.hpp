// What a running gate answers to commands on its own machine: leaving a view, erasing, holding.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "gateway/config/config.hpp"
#include "gateway/custody/views.hpp"

namespace koppelpoort {

struct Custody {
  Ledger& ledger;
  DataKeys& keys;
  Views& views;
  const Config& config;
};

// `ask`: view, erase or hold; with `role`, `what`, `reason`, `subjects`, `class`, `month`. Answers `refused` with a
// sentence, or what was done. A view is left, durably, before anything else happens.
boost::json::object answer_control(const Custody& custody, const std::string& user, const boost::json::object& asked);

}  // namespace koppelpoort
