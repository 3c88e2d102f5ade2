// Who looks into the ledger and what is taken out of it: recorded first, and then gone.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "gateway/custody/answer.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/custody/erase.hpp"
#include "gateway/exchange/pseudonym.hpp"
#include "gateway/keys/key_files.hpp"
#include "gateway/keys/seal.hpp"
#include "gateway/ledger/members.hpp"
#include "tests/support/world.hpp"

using namespace koppelpoort;

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t hour = 3'600'000'000;

struct Room {
  test::Folder folder;
  std::unique_ptr<KeyFiles> keys;
  std::unique_ptr<DataKeys> data_keys;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<Views> views;
  std::vector<std::string> alarms;
  std::vector<Custodian> custodians{{"desk", {CustodyRole::subject_desk}, 3}, {"keeper", {CustodyRole::keeper}, 30}};

  explicit Room(Retention retention = {}) {
    KeyFiles::create(folder.path() + "/keys");
    keys = std::make_unique<KeyFiles>(folder.path() + "/keys");
    data_keys = std::make_unique<DataKeys>(folder.path() + "/data-keys.sqlite", *keys, std::move(retention),
                                           Database::Mode::create);
    fs::create_directories(log());
    open();
  }
  std::string log() const { return folder.path() + "/ledger"; }

  void open() {
    views.reset();
    ledger.reset();
    std::vector<Search> searches;
    const PartVisitor note = [&](std::int64_t position, std::string_view entry, std::string_view sealed) {
      if (auto search = recent_search(position, entry, sealed, *data_keys, Ledger::system_micros()))
        searches.push_back(*search);
    };
    const std::string key = log() + "/test.key";
    if (!fs::exists(key)) NoteSigner::create_key(key);
    ledger = std::make_unique<Ledger>(log(), "n", key, EntryVisitor(), Ledger::system_micros, note);
    views = std::make_unique<Views>(*ledger, *data_keys, custodians, "n",
                                    [this](const std::string& what) { alarms.push_back(what); });
    for (const auto& [user, at] : searches) views->remember(user, at);
  }

  // A decision about this person, on this day.
  void decide_about(const std::string& tx, const std::string& person, const char* day = "2026-11-25") {
    PrivatePart part;
    part.subjects = {person};
    const SealedPart sealed = seal_part(part, random_bytes(blind_bytes), *data_keys->current("doel", *parse_date(day)));
    RecordWriter record("decision");
    record.add("priv", sealed.commitment).add("sealed", sealed.digest).add("tx", tx).add("verdict", "block");
    PendingRecord pending = record.finish();
    pending.sealed = sealed.bytes;
    ledger->append(std::move(pending), {});
    ledger->settle();
  }

  // Of whom a part can still be opened, by decision.
  std::map<std::string, std::string> readable(const std::string& in) {
    std::map<std::string, std::string> found;
    const PartVisitor look = [&](std::int64_t position, std::string_view entry, std::string_view sealed) {
      if (member_of(entry, "kind") != "decision") return;
      if (const auto part = open_part(position, entry, sealed, *data_keys))
        found[std::string(member_of(entry, "tx"))] = part->subjects.at(0);
    };
    CHECK(read_log(in, {}, nullptr, Signatures::every, look).damage == "");
    return found;
  }

  std::vector<std::string> kinds(const std::string& kind) const {
    std::vector<std::string> found;
    read_log(log(), [&](std::int64_t, std::string_view entry) {
      if (member_of(entry, "kind") == kind) found.emplace_back(entry);
      return true;
    });
    return found;
  }

  std::string look(const std::string& user, const std::string& reason = "inzageverzoek Z-1",
                   std::int64_t at = Ledger::system_micros()) {
    return views->leave({user, CustodyRole::subject_desk, "subject", reason, {"p"}}, at);
  }
};

}  // namespace

TEST_CASE("every look is on record before anything is shown, refused looks too, and tells nobody who looked at whom") {
  Room room;
  CHECK(room.look("desk").empty());
  CHECK(room.look("passer-by").find("has no role subject-desk") != std::string::npos);
  CHECK(room.look("keeper").find("has no role subject-desk") != std::string::npos);
  CHECK(room.look("desk", "why").find("say why") != std::string::npos);
  const auto views = room.kinds("view");
  REQUIRE(views.size() == 4);
  CHECK(views[0].find("\"allowed\":1,") != std::string::npos);
  CHECK(views[1].find("\"allowed\":0,") != std::string::npos);
  CHECK(room.alarms.size() == 3);
  for (const auto& each : views)
    for (const char* hidden : {"desk\"", "passer-by", "Z-1"})
      CHECK(each.find("\"" + std::string(hidden)) == std::string::npos);
}

TEST_CASE("a thousand searches within an hour are not made, nor by starting the gate again (L4)") {
  Room room;
  for (int i = 0; i < 3; ++i) CHECK(room.look("desk").empty());
  CHECK(room.look("desk").find("within an hour") != std::string::npos);
  room.open();
  CHECK(room.look("desk").find("within an hour") != std::string::npos);
  CHECK(room.look("desk", "inzageverzoek Z-1", Ledger::system_micros() + hour).empty());
}

TEST_CASE("no look without its record") {
  Room room;
  room.ledger->break_storage();
  CHECK(room.look("desk").find("nothing is shown") != std::string::npos);
}

TEST_CASE("an erased person is gone from the ledger and from a copy made before; the others stay (L5)") {
  Room room;
  room.decide_about("1", "jan");
  room.decide_about("2", "piet");
  room.decide_about("3", "jan", "2026-10-02");
  room.decide_about("4", "jan");
  fs::copy(room.log(), room.folder.path() + "/backup", fs::copy_options::recursive);
  CHECK(room.readable(room.log()).size() == 4);
  const Erased erased = erase_person(*room.ledger, room.log(), *room.data_keys, {"jan", "jan-2025"}, "n", "request");
  CHECK(erased.parts == 3);
  CHECK(erased.kept == 1);
  room.decide_about("5", "marie");
  const std::map<std::string, std::string> left{{"2", "piet"}, {"5", "marie"}};
  CHECK(room.readable(room.log()) == left);
  CHECK(room.readable(room.folder.path() + "/backup") == std::map<std::string, std::string>{{"2", "piet"}});
  REQUIRE(room.kinds("erase").size() == 1);
  CHECK(room.kinds("erase")[0].find("\"parts\":3") != std::string::npos);
  CHECK(room.kinds("erase")[0].find("jan") == std::string::npos);
  // Again, on parts that were sealed again before.
  CHECK(erase_person(*room.ledger, room.log(), *room.data_keys, {"piet"}, "n", "request").parts == 1);
  CHECK(room.readable(room.log()) == std::map<std::string, std::string>{{"5", "marie"}});
  CHECK(erase_person(*room.ledger, room.log(), *room.data_keys, {"nobody"}, "n", "request").parts == 0);
  room.ledger.reset();
  CHECK(test::verified(room.log()).fault.empty());
}

TEST_CASE("a legal hold keeps what would be erased, until it is lifted") {
  Room room;
  Config config;
  config.node = "n";
  config.data = room.folder.path();
  const Custody custody{*room.ledger, *room.data_keys, *room.views, config};
  room.decide_about("1", "jan");
  const json::object hold{{"ask", "hold"}, {"month", "2026-11"}, {"reason", "bezwaar Z-2026-4"}};
  CHECK(answer_control(custody, "desk", hold).contains("refused"));
  CHECK(answer_control(custody, "keeper", hold).at("keys").as_int64() == 1);
  json::object erase{{"ask", "erase"}, {"reason", "verzoek Z-2026-5"}, {"subjects", json::array{"jan"}}};
  CHECK(answer_control(custody, "keeper", erase).at("held").as_int64() == 1);
  CHECK(room.readable(room.log()).size() == 1);
  CHECK(erase_due(*room.ledger, *room.data_keys, *room.keys, "n", *parse_date("2050-01-01")) == 0);
  json::object release = hold;
  release["ask"] = "release";
  CHECK(answer_control(custody, "keeper", release).at("keys").as_int64() == 1);
  CHECK(answer_control(custody, "keeper", erase).at("parts").as_int64() == 1);
  CHECK(room.readable(room.log()).empty());
  CHECK(answer_control(custody, "keeper", {{"ask", "copy"}}).contains("refused"));
}

TEST_CASE("what is past its time goes by itself, and with the last of a year its pseudonym key (a.15)") {
  Retention retention;
  retention.classes.front().months = 12;
  Room room(retention);
  room.keys->make_year(2024);
  room.keys->make_year(2026);
  room.decide_about("1", "jan", "2024-12-31");
  room.decide_about("2", "jan", "2026-11-25");
  CHECK(erase_due(*room.ledger, *room.data_keys, *room.keys, "n", *parse_date("2025-12-31")) == 0);
  CHECK(erase_due(*room.ledger, *room.data_keys, *room.keys, "n", *parse_date("2026-01-01")) == 1);
  CHECK(room.readable(room.log()) == std::map<std::string, std::string>{{"2", "jan"}});
  CHECK(room.keys->years() == std::vector<int>{2026});
  CHECK(room.kinds("erase").size() == 1);
  CHECK(room.kinds("keyevent").size() == 1);
}

TEST_CASE("a command asks the gate through its socket, under the name that the machine knows") {
  const test::Folder folder;
  const std::string path = folder.path() + "/control";
  CHECK_FALSE(ask_gate(path, {{"ask", "view"}}));
  {
    const Control control(path, [](const std::string& user, const json::object& asked) {
      if (asked.contains("fail")) throw std::runtime_error("it failed");
      return json::object{{"user", user}, {"asked", asked.at("ask")}};
    });
    CHECK((fs::status(path).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
    const auto answer = ask_gate(path, {{"ask", "view"}, {"user", "somebody else"}});
    REQUIRE(answer);
    CHECK(answer->at("user").as_string() == login_of(::getpid(), ::getuid()));
    CHECK(answer->at("asked").as_string() == "view");
    CHECK(ask_gate(path, {{"fail", true}})->at("error").as_string() == "it failed");
    // Who says nothing sensible gets an answer too, and the next one is served.
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), path.size());
    REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK(::write(socket, "{{{\n", 4) == 4);
    std::array<char, 200> said{};
    CHECK(::read(socket, said.data(), said.size()) > 0);
    CHECK(std::string(said.data()).find("no JSON object") != std::string::npos);
    ::close(socket);
    CHECK(ask_gate(path, {{"ask", "view"}}));
  }
  CHECK_FALSE(fs::exists(path));
}
