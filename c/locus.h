/* Locus from C, and from every language that calls C.
 *
 * A model is opened once, never changes, and serves any number of threads. A worker runs it, one
 * call at a time: a call meanwhile, of another thread or of a callback, is LOCUS_ARGUMENT. Several
 * workers share a model, one for each thread. Every call returns a status and, where `error` is not
 * NULL and the call fails, a message to be freed by `locus_free`. Nothing is printed, nothing ends
 * the program, no state is global, and no C++ exception leaves a call.
 *
 * Texts are UTF-8 and end with a NUL byte. What a call returns through a `**result` belongs to the
 * caller, who frees it, whole, by `locus_free`; it is NULL where the call failed. Offsets count
 * bytes. Options may be NULL; a structure of options begins with its own size, and every other
 * field that is 0 is left to the model's files:
 *
 *     locus_generate_options options = {.struct_size = sizeof options};
 *     options.max_tokens = 40;
 */
#ifndef LOCUS_H
#define LOCUS_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
/** Major, minor and patch level, each of two decimal digits. */
#define LOCUS_VERSION 100
/** LOCUS_VERSION of the library that is running. */
int32_t locus_version(void);

typedef struct locus_model locus_model;
typedef struct locus_worker locus_worker;

typedef enum locus_status {
  LOCUS_OK = 0,
  LOCUS_ARGUMENT = 1,  /**< NULL, a value out of range, bytes that are not UTF-8 */
  LOCUS_FAILED = 2,    /**< unreadable or contradictory files, a task the model cannot do */
  LOCUS_CANCELLED = 3, /**< by a callback or by `locus_cancel` */
  LOCUS_NO_MEMORY = 4
} locus_status;

/** Why a call failed. */
typedef struct locus_error {
  locus_status status;
  const char* message; /**< one printable line: who, expected, found */
} locus_error;

/** Told how much is done; anything but 0 ends the call, with LOCUS_CANCELLED. */
typedef int32_t (*locus_progress)(void* user, int64_t done, int64_t total);
/** Told the next piece of the text of prompt `prompt`: `length` bytes, whole characters only.
 * Anything but 0 ends that text. */
typedef int32_t (*locus_on_text)(void* user, int64_t prompt, const char* piece, size_t length);

/** Frees what a call returned. NULL is nothing to free. */
void locus_free(void* result);
typedef enum locus_precision {
  LOCUS_F32 = 0,
  LOCUS_BF16 = 1, /**< f32 where the CPU has no instructions for it */
  LOCUS_INT8 = 2
} locus_precision;

typedef struct locus_open_options {
  size_t struct_size;
  int32_t precision;    /**< a locus_precision */
  const char* encoding; /**< a scheme to swap in, as `rope:base=1000` */
  int64_t capacity;     /**< positions that tables are built for */
  locus_progress progress;
  void* user; /**< given to `progress` */
} locus_open_options;
/** Opens a Hugging Face folder, a `locus.json` file, or an installed model by its name. */
locus_status locus_open(const char* model, const locus_open_options* options, locus_model** result,
                        locus_error** error);
/** Closes a model and sets the handle to NULL. Open workers keep it alive. */
void locus_close(locus_model** model);

typedef struct locus_description {
  const char* family;    /**< `bert` */
  const char* encodings; /**< `rope:base=10000`, several separated by `, ` */
  const char* precision; /**< that the CPU computes in: `f32`, `bf16`, `int8` */
  int64_t parameters;
  int64_t context;    /**< tokens; 0 where nothing bounds it */
  int64_t vocabulary; /**< ids that the model reads */
  int32_t causal;     /**< 1 for a model that continues texts */
  int32_t untrained;  /**< 1 where an encoding was swapped in that no checkpoint supplies */
  const char* task;   /**< what its head is made for: `causal-lm`, `masked-lm`, `features`, ... */
  const char* mask_token; /**< what stands for a gap in a text; NULL where no token does */
} locus_description;
locus_status locus_describe(const locus_model* model, locus_description** result,
                            locus_error** error);
/** A text of `length` bytes, and a NUL byte after them. */
typedef struct locus_string {
  const char* bytes;
  size_t length;
} locus_string;

/** Tokens of a text. Arrays of `count`. */
typedef struct locus_tokens {
  size_t count;
  const int32_t* ids;
  const char* const* tokens; /**< as the vocabulary spells them */
  const int64_t* begins;     /**< bytes of the text; -1 for a token that the model adds */
  const int64_t* ends;
} locus_tokens;
/** With the model's special tokens where `special` is not 0. */
locus_status locus_tokenize(const locus_model* model, const char* text, int32_t special,
                            locus_tokens** result, locus_error** error);
/** Asked every few milliseconds of a long text, and while the model's tokenizer is opened, when it
 * is first needed; anything but 0 ends the call, with LOCUS_CANCELLED. */
typedef int32_t (*locus_check)(void* user);
/** `locus_tokenize` that `check` may end; it is given `user`. */
locus_status locus_tokenize_checked(const locus_model* model, const char* text, int32_t special,
                                    locus_check check, void* user, locus_tokens** result,
                                    locus_error** error);
/** The text of ids, without special tokens where `skip_special` is not 0. */
locus_status locus_decode(const locus_model* model, const int32_t* ids, size_t count,
                          int32_t skip_special, locus_string** result, locus_error** error);
/** `locus_decode` that `check` may end; it is given `user`. */
locus_status locus_decode_checked(const locus_model* model, const int32_t* ids, size_t count,
                                  int32_t skip_special, locus_check check, void* user,
                                  locus_string** result, locus_error** error);

/** `threads`: 0 for the machine's physical cores. Results do not depend on it, to the bit. */
locus_status locus_worker_open(const locus_model* model, int32_t threads, locus_worker** result,
                               locus_error** error);
/** Closes a worker and sets the handle to NULL. One that runs is cancelled, and closed when its
 * call ends: a callback may do that. */
void locus_worker_close(locus_worker** worker);

/** Ends the worker's present call within milliseconds, from any thread: it returns LOCUS_CANCELLED;
 * `locus_generate` returns what it has so far. Later calls end at once until `locus_resume`. */
void locus_cancel(locus_worker* worker);
void locus_resume(locus_worker* worker);

/** Lines, each of what may make results other than they were meant. Array of `count`. */
typedef struct locus_warnings {
  size_t count;
  const char* const* texts;
} locus_warnings;
/** Of the worker's calls so far: a text that was longer than what the model was trained on, or than
 * its context; an encoding without trained weights; a precision that the CPU does not have; keys of
 * the model's files that are not used. `locus_vectors` says which texts were cut. */
locus_status locus_worker_warnings(locus_worker* worker, locus_warnings** result,
                                   locus_error** error);

/** The `temperature` that asks for the most probable token, whatever the files say. */
#define LOCUS_GREEDY (-1.0)

typedef struct locus_generate_options {
  size_t struct_size;
  int64_t max_tokens; /**< new ones; with the prompt at most as many as there are positions */
  int64_t min_tokens;
  int64_t beams;
  int64_t best; /**< results for each prompt, at most `beams` */
  double temperature;
  int64_t top_k;
  double top_p;
  double min_p;
  double repetition_penalty;
  uint64_t seed;
  const char* const* stop; /**< texts that end a text */
  size_t stop_count;
  const char* source_language; /**< of a translator */
  const char* target_language;
  locus_on_text on_text; /**< not with beams */
  void* user;            /**< given to `on_text` */
} locus_generate_options;

typedef enum locus_finish {
  LOCUS_END_TOKEN = 0,
  LOCUS_MAX_TOKENS = 1,
  LOCUS_STOPPED = 2, /**< by a stop text or `on_text` */
  LOCUS_ENDED = 3    /**< by `locus_cancel`: what there was then */
} locus_finish;

/** Continuations or translations, best first for each prompt. Arrays of `count`. */
typedef struct locus_texts {
  size_t count;
  const int64_t* prompts; /**< whose continuation it is */
  const char* const* texts;
  const double* scores;
  const int32_t* finishes; /**< a locus_finish */
  const int32_t* const* ids;
  const size_t* id_counts;
  double seconds;
} locus_texts;
locus_status locus_generate(locus_worker* worker, const char* const* prompts, size_t count,
                            const locus_generate_options* options, locus_texts** result,
                            locus_error** error);

typedef struct locus_embed_options {
  size_t struct_size;
  const char* pooling; /**< `mean`, `cls`, `max`, ..., or `none` for a vector for each token */
  int32_t normalize;   /**< to length 1, after all else */
  const char* prompt;  /**< one of the folder's by its name, or a text before every text */
  int64_t dimension;   /**< vectors, none of them a token's, are cut to so many first values */
} locus_embed_options;

typedef struct locus_vectors {
  size_t rows; /**< a row for each text, or with the pooling `none` for each token */
  size_t width;
  const float* values;       /**< [rows, width] */
  const int64_t* texts;      /**< [rows] which text it is of */
  size_t count;              /**< texts */
  const int64_t* cut_tokens; /**< [count] what was read of a text that was cut; 0: all of it */
} locus_vectors;
locus_status locus_embed(locus_worker* worker, const char* const* texts, size_t count,
                         const locus_embed_options* options, locus_vectors** result,
                         locus_error** error);

/** Documents that answer a query, best first. Arrays of `count`. */
typedef struct locus_ranking {
  size_t count;
  const int64_t* documents; /**< index among those given */
  const double* scores;
} locus_ranking;
locus_status locus_rerank(locus_worker* worker, const char* query, const char* const* documents,
                          size_t count, locus_ranking** result, locus_error** error);

/** What may stand in the gaps of a text, most probable first for each gap. Arrays of `count`. */
typedef struct locus_candidates {
  size_t count;
  size_t gaps;
  const int64_t* gap; /**< which one, from 0 on */
  const int32_t* ids;
  const char* const* tokens;
  const double* probabilities;
} locus_candidates;
/** `top`: candidates for each gap; 0 for five. */
locus_status locus_fill_mask(locus_worker* worker, const char* text, int64_t top,
                             locus_candidates** result, locus_error** error);

/** Classes, best first. Arrays of `count`. */
typedef struct locus_labels {
  size_t count;
  const int64_t* ids;
  const char* const* labels;
  const double* values; /**< probabilities; of a regression what it estimates */
} locus_labels;
/** `pair`: a second text, or NULL. */
locus_status locus_classify(locus_worker* worker, const char* text, const char* pair,
                            locus_labels** result, locus_error** error);

/** Stretches of a text. Arrays of `count`. */
typedef struct locus_stretches {
  size_t count;
  const char* const* labels; /**< NULL for answers */
  const char* const* texts;
  const int64_t* begins; /**< bytes of the text */
  const int64_t* ends;
  const double* probabilities;
  const double* scores; /**< of answers; NULL for names */
  double none;          /**< of answers: the score of there being none */
} locus_stretches;
/** `aggregation`: `none`, `simple`, `first`, `average`, `max`; NULL for `simple`. */
locus_status locus_tag(locus_worker* worker, const char* text, const char* aggregation,
                       locus_stretches** result, locus_error** error);
/** `top`: answers; 0 for one. */
locus_status locus_answer(locus_worker* worker, const char* question, const char* context,
                          int64_t top, locus_stretches** result, locus_error** error);

typedef struct locus_score_options {
  size_t struct_size;
  const char* task;       /**< `causal`, `masked`, `masked-word`, `infill` */
  const char* convention; /**< causal: `sliding`, `disjoint`, `llama.cpp`, `lm-eval`, `hf` */
  int64_t context;        /**< tokens of a window */
  int64_t stride;         /**< `sliding` and `hf`: tokens between windows */
  int64_t sample;         /**< masked tasks: tokens to score; -1 for all */
  uint64_t seed;
  locus_progress progress;
  void* user; /**< given to `progress` */
} locus_score_options;

/** How well a model predicts a text. Arrays of `count`: the tokens that were scored. */
typedef struct locus_scores {
  size_t count;
  const int64_t* index; /**< of the token in the text */
  const int32_t* ids;
  const char* const* tokens;
  const int64_t* begins; /**< bytes of the text */
  const int64_t* ends;
  const double* nll; /**< -log p, nats */
  const int32_t* ranks;
  const double* entropies; /**< of the prediction, nats */
  double total_nll;
  double perplexity;
  double bits_per_byte; /**< NaN where the bytes are not known */
  double low;           /**< 95 % interval of the mean nll of a token; infinite for a single unit */
  double high;
  int64_t bytes;
  int64_t words;
} locus_scores;
locus_status locus_score(locus_worker* worker, const char* text, const locus_score_options* options,
                         locus_scores** result, locus_error** error);

#ifdef __cplusplus
}
#endif

#include "locus_position.h"
#endif
