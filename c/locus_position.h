/* Positional encodings from C, as matrices. `locus.h` has all of it. */
#ifndef LOCUS_POSITION_H
#define LOCUS_POSITION_H
#include "locus.h"
#ifdef __cplusplus
extern "C" {
#endif

typedef enum locus_matrix_kind {
  LOCUS_ROWS = 0,     /**< what is added to token vectors, or ones / sqrt(d) rotated. [T, D] */
  LOCUS_PRODUCTS = 1, /**< inner products of queries (rows) and keys (columns). [T, T] */
  LOCUS_BIAS = 2, /**< of scores by head and distance key - query, from 1 - T on. [H, 2 T - 1] */
  LOCUS_RESPONSE = 3, /**< added to the score of two ones / sqrt(d), likewise. [H, 2 T - 1] */
  LOCUS_DECAY = 4     /**< product of rotated ones / sqrt(d) by distance. [1, T] */
} locus_matrix_kind;

typedef struct locus_encoding_options {
  size_t struct_size;
  int32_t kind;     /**< a locus_matrix_kind */
  int64_t length;   /**< T; 0 for 32 */
  int64_t width;    /**< D of a scheme; 0 for 128 */
  int64_t heads;    /**< H of a scheme; 0 for 8 */
  const char* name; /**< of a model's encodings; NULL for the first */
} locus_encoding_options;

typedef struct locus_matrix {
  size_t rows; /**< 0 where the encoding does nothing of that kind */
  size_t columns;
  const float* values;  /**< [rows, columns] */
  const char* encoding; /**< in its text form */
} locus_matrix;
/** Of a scheme in its text form, or, where `scheme` is NULL, of a model. */
locus_status locus_encoding(const locus_model* model, const char* scheme,
                            const locus_encoding_options* options, locus_matrix** result,
                            locus_error** error);

#ifdef __cplusplus
}
#endif
#endif
