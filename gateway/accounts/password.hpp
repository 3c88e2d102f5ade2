// Passwords: Argon2id by libsodium, with a salt of its own for each; 64 MiB and about a tenth of a second a try.
#pragma once

#include <string>
#include <string_view>

namespace koppelpoort {

inline constexpr std::size_t password_least = 12, password_most = 256;  // bytes

// What is wrong with it as a password; empty when nothing is.
std::string_view fault_of_password(std::string_view password, std::string_view login);

std::string hash_of_password(std::string_view password);
bool password_fits(std::string_view password, const std::string& hash);
// As long as a real comparison takes, for a login that is not there.
void compare_with_nothing(std::string_view password);

std::string random_password();  // 20 letters and digits that are hard to mix up

}  // namespace koppelpoort
