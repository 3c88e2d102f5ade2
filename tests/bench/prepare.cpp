// Writes what the benchmark needs into a folder: certificates, registers, configuration, and a provider answer of 2
// KiB.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "gateway/exchange/pseudonym.hpp"
#include "tests/support/world.hpp"

int main(int count, char** arguments) {
  using namespace koppelpoort;
  if (count != 4) {
    std::cerr << "prepare FOLDER GATE-PORT PROVIDER-PORT\n";
    return 2;
  }
  const std::string folder = arguments[1], port = arguments[2];
  const auto provider_port = static_cast<std::uint16_t>(std::atoi(arguments[3]));
  std::filesystem::create_directories(folder + "/tls");
  std::filesystem::create_directories(folder + "/data/ledger");
  demo::Authority authority(folder + "/tls", "ca");
  authority.issue("gate", {test::gate_oin});
  authority.issue("client", {test::caller_oin});
  authority.issue("provider", {test::provider_oin});
  std::vector<std::string> necessary{"persoon.burgerservicenummer"};
  for (const auto& element : test::knowledge()->taxonomy.elements)
    if (element.id.starts_with("persoon.naam") || element.id.starts_with("persoon.geboorte") ||
        element.id.starts_with("persoon.verblijfplaats"))
      necessary.push_back(element.id);
  std::ofstream(folder + "/registers.toml") << test::brp_registers(provider_port, necessary);
  const std::string tls =
      "certificate = \"tls/gate.pem\"\nkey = \"tls/gate.key.pem\"\nauthorities = \"tls/ca.pem\"\nrevocations = "
      "\"tls/ca.crl.pem\"\n";
  std::ofstream(folder + "/koppelpoort.toml")
      << "[node]\ndata = \"data\"\nlog_level = \"warn\"\n[listener]\naddress = \"127.0.0.1\"\nthreads = 1\nport = "
      << port << "\n"
      << tls << "[upstream]\nallow_local = true\n"
      << tls << "[management]\nport = " << std::atoi(port.c_str()) + 1 << "\n[catalogue]\nfolder = \""
      << test::source_folder() << "\"\naccept_unreleased = [\"verified\", \"verified-2017\"]\n";
  // About 60 data in 2 KiB, of which about half may pass.
  std::string person =
      R"({"burgerservicenummer":"999990676","aNummer":"1234567890","geslacht":{"code":"V","omschrijving":"vrouw"},"leeftijd":65,)"
      R"("naam":{"voornamen":"Johanna Maria","voorletters":"J.M.","voorvoegsel":"van","geslachtsnaam":"Voorbeeld","volledigeNaam":"Johanna Maria van Voorbeeld","aanduidingNaamgebruik":{"code":"E","omschrijving":"eigen geslachtsnaam"}},)"
      R"("geboorte":{"datum":{"type":"Datum","datum":"1961-03-14","langFormaat":"14 maart 1961"},"plaats":{"code":"0599","omschrijving":"Rotterdam"},"land":{"code":"6030","omschrijving":"Nederland"}},)"
      R"("nationaliteiten":[{"type":"Nationaliteit","nationaliteit":{"code":"0001","omschrijving":"Nederlandse"},"redenOpname":{"code":"001","omschrijving":"Wet op het Nederlanderschap 1892"},"datumIngangGeldigheid":{"type":"Datum","datum":"1961-03-14","langFormaat":"14 maart 1961"}}],)"
      R"("verblijfplaats":{"type":"Adres","verblijfadres":{"officieleStraatnaam":"Dorpsstraat","korteStraatnaam":"Dorpsstr","huisnummer":12,"huisletter":"b","postcode":"1234AB","woonplaats":"Voorbeeldstad"},"functieAdres":{"code":"W","omschrijving":"woonadres"},"adresseerbaarObjectIdentificatie":"0599010000000001","nummeraanduidingIdentificatie":"0599200000000001","datumVan":{"type":"Datum","datum":"2011-11-01","langFormaat":"1 november 2011"}},)"
      R"("gemeenteVanInschrijving":{"code":"0599","omschrijving":"Rotterdam"},"adressering":{"aanhef":"Geachte mevrouw Van Voorbeeld","adresregel1":"Dorpsstraat 12 b","adresregel2":"1234 AB  VOORBEELDSTAD"})";
  while (person.size() < 1950) person += ",\"extra" + std::to_string(person.size()) + "\":\"niet verklaard\"";
  std::ofstream(folder + "/answer.json") << R"({"type":"RaadpleegMetBurgerservicenummer","personen":[)" << person
                                         << "}]}";
  return 0;
}
