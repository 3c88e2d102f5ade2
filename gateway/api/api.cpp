#include "gateway/api/api.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "gateway/exchange/problem.hpp"
#include "gateway/ledger/record.hpp"

namespace koppelpoort::api {
namespace {

namespace json = boost::json;

constexpr std::string_view base = "/beheer/v1";
constexpr std::size_t calls_most = 600, sign_ins_most = 20;  // a minute, a caller
constexpr std::int64_t minute = 60;
constexpr std::size_t created_kept = 1000, callers_kept = 10'000;

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end);
  }
  return segments;
}

bool fits(const std::vector<const char*>& pattern, const std::vector<std::string>& path) {
  return std::ranges::equal(pattern, path, [](const char* part, const std::string& segment) {
    return std::string_view(part) == "{}" ? !segment.empty() : segment == part;
  });
}

json::object body_of(const Request& request, Language language) {
  if (request.body.empty()) return {};
  const auto refuse = [&](const char* nl, const char* en) {
    throw Problem(400, in(language, "Ongeldige invoer", "Invalid input"), in(language, nl, en));
  };
  if (!request.header("content-type").starts_with("application/json"))
    throw Problem(415, in(language, "Verkeerd formaat", "Unsupported format"),
                  in(language, "Stuur JSON, met `Content-Type: application/json`.",
                     "Send JSON, with `Content-Type: application/json`."));
  boost::system::error_code malformed;
  json::value value = json::parse(request.body, malformed);
  if (malformed || !value.is_object()) refuse("De inhoud is geen JSON-object.", "The body is no JSON object.");
  return std::move(value.get_object());
}

}  // namespace

std::string_view cookie_of(const Request& request) {
  constexpr std::string_view name = "__Host-koppelpoort=";
  std::string_view header = request.header("cookie");
  const std::size_t at = header.find(name);
  if (at == std::string_view::npos) return {};
  header.remove_prefix(at + name.size());
  return header.substr(0, header.find(';'));
}

Api::Api(Means means)
    : means_(std::move(means)),
      workflow_(means_.workflow),
      accounts_(means_.accounts),
      knowledge_(means_.knowledge),
      sign_in_(means_.accounts, means_.keys) {}

const std::vector<Api::Route>& Api::routes() {
  static const std::vector<Route> all{
      {"GET", {"openapi.json"}, &Api::describe, true},
      {"POST", {"sessies"}, &Api::sign_in, true},
      {"GET", {"sessies", "huidige"}, &Api::who, false, true},
      {"DELETE", {"sessies", "huidige"}, &Api::sign_out, false, true},
      {"PUT", {"accounts", "eigen", "wachtwoord"}, &Api::change_password, false, true},
      {"GET", {"accounts"}, &Api::list_accounts},
      {"POST", {"accounts"}, &Api::add_account},
      {"PUT", {"accounts", "{}"}, &Api::change_account},
      {"POST", {"accounts", "{}", "herstelacties"}, &Api::recover_account},
      {"POST", {"accounts", "{}", "bevestigingen"}, &Api::confirm_account},
      {"GET", {"grondslagen"}, &Api::list_bases},
      {"GET", {"grondslagen", "{}"}, &Api::show_basis},
      {"GET", {"organisaties"}, &Api::list_organisations},
      {"GET", {"diensten"}, &Api::list_services},
      {"GET", {"diensten", "{}"}, &Api::show_service},
      {"GET", {"redenen"}, &Api::list_reasons},
      {"GET", {"begrippen"}, &Api::list_words},
      {"GET", {"koppelingen"}, &Api::show_linkages},
      {"GET", {"doelen"}, &Api::list_purposes},
      {"GET", {"doelen", "{}"}, &Api::show_purpose},
      {"GET", {"aandachtspunten"}, &Api::list_remarks},
      {"POST", {"doelen", "{}", "schorsingen"}, &Api::suspend_purpose},
      {"POST", {"doelen", "{}", "intrekkingen"}, &Api::withdraw_purpose},
      {"GET", {"besluiten"}, &Api::list_decisions},
      {"GET", {"besluiten", "stroom"}, &Api::stream_decisions},
      {"GET", {"besluiten", "tellingen"}, &Api::count_decisions},
      {"GET", {"besluiten", "{}"}, &Api::show_decision},
      {"POST", {"proefvragen"}, &Api::try_exchange},
      {"GET", {"oefeningen"}, &Api::list_exercises},
      {"POST", {"oefeningen", "{}", "antwoorden"}, &Api::answer_exercise},
      {"GET", {"knooppunt"}, &Api::show_node},
      {"GET", {"gebeurtenissen"}, &Api::list_events},
      {"POST", {"rapportages", "{}", "kennisnemingen"}, &Api::acknowledge_report},
      {"GET", {"voorstellen"}, &Api::list_proposals},
      {"POST", {"voorstellen"}, &Api::create_proposal},
      {"GET", {"voorstellen", "{}"}, &Api::show_proposal},
      {"PUT", {"voorstellen", "{}"}, &Api::edit_proposal},
      {"GET", {"voorstellen", "{}", "toets"}, &Api::preview_proposal},
      {"POST", {"voorstellen", "{}", "indieningen"}, &Api::submit},
      {"POST", {"voorstellen", "{}", "vragen"}, &Api::ask},
      {"POST", {"voorstellen", "{}", "antwoorden"}, &Api::answer_question},
      {"POST", {"voorstellen", "{}", "adviezen"}, &Api::advise},
      {"POST", {"voorstellen", "{}", "ondertekeningen"}, &Api::sign},
      {"POST", {"voorstellen", "{}", "intrekkingen"}, &Api::withdraw},
  };
  return all;
}

std::vector<std::string> Api::operations() {
  std::vector<std::string> all;
  for (const auto& route : routes()) {
    std::string text = route.method + std::string(" ");
    for (const char* part : route.path) text += std::string("/") + part;
    all.push_back(std::move(text));
  }
  return all;
}

Answer Api::answer(const Request& request) {
  const Language language = language_of(request.header("accept-language"));
  Answer answer;
  try {
    answer = route(request, language);
  } catch (const Problem& problem) {
    answer = answer_of(problem);
  } catch (const std::exception& error) {
    // What went wrong inside is for the log of the gate, not for the caller.
    spdlog::error("management API, {} {}: {}", request.method, request.path, error.what());
    answer = answer_of(Problem(500, in(language, "Er ging iets mis", "Something went wrong"),
                               in(language, "Dit is een fout in Koppelpoort of zijn opslag. Er is niets gewijzigd.",
                                  "This is a fault in Koppelpoort or its storage. Nothing was changed.")));
  }
  const std::pair<const char*, const char*> always[] = {
      {"API-Version", version},
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
      {"Strict-Transport-Security", "max-age=31536000"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"}};
  for (const auto& [name, value] : always) answer.headers.emplace_back(name, value);
  return answer;
}

Answer Api::route(const Request& request, Language language) {
  const std::string_view path = request.path;
  const auto not_found = [&] {
    return Problem(404, in(language, "Niet gevonden", "Not found"),
                   in(language, "Dit adres is er niet; zie /beheer/v1/openapi.json.",
                      "There is no such address; see /beheer/v1/openapi.json."));
  };
  if (!path.starts_with(base) || (path.size() > base.size() && path[base.size()] != '/')) throw not_found();
  Call call{request, language, means_.clock(), segments_of(path.substr(base.size())), nullptr, {}};
  std::string allowed;
  for (const auto& each : routes()) {
    if (!fits(each.path, call.path)) continue;
    if (request.method == each.method) return this->call(each, call);
    allowed += (allowed.empty() ? "" : ", ") + std::string(each.method);
  }
  if (allowed.empty()) throw not_found();
  Problem refused(405, in(language, "Methode niet toegestaan", "Method not allowed"),
                  in(language, "Hier kan: ", "Here one can: ") + allowed + ".");
  refused.headers.emplace_back("Allow", allowed);
  throw refused;
}

Answer Api::call(const Route& route, Call& call) {
  const Request& request = call.request;
  if (route.open) {
    const bool signs_in = request.method == "POST";
    refuse_often((signs_in ? "sign-in " : "address ") + request.address, signs_in ? sign_ins_most : calls_most,
                 call.language, call.now);
    call.body = body_of(request, call.language);
    return (this->*route.handler)(call);
  }
  const Caller caller = caller_of(request, call.language, call.now);
  refuse_often(caller.actor.account, calls_most, call.language, call.now);
  call.caller = &caller;
  if (caller.known.account.must_change && !route.when_changing)
    throw Problem(403, in(call.language, "Wijzig eerst uw wachtwoord", "Change your password first"),
                  in(call.language, "Wie het account maakte kent het ook: PUT /beheer/v1/accounts/eigen/wachtwoord.",
                     "Who made the account knows it too: PUT /beheer/v1/accounts/eigen/wachtwoord."));
  if (request.method == "GET") return (this->*route.handler)(call);
  if (!SignIn::csrf_fits(caller.known, request.header("x-csrf-token")))
    throw Problem(403, in(call.language, "Niet toegestaan", "Not allowed"),
                  in(call.language, "Stuur de X-CSRF-Token mee die u bij het aanmelden kreeg.",
                     "Send the X-CSRF-Token that you got when you signed in."));
  call.body = body_of(request, call.language);
  const std::string_view once = request.header("idempotency-key");
  // Answers about accounts hold secrets, which are not kept.
  if (once.empty() || request.method != "POST" || call.path.front() == "accounts") return (this->*route.handler)(call);
  const std::string key = caller.actor.account + " " + request.path + " " + std::string(once);
  const std::string digest = koppelpoort::text_of(sha256_of(request.body));
  if (const auto before = created_.find(key); before != created_.end()) {
    if (before->second.digest == digest) return before->second.answer;
    throw Problem(422, in(call.language, "Idempotency-Key al gebruikt", "Idempotency-Key used already"),
                  in(call.language, "Deze sleutel hoort bij een verzoek met een andere inhoud.",
                     "This key belongs to a request with another body."));
  }
  Answer answer = (this->*route.handler)(call);
  created_[key] = {digest, answer};
  created_order_.push_back(key);
  if (created_order_.size() > created_kept) {
    created_.erase(created_order_.front());
    created_order_.pop_front();
  }
  return answer;
}

Api::Caller Api::caller_of(const Request& request, Language language, std::int64_t now) {
  const std::string_view token = cookie_of(request);
  // What a page asks by itself is no use of the session.
  const bool by_itself = !request.header("x-op-de-achtergrond").empty();
  auto known = token.empty() ? std::nullopt
                             : sign_in_.of_token(token, now, by_itself ? SignIn::Use::watches : SignIn::Use::acts);
  if (!known)
    throw Problem(401, in(language, "Niet aangemeld", "Not signed in"),
                  in(language, "Meld u aan; een sessie eindigt na een half uur zonder gebruik.",
                     "Sign in; a session ends after half an hour without use."));
  Actor actor = actor_of(known->account, accounts_.all());
  return {std::move(*known), std::move(actor)};
}

void Api::refuse_often(const std::string& who, std::size_t most, Language language, std::int64_t now) {
  if (calls_.size() > callers_kept) calls_.clear();
  auto& times = calls_[who];
  while (!times.empty() && times.front() <= now - minute) times.pop_front();
  if (times.size() < most) {
    times.push_back(now);
    return;
  }
  Problem refused(429, in(language, "Te vaak", "Too often"),
                  in(language, "Probeer het over een minuut opnieuw.", "Try again in a minute."));
  refused.headers.emplace_back("Retry-After", std::to_string(times.front() + minute - now));
  throw refused;
}

void Api::need(const Call& call, Right right) {
  if (any_may(call.caller->actor.roles, right, true)) return;
  throw Problem(403, in(call.language, "Niet toegestaan", "Not allowed"),
                in(call.language, "Uw rol mag dit niet.", "Your role may not do this."));
}

std::string Api::name_of_organisation(const Registers& registers, const std::string& oin) {
  const auto& all = registers.organisations;
  const auto at = all.find(oin);
  return at == all.end() ? std::string() : at->second.name;
}

std::string Api::name_of_account(const std::string& id) {
  const auto account = accounts_.find(id);
  return account ? account->name : id;
}

Answer Api::describe(const Call&) {
  Answer answer;
  answer.body = means_.description;
  answer.headers.emplace_back("Access-Control-Allow-Origin", "*");  // nothing in it is anybody's
  return answer;
}

}  // namespace koppelpoort::api
