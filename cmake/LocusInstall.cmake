# `cmake --install`: libraries, headers without any third-party type, a CMake package, pkg-config
# files, the models and the text that comes with them. `--component` takes a part: `command`,
# `library` (what a program needs to run), `development`, `weights` (the greatest by far).
include(CMakePackageConfigHelpers)

set(locus_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Locus)
set(locus_data_folder ${CMAKE_INSTALL_DATADIR}/locus)

set(locus_components ${locus_libraries})
set(locus_pkgconfig_files locus)
if(NOT LOCUS_ENGINE_ALONE)
  list(APPEND locus_components c)
  list(APPEND locus_pkgconfig_files locus-c)
  install(FILES ${PROJECT_SOURCE_DIR}/c/locus.h ${PROJECT_SOURCE_DIR}/c/locus_position.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(TARGETS locus_c EXPORT LocusCTargets
    LIBRARY COMPONENT library NAMELINK_COMPONENT development)
  install(EXPORT LocusCTargets NAMESPACE Locus:: DESTINATION ${locus_package_folder})
endif()
list(TRANSFORM locus_libraries PREPEND locus_ OUTPUT_VARIABLE locus_targets)
install(TARGETS ${locus_targets} EXPORT LocusTargets
  LIBRARY COMPONENT library NAMELINK_COMPONENT development)
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

# The prefix is found from where the file lies, so that an installed tree may move. Static libraries
# ask a program to link what they use.
file(RELATIVE_PATH locus_pkgconfig_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(locus_linked_libraries ${locus_libraries})
list(REVERSE locus_linked_libraries)
list(TRANSFORM locus_linked_libraries PREPEND -llocus_)
list(JOIN locus_linked_libraries " " locus_linked_libraries)
list(JOIN locus_modules " " locus_required_modules)
set(locus_requires Requires)
set(locus_static_libs "-ldnnl -lhwy -lgomp -ldl -pthread -Wl,-rpath,\${libdir}/locus")
if(BUILD_SHARED_LIBS)
  set(locus_requires Requires.private)
  set(locus_static_libs "")
endif()
foreach(name IN LISTS locus_pkgconfig_files)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

# Parts may be packages of their own, and no two packages hold one file.
foreach(part IN ITEMS command:locus library:liblocus0 development:liblocus-dev weights:locus-weights)
  string(REPLACE : ";" part ${part})
  list(GET part 0 component)
  list(GET part 1 package)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE COMPONENT ${component}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package})
endforeach()
if(LOCUS_BUILD_TOOLS)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/weights/ DESTINATION ${locus_data_folder}/weights
    COMPONENT weights)
endif()
