# Compiler flags of every target: warnings are errors, assertions stay on in release, hardening as the
# audit design asks (section e). One INTERFACE target carries them; nothing sets global flags.

set(KOPPELPOORT_SANITIZE "" CACHE STRING "address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1")

add_library(koppelpoort_flags INTERFACE)
target_compile_options(koppelpoort_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2
  -fstack-protector-strong -fstack-clash-protection -fcf-protection -fvisibility=hidden)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -Wrestrict of GCC 12 misfires on std::string inside the library's own code.
  target_compile_options(koppelpoort_flags INTERFACE -Wno-restrict
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast -ftrivial-auto-var-init=zero)
endif()
target_compile_definitions(koppelpoort_flags INTERFACE _GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(koppelpoort_flags INTERFACE _FORTIFY_SOURCE=2)
endif()
target_include_directories(koppelpoort_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_link_options(koppelpoort_flags INTERFACE -Wl,-z,relro,-z,now)

find_program(KOPPELPOORT_MOLD mold)
if(KOPPELPOORT_MOLD)
  target_link_options(koppelpoort_flags INTERFACE -fuse-ld=mold)
endif()

if(KOPPELPOORT_SANITIZE)
  target_compile_options(koppelpoort_flags INTERFACE
    -fsanitize=${KOPPELPOORT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(koppelpoort_flags INTERFACE -fsanitize=${KOPPELPOORT_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code makes GCC 12 see uninitialised values in fmt and the standard library.
    target_compile_options(koppelpoort_flags INTERFACE -Wno-uninitialized -Wno-maybe-uninitialized)
  endif()
  if(KOPPELPOORT_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(koppelpoort_flags INTERFACE -Wno-tsan)
  endif()
endif()
if(KOPPELPOORT_FUZZ)
  target_compile_options(koppelpoort_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
