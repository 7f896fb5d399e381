#include "tools/cli/report/words.hpp"

namespace locus::cli {
namespace {

constexpr ColumnWords columns{
    .model = "model",
    .encoding = "encoding",
    .seeds = "seeds",
    .bits_per_byte = "bits per byte [95 %]",
    .letters = "letters",
    .difference = "difference",
    .verdict = "against {baseline}",
    .word_perplexity = "word perplexity",
    .top1 = "top 1 %",
    .top5 = "top 5 %",
    .entropy = "entropy",
    .tokens = "tokens",
    .parameters = "parameters",
    .from = "95 % from",
    .to = "to",
    .context = "context",
    .from_position = "from position",
    .p = "p (Holm)",
};

constexpr NoteWords notes{
    .conditions = "Conditions: {windows}; {tokens} tokens scored; units: {units}.",
    .conditions_of = "Conditions of {models}: {windows}; {tokens} tokens scored; units: {units}.",
    .windows_sliding = "windows of {context} tokens, stride {stride} ({convention})",
    .windows_apart = "windows of {context} tokens ({convention})",
    .windows_masked = "windows of {context} tokens, the masked one in the middle",
    .windows_infill = "windows of {context} tokens that do not overlap",
    .unit_document = "{count}, each a document",
    .unit_block = "{count}, each a block of a document ({unit})",
    .best =
        "By {metric}, {model} predicts this text best of those that have learned more than "
        "counts: {bits} bits per byte. ",
    .tied = "No difference from {models} was found. ",
    .alone =
        "By {metric}, {model} needs {bits} bits per byte; there is nothing to compare it with. ",
    .nothing =
        "By {metric}, no model is clearly better than counts of tokens: there is nothing to "
        "compare. ",
    .versus = "Against {baseline}: ",
    .several = "{count} {verdict}",
    .scopes_files =
        "Verdicts hold for these files, as one side of each has a single seed, and not for their "
        "encodings.",
    .scopes_configurations =
        "These are verdicts of recipe and encoding together, over documents and seeds.",
    .scopes_encodings =
        "These are verdicts of the encodings under one recipe, over documents and seeds.",
    .scopes_mixed =
        "Of encodings, over documents and seeds: {encodings}; of two files alone: "
        "{files}.",
    .margin = "Equivalent are differences whose whole interval lies within {margin} bits per byte.",
    .margin_of_seeds =
        "Equivalent are differences whose whole interval lies within {asked} bits per byte, or "
        "holds 0 and lies within {margin}, which is what seeds move.",
    .seeds_move =
        "Two seeds of one configuration differ by up to {luck} bits per byte (95 %): a difference "
        "of two files that is smaller may be of their seeds.",
    .within_seeds = "So it may be with {models}.",
    .letters =
        "Verdicts and letters are of one family of tests, all pairs with Holm's correction: two "
        "models share a letter if and only if neither was found better than the other.",
    .p_floor = "A p with < was drawn and found no case: it is smaller than that.",
    .recipe_same = "All were trained by one recipe, field by field.",
    .recipe_differs = "Recipes differ: {fields}.",
    .recipe_field = "{field} is {values}",
    .recipe_unknown = "How {models} came about is not known: no training.json beside the weights.",
    .recipe_unknown_of_all =
        "How these models came about is not known: no training.json beside any.",
    .unfinished = "Training is not finished: {models}.",
    .not_trained =
        "Not trained, as not clearly (by {lead} bits per byte) better than {floor}: "
        "{models}; no baseline, no verdict.",
    .run_not_trained =
        "Each run is held to its floor by itself, and {runs} did not clearly beat it: the mean of "
        "{model} holds that run, and no verdict leans on it.",
    .repeated_run = "{run} is {of} again (equal weights or losses): they count as one run.",
    .other_text =
        "Not comparable, as other bytes were scored (tokenizers differ, or lose something of "
        "the text; --full scores all): {models}.",
    .one_recipe = "No verdict, as training.json is known of one of the two alone: {models}.",
    .other_baseline =
        "The baseline that was asked for cannot be one here: it has another metric or "
        "is not trained.",
    .floors_of_text =
        "Floors are counts of this text itself, each token left out: they know it "
        "better than counts of a training text would.",
    .floors_of_training = "Floors are counts of the models' training text.",
    .floors_of_both =
        "Floors of models whose training text is known are counts of that, the others of this "
        "text itself.",
    .tokenizers =
        "Tokenizers differ: figures per token do not compare, so bits per byte and word "
        "perplexity stand in their place.",
    .failed = "Could not be measured: {models}.",
};

constexpr ReportWords english{
    .language = "en",
    .title = "Positional encodings compared",
    .introduction =
        "Lower is better. Intervals are 95 % bootstrap intervals, over documents and, where a "
        "model "
        "has several, seeds; verdicts compare the same bytes in pairs, with Holm's correction.",
    .one_document = "{count} document, {bytes} bytes. ",
    .documents = "{count} documents, {bytes} bytes. ",
    .differences = "Differences",
    .length = "Length",
    .training = "Training",
    .results = "Tables",
    .encodings = "Encodings",
    .claims = "Claims",
    .claims_note =
        "What articles claim of positional encodings is measured on these models by "
        "another command: ",
    .controls = "Controls",
    .settings = "Settings and hashes of the text",
    .files = "Hashes of the models' files, and how they were trained",
    .numbers = "Numbers",
    .picture = "SVG",
    .download_numbers = "CSV",
    .all_series = "all",
    .baseline = "baseline",
    .not_comparable = "not comparable",
    .not_trained = "not trained",
    .floor = "floor: ",
    .between = "; ",
    .list_end = ". ",
    .colon = ": ",
    .comma = ", ",
    .sentence_gap = " ",
    .verdicts = {"better", "worse", "equivalent", "undecided", "too few units"},
    .floors = {"frequencies", "frequencies with document counts", "trigram"},
    .metrics = {"perplexity", "pseudo-perplexity", "pseudo-perplexity by word", "infill perplexity",
                "perplexity given a source"},
    .questions =
        {"each token, given those before it: a likelihood of the text",
         "each token, given all others: an easier question, and no likelihood of the text",
         "each token, given all others but the rest of its word: no likelihood of the text",
         "removed spans, given the rest of the text: a likelihood of those spans alone",
         "the text, given its source: a likelihood of the text under that condition"},
    .pictures =
        {
            PictureWords{"", "",
                         "This model has no positional encoding: there is nothing to draw."},
            PictureWords{"dimension", "position",
                         "What is added to a token's vector: each row is a position."},
            PictureWords{
                "dimension of a head", "position",
                "A vector of ones as it is rotated at each position: fast pairs on one side, slow "
                "ones on the other."},
            PictureWords{"distance (key - query)", "head",
                         "What is added to the score of a key at a distance, for each head."},
            PictureWords{"distance (key - query)", "head",
                         "What a query of ones gains from the vector of each distance."},
        },
    .forest =
        {"Difference from {baseline}",
         "Each row is a model: its mean, the 95 % interval, small dots for its seeds. Left of "
         "the line is better; within the grey band it does not matter. Dashed lines are what "
         "counts of tokens reach; an arrow says how far beyond the frame.",
         "bits per byte, from {baseline}", ""},
    .change = {"Change of loss with the length of the context",
               "The same target tokens with more and more text before them, against the training "
               "length: what rises past it does not extrapolate; what ends there cannot represent "
               "more positions.",
               "context of the evaluation (tokens)", "change of loss (nats per token)"},
    .disjoint = {"Perplexity without a sliding window",
                 "The long texts cut into windows that do not overlap: the first tokens of each "
                 "have little before them, so a line falls as long as the model gains from length "
                 "at all.",
                 "window (tokens)", "perplexity"},
    .position =
        {"Loss by position in the window",
         "Lower is better: a line that falls to the right belongs to a model that makes use "
         "of more context.",
         "position in the window (tokens)", "loss (nats per token)"},
    .tokens_seen = {"Loss against tokens seen in training",
                    "On held-out text of the training corpus: gaps that close with more tokens are "
                    "of the budget and not of the encoding.",
                    "tokens seen", "validation loss (nats per token)"},
    .bands =
        " Bands are intervals over documents, which all models share; of many curves, that of "
        "the one that you point at. A click on a name hides it.",
    .training_length = "training length",
    .clipped = " Triangles are points beyond the frame.",
    .perplexity = "perplexity",
    .run = "run",
    .encoder = "encoder",
    .decoder = "decoder",
    .without_floors =
        " Counts of tokens are not drawn: they are of all tokens, this loss is of removed spans "
        "with "
        "their sentinels. The table of this text has both of the same tokens.",
    .columns = columns,
    .notes = notes,
};

}  // namespace

const ReportWords& english_words() { return english; }

}  // namespace locus::cli
