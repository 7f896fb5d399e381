# The page of the server, laid into the program; the assembler finds it in its include folder.
  .section .rodata

  .global locus_server_page_begin
  .global locus_server_page_end
locus_server_page_begin:
  .incbin "page.html"
locus_server_page_end:
  .byte 0

  .section .note.GNU-stack, "", @progbits
