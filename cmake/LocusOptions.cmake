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
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  endif()
  add_link_options(-fsanitize=${LOCUS_SANITIZE})
endif()

# Several files are compiled as one where CMAKE_UNITY_BUILD asks for it. Highway's loops are not:
# such a file includes itself once for each set of instructions.
function(locus_unite target)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    file(STRINGS ${source} found REGEX "foreach_target" LIMIT_COUNT 1)
    if(found)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
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
  locus_unite(locus_${name})
endfunction()
