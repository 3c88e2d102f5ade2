# The exercises of the console, made again, are the ones in the repository.
execute_process(COMMAND ${PROGRAM} practise --catalogue ${SOURCE} --export ${BUILD}/oefeningen.json ${SOURCE}/tests/scenarios
  RESULT_VARIABLE made)
if(NOT made EQUAL 0)
  message(FATAL_ERROR "the exercises cannot be made")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${BUILD}/oefeningen.json ${SOURCE}/docs/api/oefeningen.json
  RESULT_VARIABLE differs)
if(NOT differs EQUAL 0)
  message(FATAL_ERROR "docs/api/oefeningen.json is not what the engine says now; make it again:\n"
    "koppelpoort practise --catalogue . --export docs/api/oefeningen.json tests/scenarios")
endif()
