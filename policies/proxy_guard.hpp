// Features that stand in for where or in what dwelling people live, or where they come from (KP-702; AP sector picture
// 3.1). Looks at what a feature is made of, through other features too, and at what it is called. Nothing lifts it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policies/registers/registers.hpp"
#include "policies/taxonomy.hpp"

namespace koppelpoort {

// Names that betray a proxy, as data (proxies.toml). A pattern is one or more words; `*` at either end of a word
// stands for anything.
class ProxyWords {
 public:
  struct Proxy {
    std::string id, nl, en;
    std::vector<std::vector<std::string>> patterns;
  };

  static ProxyWords read(const Texts& texts, Problems& problems);

  // The proxy that this text names; null when none.
  const Proxy* named_in(std::string_view text) const;

 private:
  std::vector<Proxy> proxies_;
  std::vector<std::vector<std::string>> innocent_;  // looked at first: what they match betrays nothing
};

struct ProxyFinding {
  std::string feature;
  std::string why;  // the tag, the element or the other feature that makes it one
  bool operator==(const ProxyFinding&) const = default;
};

struct FeatureScan {
  std::vector<ProxyFinding> proxies;
  std::vector<std::string> undeclared;  // features that do not say what they are made of
};

FeatureScan scan_features(const std::vector<Feature>& features, const Taxonomy& taxonomy, const ProxyWords& words);

}  // namespace koppelpoort
