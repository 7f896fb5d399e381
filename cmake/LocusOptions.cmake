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

# Several files are compiled as one where CMAKE_UNITY_BUILD asks for it: about six of one folder, by
# a hash of their names, so that a new file recompiles a part of its own folder. Highway's loops are
# compiled alone: such a file includes itself once for each set of instructions.
function(locus_unite target)
  get_target_property(sources ${target} SOURCES)
  set(folders "")
  foreach(source IN LISTS sources)
    file(STRINGS ${source} found REGEX "foreach_target" LIMIT_COUNT 1)
    if(found)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
      continue()
    endif()
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE path)
    cmake_path(GET path PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER ${folder} folder)
    list(APPEND folders ${folder})
    list(APPEND in_${folder} ${source})
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    list(LENGTH in_${folder} count)
    set(groups 1)  # a power of two, which few new files change
    while(count GREATER 8)
      math(EXPR groups "${groups} * 2")
      math(EXPR count "${count} / 2")
    endwhile()
    foreach(source IN LISTS in_${folder})
      cmake_path(GET source FILENAME name)
      string(MD5 hash ${name})
      string(SUBSTRING ${hash} 0 4 hash)
      math(EXPR group "0x${hash} % ${groups}")
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${group})
    endforeach()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# Where a program finds the module around the SentencePiece library, and libraries each other: where
# they were built, and by a way within the installed tree, which may move.
file(RELATIVE_PATH locus_to_libraries /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
list(APPEND CMAKE_BUILD_RPATH ${PROJECT_BINARY_DIR}/tokenizer)
set(CMAKE_INSTALL_RPATH $ORIGIN/${locus_to_libraries} $ORIGIN/${locus_to_libraries}/locus)
set(locus_library_rpath $ORIGIN $ORIGIN/locus)

# Shared libraries show each other, and programs, what is Locus's own and nothing else.
function(locus_export target)
  set(script ${PROJECT_SOURCE_DIR}/cmake/exports.map)
  set_target_properties(${target} PROPERTIES CXX_VISIBILITY_PRESET default
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    INSTALL_RPATH "${locus_library_rpath}" LINK_DEPENDS ${script})
  target_link_options(${target} PRIVATE LINKER:--version-script=${script})
endfunction()

# A library of the project from every source in its folder, but for those that are named after it:
# adding a file is enough.
function(locus_library name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/module/")
  foreach(unused IN LISTS ARGN)
    list(FILTER sources EXCLUDE REGEX "/${unused}\\.cpp$")
  endforeach()
  add_library(locus_${name} ${sources})
  if(BUILD_SHARED_LIBS)
    locus_export(locus_${name})
  endif()
  add_library(Locus::${name} ALIAS locus_${name})
  set_target_properties(locus_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(locus_${name} PUBLIC cxx_std_20)
  target_include_directories(locus_${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(locus_${name} PRIVATE $<BUILD_INTERFACE:locus_options>)
  locus_unite(locus_${name})
endfunction()
