# Files of the report, laid into the program; the assembler finds them in its include folders.
  .section .rodata

  .macro resource name, file
  .global locus_\name\()_begin
  .global locus_\name\()_end
locus_\name\()_begin:
  .incbin "\file"
locus_\name\()_end:
  .byte 0
  .endm

  resource page, "report.html"
  resource style, "report.css"
  resource script, "report.js"
  resource vega, "vega.js"

  .section .note.GNU-stack, "", @progbits
