// One HTTP POST to a receiver that the configuration names. Blocking; for threads that nobody waits for.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace koppelpoort {

struct PostAnswer {
  int status = 0;
  std::string body;
};

using PostHeaders = std::vector<std::pair<std::string, std::string>>;

// Over TLS the certificate must lead to `authorities` and name the host. Throws std::exception when no answer came
// within five seconds.
PostAnswer post(const std::string& url, const std::string& authorities, const PostHeaders& headers,
                const std::string& body);

}  // namespace koppelpoort
