# Bundles Vega for the report, from Debian's node-vega by esbuild. Without them the report has
# tables alone.
find_program(LOCUS_ESBUILD esbuild)
find_path(LOCUS_NODE_MODULES vega/package.json PATHS /usr/share/nodejs NO_DEFAULT_PATH)

set(resources ${CMAKE_CURRENT_LIST_DIR}/resources)
set(bundle_folder ${CMAKE_CURRENT_BINARY_DIR}/report)
set(bundle ${bundle_folder}/vega.js)
if(LOCUS_ESBUILD AND LOCUS_NODE_MODULES)
  add_custom_command(OUTPUT ${bundle}
    COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${LOCUS_NODE_MODULES} ${LOCUS_ESBUILD}
      vega_entry.js --bundle --minify --format=iife --global-name=vega --log-level=warning
      --alias:d3-delaunay=./empty.js --alias:d3-geo-projection=./empty.js --outfile=${bundle}
    DEPENDS ${resources}/vega_entry.js ${resources}/empty.js
    WORKING_DIRECTORY ${resources})
else()
  message(WARNING "esbuild or node-vega is missing: reports will have tables without plots")
  file(WRITE ${bundle} "")
endif()

target_sources(locus_cli PRIVATE ${CMAKE_CURRENT_LIST_DIR}/resources.S)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/resources.S PROPERTIES
  OBJECT_DEPENDS "${bundle};${resources}/report.html;${resources}/report.css;${resources}/report.js"
  INCLUDE_DIRECTORIES "${resources};${bundle_folder}"
  COMPILE_OPTIONS "-Wa,-I${resources};-Wa,-I${bundle_folder}")
