# Programs that have the system's Protocol Buffers open a SentencePiece model, whose library carries
# another one: linked before Locus, after it, and through a library of their own.
#   cmake -DINSTALLED=... -DSOURCE=... -DWORK=... -DCOMPILER=... -DFLAGS=... -P guest.cmake
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
set(ENV{PKG_CONFIG_PATH} ${INSTALLED}/lib/pkgconfig:${INSTALLED}/lib/${ARCHITECTURE}/pkgconfig)
function(flags_of result)
  execute_process(COMMAND pkg-config --cflags --libs ${ARGN} OUTPUT_VARIABLE flags ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status)
  separate_arguments(flags)
  set(${result} "${flags}" PARENT_SCOPE)
  set(found ${status} PARENT_SCOPE)
endfunction()

flags_of(protobuf protobuf)
if(NOT found EQUAL 0)
  message("SKIPPED: programs with Protocol Buffers of their own: libprotobuf-dev is not installed")
  return()
endif()
flags_of(locus locus)
separate_arguments(FLAGS)

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/model)
# Alone, without a class: a file that the SentencePiece library itself runs.
file(COPY ${SOURCE}/tests/goldens/tokenizers5/m2m-100/sentencepiece.bpe.model
  DESTINATION ${WORK}/model)

set(compile ${COMPILER} -std=c++20 ${FLAGS})
set(here ${SOURCE}/tests/house/guest)
set(programs ${here}/main.cpp ${here}/host.cpp)
run(${compile} ${programs} -o ${WORK}/before ${protobuf} ${locus})
run(${compile} ${programs} -o ${WORK}/after ${locus} ${protobuf})
run(${compile} -shared -fPIC ${here}/host.cpp -o ${WORK}/libhost.so ${protobuf})
run(${compile} ${here}/main.cpp -o ${WORK}/through
  -L${WORK} -lhost -Wl,-rpath,${WORK} ${locus})

foreach(program IN ITEMS before after through)
  execute_process(COMMAND ${WORK}/${program} ${WORK}/model/sentencepiece.bpe.model
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0 OR NOT output STREQUAL "SentencePiece: the lamp was lit. same\n")
    message(FATAL_ERROR "${program}: expected the text again, found status ${status}: ${output}")
  endif()
endforeach()
