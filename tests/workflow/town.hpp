// A gate with an office: people of one town, and one of another, with accounts; a provider; no purpose yet.
#pragma once

#include <catch2/catch.hpp>

#include "tests/support/people.hpp"

namespace koppelpoort::test {

inline constexpr const char* ask_name =
    R"({"type":"RaadpleegMetBurgerservicenummer","burgerservicenummer":["999990676"],"fields":["naam.voornamen"]})";

struct Town : World {
  Person writer, fg, deputy, mayor, administrator, elsewhere;

  Town()
      : World([](const demo::ProviderRequest&) {
          return demo::ProviderAnswer{
              200, "application/json", R"({"type":"x","personen":[{"naam":{"voornamen":"Jo"}}]})", {}};
        }) {
    // Organisations and services are there; purposes come from people.
    const std::string all = brp_registers(provider->port(), {"persoon.naam.voornamen"});
    apply(all.substr(0, all.find("[[purpose]]")));
    const demo::Identity shown = authority->issue("console", {gate_oin});
    config.console = ConsoleSettings{"127.0.0.1", free_port(), shown.certificate, shown.key};
    writer = add_person(config, "willem", {AccountRole::requester});
    fg = add_person(config, "fatma", {AccountRole::fg});
    deputy = add_person(config, "dirk", {AccountRole::fg_deputy});
    mayor = add_person(config, "bea", {AccountRole::board});
    administrator = add_person(config, "ad", {AccountRole::administrator});
    elsewhere = add_person(config, "els", {AccountRole::fg}, other_oin);
    start();
  }
  Browser browser(Person& who) {
    Browser made(config.console->port, authority->certificate_file());
    REQUIRE(made.sign_in(who).status == 201);
    return made;
  }
};

inline boost::json::object content(const std::string& title = "Naam bij aanvraag") {
  const boost::json::array covers{"brp"};
  return {
      {"purpose",
       boost::json::array{boost::json::object{
           {"id", "naam"},
           {"controller", caller_oin},
           {"role", "gemeente-college-pw"},
           {"goal", "pw-uitvoering"},
           {"title", title},
           {"bases", boost::json::array{"brp-1-7-verplicht-gebruik", "brp-3-2-autorisatiebesluit", "wabb-10-12-bsn"}},
           {"capacities", boost::json::array{"applicant"}},
           {"excess", "minimise"},
           {"retention_months", 60},
           {"residual_risk", "low"},
           {"evidence",
            boost::json::array{
                boost::json::object{{"for", "brp-3-2-autorisatiebesluit/autorisatiebesluit"}, {"reference", "fictief"}},
                boost::json::object{
                    {"for", "dpia"}, {"reference", "fictief"}, {"from", "2019-12-01"}, {"covers", covers}},
                boost::json::object{{"for", "transparency"}, {"reference", "fictief"}, {"from", "2019-12-01"}}}}}}},
      {"necessity",
       boost::json::array{boost::json::object{
           {"id", "naam-brp"},
           {"purpose", "naam"},
           {"service", "brp"},
           {"elements", boost::json::array{"persoon.burgerservicenummer", "persoon.naam.voornamen"}},
           {"proportionality", "Zonder deze gegevens kan het recht op bijstand niet worden vastgesteld."},
           {"subsidiarity",
            "De basisregistratie is de bron die de wet voorschrijft; de aanvrager kan het niet bewijzen."}}}}};
}

inline boost::json::object because(const char* text) { return {{"toelichting", text}}; }

inline std::vector<std::string> seen(const Browser::Got& got) { return {"If-Match: " + got.header("ETag")}; }

}  // namespace koppelpoort::test
