# Installs the build, builds the examples out of the source tree against it, and runs them.
#   cmake -DBUILD=... -DSOURCE=... -DWORK=... -P install.cmake
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(REMOVE_RECURSE ${WORK})

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/installed)

# The shell finishes the names of encodings, where they are arguments and where they are values.
foreach(words IN ITEMS "position al" "bench --encoding al")
  run(bash -c "source ${WORK}/installed/share/bash-completion/completions/locus && \
    COMP_WORDS=(locus ${words}) && COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)) && _locus && echo \${COMPREPLY[@]}")
  if(NOT output MATCHES "^alibi[\r\n]")
    message(FATAL_ERROR "locus ${words}: expected the shell to go on with alibi, found ${output}")
  endif()
endforeach()

# Who reads text alone needs no library for images. Shared libraries export Locus's names, and no
# others.
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build/text -G ${GENERATOR} -DLOCUS_BUILD_TESTS=OFF
  -DLOCUS_BUILD_TOOLS=OFF -DLOCUS_IMAGE_FILES=OFF -DBUILD_SHARED_LIBS=ON -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/build/text --target locus_images)
run(nm -D -u -C ${WORK}/build/text/images/liblocus_images.so)
if(output MATCHES "U (png_|jpeg_)" OR NOT output MATCHES "locus::Error")
  message(FATAL_ERROR "expected images without libpng and libjpeg, found\n${output}")
endif()
run(nm -D --defined-only ${WORK}/build/text/images/liblocus_images.so)
string(REGEX MATCHALL " [A-Za-z] [^\n]+" names "${output}")
list(FILTER names EXCLUDE REGEX 5locus)
if(names OR NOT output MATCHES "_ZN5locus10read_image")
  message(FATAL_ERROR "expected read_image and names of locus alone, found\n${output}")
endif()
foreach(file IN ITEMS LocusConfig.cmake locus.pc)
  file(READ ${WORK}/build/text/${file} text)
  if(text MATCHES "libpng|libjpeg" OR NOT text MATCHES "nettle")
    message(FATAL_ERROR "${file}: expected no libpng and no libjpeg, found\n${text}")
  endif()
endforeach()

# Parts are found by name, unknown ones are not, and QUIET says nothing and ends nothing.
file(WRITE ${WORK}/parts/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(parts LANGUAGES CXX)
find_package(Locus 0.1 QUIET COMPONENTS nonsense)
if(Locus_FOUND)
  message(FATAL_ERROR \"expected no Locus with nonsense\")
endif()
find_package(Locus 0.1 QUIET REQUIRED COMPONENTS c tokenizer)
if(NOT TARGET Locus::c OR NOT TARGET Locus::tokenizer)
  message(FATAL_ERROR \"expected Locus::c and Locus::tokenizer\")
endif()
")
run(${CMAKE_COMMAND} -S ${WORK}/parts -B ${WORK}/build/parts -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${WORK}/installed)

# A project of C alone has the C interface, and is told why it has no other.
file(WRITE ${WORK}/plain/main.c "#include <locus.h>\nint main(void) { return locus_version() == 0; }\n")
file(WRITE ${WORK}/plain/CMakeLists.txt "
cmake_minimum_required(VERSION 3.25)
project(plain LANGUAGES C)
find_package(Locus 0.1 QUIET)
if(Locus_FOUND OR NOT Locus_NOT_FOUND_MESSAGE MATCHES \"language CXX\")
  message(FATAL_ERROR \"expected no C++ libraries, found '\${Locus_NOT_FOUND_MESSAGE}'\")
endif()
find_package(Locus 0.1 REQUIRED COMPONENTS c)
add_executable(plain main.c)
target_link_libraries(plain PRIVATE Locus::c)
")
run(${CMAKE_COMMAND} -S ${WORK}/plain -B ${WORK}/build/plain -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${WORK}/installed)
run(${CMAKE_COMMAND} --build ${WORK}/build/plain)
run(${WORK}/build/plain/plain)
foreach(component IN ITEMS command library development weights)
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/${component} --component ${component})
endforeach()
file(GLOB_RECURSE elsewhere ${WORK}/command/share/locus/weights/* ${WORK}/library/*.hpp
  ${WORK}/development/bin/*)
if(elsewhere OR NOT EXISTS ${WORK}/library/share/doc/liblocus0/LICENSE)
  message(FATAL_ERROR "expected each part with its own files and the licence, found ${elsewhere}")
endif()
foreach(example IN ITEMS embed scheme)
  file(COPY ${SOURCE}/examples/${example} DESTINATION ${WORK})
  run(${CMAKE_COMMAND} -S ${WORK}/${example} -B ${WORK}/build/${example} -G ${GENERATOR}
    -DCMAKE_PREFIX_PATH=${WORK}/installed -DCMAKE_CXX_FLAGS=${FLAGS} -DCMAKE_BUILD_TYPE=Release)
  run(${CMAKE_COMMAND} --build ${WORK}/build/${example})
endforeach()

# A desktop program on the C interface, where Qt is; it is driven where there is a screen to make.
if(EXISTS /usr/lib/${ARCHITECTURE}/cmake/Qt6Widgets)
  file(COPY ${SOURCE}/examples/desktop DESTINATION ${WORK})
  run(${CMAKE_COMMAND} -S ${WORK}/desktop -B ${WORK}/build/desktop -G ${GENERATOR}
    -DCMAKE_PREFIX_PATH=${WORK}/installed -DCMAKE_CXX_FLAGS=${FLAGS} -DCMAKE_BUILD_TYPE=Release)
  run(${CMAKE_COMMAND} --build ${WORK}/build/desktop)
  if(EXISTS ${WORK}/installed/share/locus/weights/causal-alibi)
    find_program(python3 python3 REQUIRED)
    run(${python3} ${SOURCE}/tests/house/desktop.py ${WORK}/build/desktop/desktop
      ${WORK}/installed/share/locus/weights/causal-alibi ${WORK}/nothing)
    message("${output}")
  endif()
else()
  message("SKIPPED: examples/desktop is not built: no qt6-base-dev")
endif()

file(GLOB_RECURSE headers ${WORK}/installed/include/locus/*.hpp)
list(LENGTH headers count)
if(count LESS 15)
  message(FATAL_ERROR "expected at least 15 installed headers, found ${count}")
endif()

# Every installed header stands by itself.
foreach(header IN LISTS headers)
  run(${COMPILER} -std=c++20 -fsyntax-only -I ${WORK}/installed/include -x c++ ${header})
endforeach()

file(GLOB models ${WORK}/installed/share/locus/weights/causal-*)
if(models)
  list(GET models 0 model)
  execute_process(COMMAND ${WORK}/build/embed/embed ${model} "The lamp was lit before the ships came in."
    RESULT_VARIABLE status OUTPUT_VARIABLE output)
  if(NOT status EQUAL 0 OR NOT output MATCHES "^[0-9]+ tokens, perplexity [0-9.]+\n$")
    message(FATAL_ERROR "expected a perplexity, found status ${status}: ${output}")
  endif()
endif()

# A scheme of a program's own, chained with one of Locus's, in a shipped model.
if(EXISTS ${WORK}/installed/share/locus/weights/causal-none)
  execute_process(COMMAND ${WORK}/build/scheme/scheme ${WORK}/installed/share/locus/weights/causal-none
      "The lamp was" recency:strength=2+alibi
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0 OR NOT output MATCHES "^recency:strength=2\\+alibi\nnext: ")
    message(FATAL_ERROR "expected a model with recency, found status ${status}: ${output}")
  endif()
endif()

# With pkg-config, as other build systems do it.
set(ENV{PKG_CONFIG_PATH} ${WORK}/installed/lib/pkgconfig:${WORK}/installed/lib/${ARCHITECTURE}/pkgconfig)
execute_process(COMMAND pkg-config --cflags --libs locus OUTPUT_VARIABLE flags
  OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "pkg-config does not find locus")
endif()
separate_arguments(flags)
separate_arguments(FLAGS)
run(${COMPILER} ${FLAGS} ${WORK}/embed/main.cpp -o ${WORK}/with_pkg_config ${flags})
