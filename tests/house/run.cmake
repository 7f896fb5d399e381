# run(COMMAND...): a command that has to end well, in `run_folder` if that is set. `output` is what it
# wrote to stdout.
function(run)
  set(place "")
  if(run_folder)
    set(place WORKING_DIRECTORY ${run_folder})
  endif()
  execute_process(COMMAND ${ARGN} ${place}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE error)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: expected status 0, found ${status}\n${output}${error}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()
