# `cmake --install`: libraries, headers without any third-party type, a CMake package, a pkg-config
# file, the models and the text that comes with them.
include(CMakePackageConfigHelpers)

set(locus_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Locus)
set(locus_data_folder ${CMAKE_INSTALL_DATADIR}/locus)

install(TARGETS locus_engine locus_tokenizer locus_images locus_models EXPORT LocusTargets)
install(EXPORT LocusTargets NAMESPACE Locus:: DESTINATION ${locus_package_folder})

# A header that begins with "Internal: not installed" stays at home.
foreach(library IN ITEMS engine tokenizer images models)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${library}/*.hpp)
  foreach(header IN LISTS headers)
    file(STRINGS ${header} internal REGEX "Internal: not installed" LIMIT_COUNT 1)
    if(NOT internal)
      install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/locus/${library})
    endif()
  endforeach()
endforeach()

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/LocusConfig.cmake.in
  ${PROJECT_BINARY_DIR}/LocusConfig.cmake INSTALL_DESTINATION ${locus_package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/LocusConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/LocusConfig.cmake ${PROJECT_BINARY_DIR}/LocusConfigVersion.cmake
  DESTINATION ${locus_package_folder})

# The prefix is found from where the file lies, so that an installed tree may move.
file(RELATIVE_PATH locus_pkgconfig_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/locus.pc.in ${PROJECT_BINARY_DIR}/locus.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/locus.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(LOCUS_BUILD_TOOLS)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/weights/ DESTINATION ${locus_data_folder}/weights)
endif()
