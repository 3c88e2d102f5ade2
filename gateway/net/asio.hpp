// The few Asio types that the gateway uses, on one io_context per thread.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

namespace koppelpoort {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
template <typename Result>
using Awaitable = asio::awaitable<Result, Executor>;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Moment = std::chrono::steady_clock::time_point;

// Errors come back as values, never as exceptions.
inline constexpr auto awaited = asio::as_tuple(asio::use_awaitable_t<Executor>{});

}  // namespace koppelpoort
