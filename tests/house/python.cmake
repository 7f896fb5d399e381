# The Python package, built against what is installed, and its tests.
#   cmake -DINSTALLED=... -DSOURCE=... -DWORK=... -DPYTHON=... [-DSANITIZE=address,undefined] -P python.cmake
set(environment ${WORK}/environment)
set(python ${environment}/bin/python)
function(attempt)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  set(status ${status} PARENT_SCOPE)
  set(output "${output}" PARENT_SCOPE)
endfunction()

if(NOT EXISTS ${python})
  attempt(${PYTHON} -m venv ${environment})
endif()
attempt(${python} -m pip install -q --disable-pip-version-check
  "scikit-build-core>=0.10" "nanobind>=2.4" numpy pandas pytest mypy)
if(NOT status EQUAL 0)
  message("SKIPPED: the Python package: no environment with nanobind, numpy and pytest: ${output}")
  return()
endif()
attempt(${python} -c "import sysconfig, os; assert os.path.exists(sysconfig.get_path('include') + '/Python.h')")
if(NOT status EQUAL 0)
  message("SKIPPED: the Python package: python3-dev is not installed")
  return()
endif()

set(options --config-settings build-dir=${WORK}/build --config-settings cmake.define.Locus_ROOT=${INSTALLED})
if(SANITIZE)
  list(APPEND options --config-settings "cmake.define.CMAKE_CXX_FLAGS=-fsanitize=${SANITIZE}")
endif()
attempt(${python} -m pip install --disable-pip-version-check --no-build-isolation --no-deps
  --force-reinstall ${SOURCE} ${options})
if(NOT status EQUAL 0)
  message(FATAL_ERROR "pip install: ${output}")
endif()
set(ENV{LOCUS_COMMAND} ${INSTALLED}/bin/locus)
set(run ${python} -m pytest -q -p no:cacheprovider ${SOURCE}/python/tests)
if(SANITIZE)
  # The interpreter is not built with them. It leaks by itself, and how soon a run ends is not measured.
  # Freed memory that they keep for long would look like growth.
  foreach(library IN ITEMS asan ubsan)
    execute_process(COMMAND gcc -print-file-name=lib${library}.so OUTPUT_VARIABLE path
      OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(APPEND libraries "${path} ")
  endforeach()
  set(run ${CMAKE_COMMAND} -E env "LD_PRELOAD=${libraries}" ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=1 ${run} -s
    -k "not interruption")
endif()
execute_process(COMMAND ${run}
  WORKING_DIRECTORY ${WORK} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "the Python package's tests failed")
endif()
