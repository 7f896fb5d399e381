/* Loads the library when it runs, as a plug-in's host does, and uses it through the header alone.
 * Compiled as C99 with -pedantic. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "locus.h"

typedef int32_t (*version_call)(void);
typedef void (*free_call)(void*);
typedef locus_status (*encoding_call)(const locus_model*, const char*,
                                      const locus_encoding_options*, locus_matrix**, locus_error**);

/* ISO C has no conversion from an object's address to a function's. */
static void find(void* library, const char* name, void* call) {
  void* found = dlsym(library, name);
  memcpy(call, &found, sizeof found);
}

static int use(void* library) {
  locus_encoding_options options = {.struct_size = sizeof options};
  locus_matrix* matrix = NULL;
  locus_error* error = NULL;
  version_call version;
  free_call release;
  encoding_call encoding;
  find(library, "locus_version", &version);
  find(library, "locus_free", &release);
  find(library, "locus_encoding", &encoding);
  if (!version || !release || !encoding || version() != LOCUS_VERSION) return 1;
  options.length = 3;
  options.width = 4;
  if (encoding(NULL, "sinusoidal", &options, &matrix, &error) != LOCUS_OK) return 2;
  printf("%zu x %zu\n", matrix->rows, matrix->columns);
  release(matrix);
  if (encoding(NULL, "nonsense", &options, &matrix, &error) != LOCUS_FAILED) return 3;
  printf("%s\n", error->message);
  release(error);
  return 0;
}

int main(int count, char** arguments) {
  void* library = count == 2 ? dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 4;
  }
  return use(library);
}
