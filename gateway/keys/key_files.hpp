// Keys as files of 32 bytes, readable by their owner alone: the simple way, for whoever has no token. Whoever can read
// the folder can recognise persons.
#pragma once

#include <map>
#include <shared_mutex>

#include "gateway/keys/keys.hpp"

namespace koppelpoort {

class KeyFiles : public Keys {
 public:
  // Makes the folder and the wrapping key; keeps what is there. Throws KeyError.
  static void create(const std::string& folder);
  // Throws KeyError when the wrapping key is missing or others can read it.
  explicit KeyFiles(std::string folder);
  ~KeyFiles() override;
  KeyFiles(const KeyFiles&) = delete;
  KeyFiles& operator=(const KeyFiles&) = delete;

  Mac pseudonym_mac(int year, std::string_view message) override;
  std::vector<int> years() override;
  void make_year(int year) override;
  void destroy_year(int year) override;
  std::string wrap(std::string_view key) override;
  std::string unwrap(std::string_view wrapped) override;
  std::string warning() const override;

 private:
  struct Hmac;
  std::string path_of(int year) const;
  std::shared_ptr<const Hmac> hmac_of(int year);

  std::string folder_, wrapping_;
  std::shared_mutex mutex_;
  std::map<int, std::shared_ptr<const Hmac>> hmacs_;
};

}  // namespace koppelpoort
