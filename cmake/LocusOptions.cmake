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
  add_link_options(-fsanitize=${LOCUS_SANITIZE})
endif()

# A library of the project from every source in its folder: adding a file is enough.
function(locus_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(locus_${name} ${sources})
  add_library(Locus::${name} ALIAS locus_${name})
  set_target_properties(locus_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(locus_${name} PUBLIC cxx_std_20)
  target_include_directories(locus_${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(locus_${name} PRIVATE $<BUILD_INTERFACE:locus_options>)
endfunction()
