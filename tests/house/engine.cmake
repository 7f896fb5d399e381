# The engine alone, as shared libraries: built, installed, and used by a program with an encoding of
# its own.
#   cmake -DSOURCE=... -DWORK=... -DGENERATOR=... -DFLAGS=... -P engine.cmake
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(REMOVE_RECURSE ${WORK})
# What is exported does not depend on how fast the code is.
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR} -DLOCUS_ENGINE_ALONE=ON
  -DBUILD_SHARED_LIBS=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_BUILD_TYPE=None "-DCMAKE_CXX_FLAGS=${FLAGS} -O0")
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_COMMAND} --install ${WORK}/build --prefix ${WORK}/installed)
file(GLOB headers RELATIVE ${WORK}/installed/include/locus ${WORK}/installed/include/locus/*)
if(NOT headers STREQUAL "base;engine")
  message(FATAL_ERROR "expected headers of base and engine, found ${headers}")
endif()

run(${CMAKE_COMMAND} -S ${SOURCE}/tests/house/engine -B ${WORK}/program -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${WORK}/installed -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/program)
run(${WORK}/program/engine_alone)
set(expected "1 1\n3 -1\n5 -1\nrows: expected ids in [0, 2), found 7 in row 0\n")
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "expected\n${expected}found\n${output}")
endif()
