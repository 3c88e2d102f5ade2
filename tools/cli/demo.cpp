// `koppelpoort demo`: a whole small world on this machine: a certificate authority, a municipality, three providers and
// the gate, and the exchanges that show what it is for. Everything is invented.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "gateway/config/config.hpp"
#include "gateway/custody/control.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/verify.hpp"
#include "tools/cli/command.hpp"
#include "tools/cli/demo_office.hpp"
#include "tools/scenario/scenario.hpp"
#include "tools/stage/client.hpp"
#include "tools/stage/provider.hpp"

namespace koppelpoort::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

struct DemoOptions {
  std::string folder, data;
  std::uint16_t port = 8443, management_port = 8081, console_port = 8444;
  bool keep = false;
};

constexpr const char* gate_oin = "00000099000000009000";
constexpr const char* municipality_oin = "00000099000000001000";
constexpr const char* income_oin = "00000099000000002000";
constexpr const char* population_oin = "00000099000000003000";
constexpr const char* ministry_oin = "00000099000000004000";
constexpr const char* person = "999990676";  // a fictional person of the official test range

constexpr const char* income_answer =
    R"({"inkomens":[{"werk":{"begindatum":"2024-02-01","werkgever":"Bakkerij De Korenaar"},)"
    R"("loon":{"periode":"2026-10","bruto":1830.40},"uitkering":{"soort":"WW","bruto":412.00},)"
    R"("ziekte":{"diagnosecode":"F32"},"woonbuurt":"Stationskwartier","opmerking":"belt vaak"}]})";
constexpr const char* population_answer =
    R"({"type":"RaadpleegMetBurgerservicenummer","personen":[{"burgerservicenummer":"999990676",)"
    R"("naam":{"voornamen":"Johanna","geslachtsnaam":"Voorbeeld"},"geboorte":{"datum":{"type":"Datum","datum":"1961-03-14",)"
    R"("langFormaat":"14 maart 1961"},"land":{"code":"6030","omschrijving":"Nederland"}},)"
    R"("verblijfplaats":{"verblijfadres":{"officieleStraatnaam":"Dorpsstraat","huisnummer":12,"postcode":"1234AB","woonplaats":"Voorbeeldstad"}}}]})";

class Demo {
 public:
  explicit Demo(DemoOptions options) : options_(std::move(options)), colour_(person_watches()) {}
  ~Demo() { stop_gate(); }
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  int run() {
    prepare();
    start_gate();
    show_permitted();
    show_minimised();
    show_blocked();
    show_two_dates();
    show_subject_report();
    if (options_.keep) return keep();
    stop_gate();
    show_ledger();
    std::cout << "\n"
              << (wrong_ == 0 ? bold("All as it should be.")
                              : red(std::to_string(wrong_) + " steps did not go as they should."))
              << " With --keep the gate stays up: the console, an account for each role, commands to try by hand.\n";
    return wrong_ == 0 ? exit_yes : exit_no;
  }

 private:
  std::string paint(const std::string& text, const char* code) const {
    return colour_ ? "\033[" + std::string(code) + "m" + text + "\033[0m" : text;
  }
  std::string bold(const std::string& text) const { return paint(text, "1"); }
  std::string green(const std::string& text) const { return paint(text, "32"); }
  std::string red(const std::string& text) const { return paint(text, "31"); }

  void title(const std::string& text) { std::cout << "\n" << bold(std::to_string(++step_) + ". " + text) << "\n"; }

  void expect(bool right, const std::string& what) {
    std::cout << "   " << (right ? green("ok ") : red("WRONG ")) << what << "\n";
    if (!right) ++wrong_;
  }

  void prepare() {
    std::cout << bold("Koppelpoort demo")
              << ": everything below runs on this machine, and everybody in it is invented.\n"
              << "Folder: " << options_.folder << "\n";
    fs::create_directories(options_.folder + "/tls");
    fs::create_directories(options_.folder + "/data/ledger");
    authority_ = std::make_unique<demo::Authority>(options_.folder + "/tls", "demo-ca");
    gate_ = authority_->issue("poort", {gate_oin});
    municipality_ = authority_->issue("gemeente", {municipality_oin});
    const auto provider = [&](const char* name, const char* oin, const char* body) {
      return std::make_unique<demo::Provider>(
          authority_->certificate_file(), authority_->issue(name, {oin}),
          [this, body](const demo::ProviderRequest& request) {
            last_asked_ = request.method + " " + request.target + (request.body.empty() ? "" : " " + request.body);
            return demo::ProviderAnswer{200, "application/json; charset=utf-8", body, {}};
          });
    };
    income_ = provider("uwv", income_oin, income_answer);
    population_ = provider("brp", population_oin, population_answer);
    ministry_ = provider("ministerie", ministry_oin, R"({"personen":[{"inkomen":14200,"vermogen":900}]})");
    write_files();
  }

  void write_files() {
    std::ifstream in(options_.data + "/registers.toml");
    std::ostringstream text;
    text << in.rdbuf();
    std::string registers = text.str();
    const auto fill = [&](const std::string& mark, std::uint16_t port) {
      for (auto at = registers.find(mark); at != std::string::npos; at = registers.find(mark))
        registers.replace(at, mark.size(), std::to_string(port));
    };
    fill("{uwv}", income_->port());
    fill("{brp}", population_->port());
    fill("{szw}", ministry_->port());
    std::ofstream(options_.folder + "/registers.toml") << registers;
    const std::string tls =
        "certificate = \"tls/poort.pem\"\nkey = \"tls/poort.key.pem\"\nauthorities = \"tls/demo-ca.pem\"\nrevocations "
        "= \"tls/demo-ca.crl.pem\"\n";
    std::ofstream(config_file()) << "[node]\nname = \"demo\"\ndata = \"data\"\nlog_level = "
                                    "\"warn\"\n\n[listener]\naddress = \"127.0.0.1\"\nport = "
                                 << options_.port << "\n"
                                 << tls << "\n[upstream]\nallow_local = true\n"
                                 << tls << "\n[management]\nport = " << options_.management_port
                                 << "\n\n[catalogue]\nmappings = [\"" << fs::absolute(options_.data).string()
                                 << "\"]\n# For showing only: in real use a lawyer releases entries "
                                    "first.\naccept_unreleased = [\"verified\", \"verified-2017\"]\n\n"
                                    "[[custodian]]\nuser = \""
                                 << login_of(::getpid(), ::getuid())
                                 << "\"\nroles = [\"subject-desk\", \"auditor\", \"keeper\"]\n";
  }

  // From here on purposes are approved by people; the ones that are there stay.
  void open_office() {
    authority_->issue("console", {gate_oin});
    std::ofstream(config_file(), std::ios::app) << "\n[console]\nport = " << options_.console_port
                                                << "\ncertificate = \"tls/console.pem\"\nkey = "
                                                   "\"tls/console.key.pem\"\n";
    office_ = std::make_unique<DemoOffice>(config_or_fail(config_file()), municipality_oin, options_.data);
  }

  std::string config_file() const { return options_.folder + "/koppelpoort.toml"; }

  // The demo uses the same commands as an operator.
  int command(const std::vector<std::string>& words, const std::string& typed = {}, bool quiet = false) {
    std::cout.flush();
    std::array<int, 2> ends{-1, -1};
    if (::pipe(ends.data()) != 0) throw Failure("no pipe can be made");
    const pid_t child = ::fork();
    if (child == 0) {
      if (!typed.empty()) ::dup2(ends[0], STDIN_FILENO);
      if (quiet) ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
      for (const int end : ends) ::close(end);
      exec(words);
    }
    if (::write(ends[1], typed.data(), typed.size()) < 0) throw Failure("the pipe broke");
    for (const int end : ends) ::close(end);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  [[noreturn]] static void exec(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    std::string program = "koppelpoort";
    arguments.push_back(program.data());
    std::vector<std::string> copies = words;
    for (auto& word : copies) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv("/proc/self/exe", arguments.data());
    ::_exit(127);
  }

  void start_gate() {
    if (command({"init", options_.folder}, {}, true) != exit_yes) throw Failure("the demo's folder cannot be made");
    if (command({"register", "apply", "--config", config_file(), "--author", "demo", "--reason", "demo", "--json",
                 options_.folder + "/registers.toml"},
                {}, true) != exit_yes)
      throw Failure("the demo's registers cannot be applied");
    open_office();
    std::cout.flush();
    gate_process_ = ::fork();
    if (gate_process_ == 0) exec({"serve", "--config", config_file()});
    for (int tries = 0; tries < 100; ++tries) {
      std::this_thread::sleep_for(50ms);
      demo::Client client(options_.port, authority_->certificate_file(), &municipality_);
      if (client.connected()) {
        std::cout << "The gate listens on https://localhost:" << options_.port
                  << "; health and metrics on http://127.0.0.1:" << options_.management_port
                  << "; the console on https://localhost:" << options_.console_port << "\n";
        return;
      }
      int status = 0;
      if (::waitpid(gate_process_, &status, WNOHANG) == gate_process_) {
        gate_process_ = 0;
        break;
      }
    }
    throw Failure("the gate did not start; is port " + std::to_string(options_.port) + " in use? try --port");
  }

  void stop_gate() {
    if (gate_process_ <= 0) return;
    ::kill(gate_process_, SIGTERM);
    ::waitpid(gate_process_, nullptr, 0);
    gate_process_ = 0;
  }

  demo::Response ask(const std::string& purpose, const std::string& method, const std::string& target,
                     const std::string& body = {}) {
    demo::Client client(options_.port, authority_->certificate_file(), &municipality_);
    std::vector<std::string> headers{"x-gebruiker: medewerker-7"};
    if (!purpose.empty()) headers.push_back("x-doelbinding: " + purpose);
    return client.ask(method, target, body, headers);
  }

  static std::string income(const std::string& fields) {
    return std::string("/uwv/inkomens/") + person + "?fields=" + fields;
  }

  void show_permitted() {
    title("Permitted: a municipality asks who applies for assistance, with exactly the data it needs");
    const auto answer = ask(
        "pw-aanvraag", "POST", "/brp/personen",
        std::string(R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":[")") + person +
            R"("],"fields":["naam.voornamen","naam.geslachtsnaam","geboorte.datum","verblijfplaats.verblijfadres.postcode"]})");
    std::cout << "   asked    naam, geboortedatum, postcode, for pw-aanvraag\n   answer   " << answer.body << "\n";
    expect(answer.status == 200 && answer.body.find("Johanna") != std::string::npos &&
               answer.body.find("Dorpsstraat") == std::string::npos,
           "200: what was asked, and not the street that the source added");
    decision_ = answer.header("Koppelpoort-Decision");
  }

  void show_minimised() {
    title("Minimised: the income service answers with a diagnosis and a neighbourhood");
    const auto answer =
        ask("pw-aanvraag", "GET", income("werk.werkgever,loon,uitkering,ziekte.diagnosecode,woonbuurt"));
    std::cout << "   asked    employer, wage, benefit, diagnosis, neighbourhood\n   source   " << income_answer
              << "\n   answer   " << answer.body << "\n   narrowed " << last_asked_ << "\n";
    const bool clean =
        answer.body.find("F32") == std::string::npos && answer.body.find("Stationskwartier") == std::string::npos &&
        answer.body.find("belt vaak") == std::string::npos && answer.body.find("1830.40") != std::string::npos;
    expect(answer.status == 200 && clean,
           "200: the wage passes (1830.40 as written); diagnosis, neighbourhood and the remark are gone");
  }

  void refused(const std::string& what, const demo::Response& answer, const std::string& code,
               std::size_t asked_before) {
    title(what);
    boost::system::error_code wrong;
    const json::value problem = json::parse(answer.body, wrong);
    if (!wrong && problem.is_object() && problem.as_object().contains("detail")) {
      std::cout << "   " << answer.status << "      " << problem.at("title").as_string().c_str() << "\n";
      for (const auto& finding : problem.at("findings").as_array())
        std::cout << "   " << finding.at("code").as_string().c_str() << "   "
                  << finding.at("detail").as_string().c_str() << "\n";
      for (const auto& remedy : problem.at("remedy").as_array())
        std::cout << "   what now " << remedy.at("what").as_string().c_str()
                  << (remedy.at("who").as_string().empty() ? ""
                                                           : " [" + std::string(remedy.at("who").as_string()) + "]")
                  << "\n";
    }
    const bool right = answer.status == 403 && answer.body.find("\"code\":\"" + code + "\"") != std::string::npos;
    expect(right, "403 " + code + ", recorded as decision " + answer.header("Koppelpoort-Decision"));
    expect(asked_before == provider_requests(), "the provider was never asked");
  }

  std::size_t provider_requests() const {
    return income_->requests() + population_->requests() + ministry_->requests();
  }

  void show_blocked() {
    auto before = provider_requests();
    refused("Blocked, no legal basis: find pensioners who miss assistance, with the best intentions",
            ask("gemiste-bijstand", "GET", "/ouderen/lijst"), "KP-301", before);
    before = provider_requests();
    refused("Blocked, not approved: the purpose waits for the FG's advice and the controller's signature",
            ask("pw-heronderzoek", "GET", income("loon.bruto")), "KP-204", before);
    before = provider_requests();
    refused("Blocked, struck down by the court: risk reports on a neighbourhood (SyRI)",
            ask("risicoanalyse", "GET", "/risico/lijst"), "KP-304", before);
    before = provider_requests();
    refused("Blocked, no purpose at all", ask("", "GET", income("loon.bruto")), "KP-201", before);
  }

  void show_two_dates() {
    title("The same request on two dates, two verdicts: the energy allowance");
    const auto knowledge = knowledge_or_fail({});
    Problems problems;
    const auto scenario = load_scenario(options_.data + "/twee-data.scenario.toml", knowledge, problems);
    if (!scenario) throw Failure(to_text(problems));
    for (const auto& each : scenario->exchanges) {
      const Decision decision = decide(*scenario->snapshot, each.exchange);
      const Finding* primary = decision.primary();
      std::cout << "   " << each.name << ": " << name_of(decision.verdict)
                << (primary == nullptr ? "" : " " + to_text(primary->code)) << "\n";
      expect(differences(*scenario->snapshot, each, decision).empty(), "as the law of that day says");
    }
  }

  void show_subject_report() {
    title("The person of the demo asks which data about them went where (art. 15 AVG)");
    const int shown = command({"subject", "report", "--config", config_file(), "--controller", municipality_oin,
                               "--reason", "inzageverzoek van de demo"},
                              std::string(person) + "\n");
    expect(shown == exit_yes, "koppelpoort subject report: and that somebody looked is on record too");
  }

  void show_ledger() {
    const std::string folder = options_.folder + "/data/ledger";
    title("The record: every exchange is in it, and a changed byte is found");
    LedgerReport report = verify_ledger(folder, ledger_vkey(folder).value());
    std::cout << "   " << report.records << " records: " << report.decisions << " decisions, " << report.releases
              << " releases\n";
    expect(report.fault.empty() && report.decisions == 6 && report.releases == 2,
           "koppelpoort ledger verify: verified");
    bool clear = true;
    for (const auto& item : fs::recursive_directory_iterator(options_.folder + "/data")) {
      std::ifstream file(item.path(), std::ios::binary);
      std::ostringstream bytes;
      bytes << file.rdbuf();
      clear = clear && bytes.str().find(person) == std::string::npos;
    }
    expect(clear, "no person number in clear in any file of the gate");
    const std::string copy = options_.folder + "/tampered";
    fs::remove_all(copy);
    fs::copy(folder, copy, fs::copy_options::recursive);
    flip_one_byte(copy);
    report = verify_ledger(copy, ledger_vkey(copy).value());
    std::cout << "   one letter of a copy changed: " << report.fault << "\n";
    expect(!report.fault.empty(), "the tampered record is found");
  }

  // `block` of a refusal becomes `clock`: as if it had never been refused.
  static void flip_one_byte(const std::string& folder) {
    for (const auto& item : fs::directory_iterator(folder)) {
      if (item.path().extension() != ".seg") continue;
      std::fstream file(item.path(), std::ios::binary | std::ios::in | std::ios::out);
      std::ostringstream bytes;
      bytes << file.rdbuf();
      const auto at = bytes.str().find("\"verdict\":\"block\"");
      if (at == std::string::npos) continue;
      file.clear();
      file.seekp(static_cast<std::streamoff>(at + 11));
      file.put('c');
      return;
    }
  }

  int keep() {
    const std::string tls = options_.folder + "/tls";
    const std::string curl =
        "curl --cacert " + tls + "/demo-ca.pem --cert " + tls + "/gemeente.pem --key " + tls + "/gemeente.key.pem ";
    const std::string base = "https://localhost:" + std::to_string(options_.port);
    std::cout << "\n"
              << bold("The gate stays up.") << " Try, in another terminal:\n\n# permitted\n"
              << curl << "-H 'x-doelbinding: pw-aanvraag' '" << base << income("loon.bruto")
              << "'\n\n# blocked, in English\n"
              << curl << "-H 'Accept-Language: en' -H 'x-doelbinding: gemiste-bijstand' '" << base
              << "/ouderen/lijst'\n\n# why, decided again\n"
              << program() << " explain --config " << config_file() << " " << decision_ << "\n\n# the law, on a day\n"
              << program() << " catalogue show --at 2026-11-25 wet-suwi-65-syri\n\n# the record\n"
              << program() << " ledger verify --config " << config_file()
              << "\n\n# what a person may know (type 999990676, which is nobody's number)\n"
              << program() << " subject report --config " << config_file() << " --controller " << municipality_oin
              << " --reason 'een proef' --letter /tmp/overzicht.html\n\n# health and metrics\ncurl http://127.0.0.1:"
              << options_.management_port << "/health/ready; curl http://127.0.0.1:" << options_.management_port
              << "/metrics\n\n"
              << bold("The console: https://localhost:" + std::to_string(options_.console_port)) << "\n"
              << "Your browser does not know the demo's certificate authority; go on, or let it trust " << tls
              << "/demo-ca.pem.\nEverybody's password is `" << DemoOffice::password << "`:\n"
              << office_->accounts() << "\nCtrl-C ends it.\n"
              << std::flush;
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT}) sigaddset(&signals, signal);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    show_codes_until(signals);
    stop_gate();
    show_ledger();
    return wrong_ == 0 ? exit_yes : exit_no;
  }

  // A code is good for half a minute, for each person once.
  void show_codes_until(const sigset_t& signals) {
    std::string last;
    const timespec second{1, 0};
    do {
      const std::int64_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
      const std::string code = office_->code_only(now);
      if (colour_)
        std::cout << "\r" << bold("one-time code: " + office_->code(now)) << std::flush;
      else if (code != last)
        std::cout << "one-time code: " << code << "\n" << std::flush;
      last = code;
    } while (sigtimedwait(&signals, nullptr, &second) < 0);
    std::cout << "\n";
  }

  static std::string program() { return fs::read_symlink("/proc/self/exe").string(); }

  DemoOptions options_;
  bool colour_;
  int step_ = 0, wrong_ = 0;
  pid_t gate_process_ = 0;
  std::string last_asked_, decision_;
  std::unique_ptr<demo::Authority> authority_;
  std::unique_ptr<DemoOffice> office_;
  demo::Identity gate_, municipality_;
  std::unique_ptr<demo::Provider> income_, population_, ministry_;
};

}  // namespace

void add_demo(CLI::App& app, int& result) {
  auto options = std::make_shared<DemoOptions>();
  auto* command = app.add_subcommand(
      "demo", "a municipality, providers and the gate on this machine: permitted, minimised, blocked");
  command->add_option("--folder", options->folder, "where the demo's files go; a new temporary folder when left out");
  command->add_option("--data", options->data, "registers and mappings of the demo");
  command->add_option("--port", options->port, "the gate's port")->capture_default_str();
  command->add_option("--management-port", options->management_port, "port of health and metrics")
      ->capture_default_str();
  command->add_option("--console-port", options->console_port, "port of the console")->capture_default_str();
  command->add_flag("--keep", options->keep, "leave it running, with commands to try by hand");
  command->footer("Example: koppelpoort demo --keep");
  command->callback([options, &result] {
    if (options->data.empty()) options->data = default_knowledge_folder() + "/tools/stage/data";
    const bool temporary = options->folder.empty();
    if (temporary) {
      std::string name = (fs::temp_directory_path() / "koppelpoort-demo-XXXXXX").string();
      if (::mkdtemp(name.data()) == nullptr) throw Failure("no temporary folder can be made");
      options->folder = name;
    }
    result = Demo(*options).run();
    if (temporary) fs::remove_all(options->folder);
  });
}

}  // namespace koppelpoort::cli
