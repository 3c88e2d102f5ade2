// Client relations: which persons stand to a controller in which capacity, for one purpose, and when. A set replaces
// the one before it for the same purpose and capacity, whole or not at all. Persons are keyed names of 16 bytes; the
// number of nobody is in the file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/sqlite/database.hpp"
#include "policies/registers/registers.hpp"

namespace koppelpoort {

using RelationName = std::array<char, 16>;

struct RelationRow {
  RelationName person{};
  std::int32_t from = 0, until = 0;  // days since 1970, half-open
};

struct RelationSet {
  std::int64_t version = 0;  // 1, 2, 3… without gaps; given by the store
  Instant at{};
  std::string purpose, capacity;
  int year = 0;              // of the key that its names are made with
  std::int64_t persons = 0;  // rows
  std::string author, reason;
};

class Relations {
 public:
  Relations(const std::string& path, Database::Mode mode);

  // Durable when it returns; sorts the rows. Returns its version.
  std::int64_t replace(const RelationSet& set, std::vector<RelationRow>& rows);
  std::vector<RelationSet> after(std::int64_t version);
  // What is read until its end is one state of the store, also when a set is replaced meanwhile.
  class Reading {
   public:
    explicit Reading(Relations& relations);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    Relations& relations_;
  };
  // The newest set of each capacity of this purpose.
  std::vector<RelationSet> of_purpose(std::string_view purpose);
  bool stands(std::int64_t version, const RelationName& person, Date day);

 private:
  Database database_;
  std::optional<Statement> sets_, row_;  // asked for every exchange, so prepared once
};

}  // namespace koppelpoort
