# `cmake --install`: libraries, headers without any third-party type, a CMake package, a pkg-config
# file, the models and the text that comes with them.
include(CMakePackageConfigHelpers)

set(locus_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Locus)
set(locus_data_folder ${CMAKE_INSTALL_DATADIR}/locus)

set(locus_libraries base engine tokenizer images models evaluation pipelines)
list(TRANSFORM locus_libraries PREPEND locus_ OUTPUT_VARIABLE locus_targets)
install(TARGETS ${locus_targets} EXPORT LocusTargets)
install(EXPORT LocusTargets NAMESPACE Locus:: DESTINATION ${locus_package_folder})

# The root of a library's folder is public; its sub-folders stay at home.
foreach(library IN LISTS locus_libraries)
  file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${library}/*.hpp)
  install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/locus/${library})
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
