# Compiler options common to every target of the project.
add_library(locus_options INTERFACE)
target_compile_options(locus_options INTERFACE -Wall -Wextra)
# GCC 12 warns of its own std::string code (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(locus_options INTERFACE -Wno-restrict)
endif()
target_include_directories(locus_options INTERFACE ${PROJECT_SOURCE_DIR})

set(LOCUS_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")
if(LOCUS_SANITIZE)
  add_compile_options(-fsanitize=${LOCUS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(LOCUS_SANITIZE MATCHES undefined)
    # What these look for, AddressSanitizer finds when it is used; they double the time to compile.
    add_compile_options(-fno-sanitize=null,object-size,vptr)
    # GCC 12 takes the inside of std::regex for uninitialised when it instruments it.
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
  add_link_options(-fsanitize=${LOCUS_SANITIZE})
endif()

# What nearly every file includes, parsed once (nlohmann/json costs more than it saves). The libraries and the command do without it in
# other builds, so that a missing include does not go unseen.
function(locus_precompile target)
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <cmath> <cstdint> <filesystem>
    <fstream> <functional> <map> <memory> <optional> <random> <set> <sstream> <string> <string_view>
    <utility> <vector> ${ARGN})
endfunction()

# A library of the project from every source in its folder: adding a file is enough.
function(locus_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(locus_${name} ${sources})
  add_library(Locus::${name} ALIAS locus_${name})
  set_target_properties(locus_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(locus_${name} PUBLIC cxx_std_20)
  target_include_directories(locus_${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(locus_${name} PRIVATE $<BUILD_INTERFACE:locus_options>)
  if(LOCUS_SANITIZE)
    locus_precompile(locus_${name})
  endif()
endfunction()
