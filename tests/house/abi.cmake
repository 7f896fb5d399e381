# The C interface's ABI is the stored one: names, types and layouts. What changed or went breaks
# programs that were compiled before, and asks for a new SONAME; what was added is stored anew.
#   cmake -DLIBRARY=... -DSOURCE=... -DWORK=... -DCOMPILER=... -P abi.cmake
#   ... -DSTORE=ON writes it anew.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
set(stored ${SOURCE}/tests/c/language/liblocus.abi)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
set(run_folder ${WORK})

# The headers with a body for every function: a small library with the types of the whole one.
foreach(name IN ITEMS locus locus_position)
  file(READ ${SOURCE}/c/${name}.h header)
  string(REGEX REPLACE "\n((locus_status|void|int32_t) locus_[a-z_]+\\([^;]*\\));"
    "\n\\1 { for (;;) ; }" bodies "${header}")
  file(WRITE ${WORK}/${name}.h "${bodies}")
endforeach()
file(WRITE ${WORK}/locus.c "#include \"locus.h\"\n")
run(${COMPILER} -x c -std=c99 -g -O0 -w -shared -fPIC -Wl,-soname,liblocus.so.0 locus.c -o locus.so)

# Nothing but the interface's own names may be seen, and each of them.
run(nm -D --defined-only -P ${LIBRARY})
string(REGEX REPLACE " [^\n]*" "" names "${output}")
run(nm -D --defined-only -P ${WORK}/locus.so)
string(REGEX REPLACE " [^\n]*" "" declared "${output}")
if(NOT names STREQUAL declared)
  message(FATAL_ERROR "${LIBRARY}: expected the names\n${declared}found\n${names}")
endif()

find_program(ABIDW abidw)
find_program(ABIDIFF abidiff)
if(NOT ABIDW OR NOT ABIDIFF)
  message("SKIPPED: the stored ABI: abigail-tools is not installed")
  return()
endif()
run(${ABIDW} --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed
  --out-file locus.abi locus.so)
if(STORE)
  file(COPY_FILE ${WORK}/locus.abi ${stored})
endif()
execute_process(COMMAND ${ABIDIFF} ${stored} ${WORK}/locus.abi
  RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE error)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "expected the stored ABI, found another one:\n${output}${error}")
endif()
