// Boost.JSON, compiled once for the tests.
#include <boost/json/src.hpp>
