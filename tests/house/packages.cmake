# The Debian packages: made, unpacked and used.
#   cmake -DBUILD=... -DWORK=... -P packages.cmake
find_program(CPACK cpack REQUIRED)
find_program(SHLIBDEPS dpkg-shlibdeps)
if(NOT SHLIBDEPS)
  message("SKIPPED: the Debian packages: dpkg-dev is not installed")
  return()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(REMOVE_RECURSE ${WORK})

run(${CPACK} --config ${BUILD}/CPackConfig.cmake -B ${WORK})
foreach(name IN ITEMS locus liblocus0 liblocus-dev locus-weights)
  file(GLOB package ${WORK}/${name}_*.deb)
  run(dpkg-deb -x ${package} ${WORK}/system)
endforeach()
file(GLOB package ${WORK}/liblocus0_*.deb)
run(dpkg-deb -f ${package} Depends)
if(NOT output MATCHES "libdnnl" OR NOT output MATCHES "libsentencepiece0")
  message(FATAL_ERROR "liblocus0: expected what it links, found ${output}")
endif()

# The command, its weights and the module around SentencePiece find each other where they lie.
run(${WORK}/system/usr/bin/locus generate causal-rope "The lamp was" --max-tokens 4)
file(COPY ${SOURCE}/tests/goldens/tokenizers5/m2m-100/sentencepiece.bpe.model DESTINATION ${WORK}/model)
run(${WORK}/system/usr/bin/locus tokenize ${WORK}/model "the lamp" --json)
if(NOT output MATCHES "▁the")
  message(FATAL_ERROR "expected tokens of SentencePiece, found ${output}")
endif()
