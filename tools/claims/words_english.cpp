#include "tools/claims/words.hpp"

namespace locus::cli::claims {
namespace {

constexpr Words english{
    .language = "en",
    .title = "The claims, measured",
    .introduction =
        "Four Chinese articles on positional encoding make these claims. Each was tested on the "
        "shipped models and text.",
    .conventions =
        "A difference is one of loss, in nats per token, on the same tokens; below 0, the first "
        "of the two is better. Brackets are 95 % bootstrap intervals over documents, "
        "or over blocks of them if there are fewer than 12 documents. Whether a difference counts "
        "is decided by a sign-flip test, with Holm's correction over the figures of a claim; a "
        "difference within 0.005 counts as none. A change of a single token's loss below 0.0001 is "
        "rounding. All other figures are exact, apart from rounding. A claim holds if every figure "
        "that bears on it supports it. Claims tested by arithmetic need no model: the finding is "
        "true of the formula, however a model uses it. Where models are compared with each other, "
        "nothing is concluded unless they were trained alike. The models are small, and one was "
        "trained of each kind: another seed, size or text may give another result.",
    .text =
        "The text has {documents} documents, {bytes} bytes in all. Where each token needs a window "
        "of its own, {sample} tokens are sampled, with seed {seed}.",
    .generated =
        "This page is written by `tools/claims/run` (`locus-claims --markdown docs/claims.md`); "
        "edits by hand are lost.",
    .articles_title = "The articles",
    .articles = {"000: excerpts of ten articles, as a search engine shows them",
                 "001: absolute and relative encodings, with BERT, BART, T5, NEZHA and Swin",
                 "002: absolute encoding, with the picture of a table",
                 "003: the sinusoid, with a wrong exponent in its code"},
    .overview = "Overview",
    .claim = "claim",
    .article = "article",
    .evidence = "tested by",
    .finding = "finding",
    .figure = "figure",
    .value = "value [95 %]",
    .says = "for or against",
    .numbers = "Numbers",
    .settings = "Settings and hashes",
    .quote_begin = "“",
    .quote_end = "”",
    .colon = ": ",
    .comma = ", ",
    .stop = ".",
    .space = " ",
    .rulings = {"Holds", "Some figures for it", "Does not hold", "Undecided", "Not measured",
                "Withdrawn"},
    .evidences = {"arithmetic", "each model by itself", "models compared"},
    .supports = {"", "for", "against", "open"},
    .absent = "model {} is absent",
    .several_absent = "models {} are absent",
    .short_text = "no text of {} tokens",
    .undecided = "The text is too short, or the differences are too small, to tell.",
    .mixed = "Some figures support it, others do not or are undecided.",
    .unsupported = "No figure supports it; some are undecided.",
    .withdrawn =
        "It compares models that were not trained alike, or whose training was not recorded.",
    .no_recipe = "Preliminary: there is no training record of {}.",
    .other_recipes = "The models' recipes differ in {}.",
    .claims =
        {
            ClaimWords{
                "A Transformer does not see order, except through its positional encoding.",
                "The Transformer is a model without order (how sensitive it is to the order of "
                "its input depends on how positions are modelled).",
                "For each sampled token, the rest of its window is shuffled. Three things stay in "
                "place: "
                "the token that is predicted, the row that predicts it (the mask, or in a causal "
                "model the "
                "last token that is read), and the special tokens at the ends. RoFormer, which has "
                "positions, shows that the experiment can notice order.",
                {"{}, shuffled: largest change of a token's loss", "{}, shuffled"},
                {"Neither of the models without positions sees order.",
                 "True of the encoder only: in a causal model of several layers, the mask itself "
                 "tells "
                 "tokens where they are.",
                 "Both of the models without positions see order."}},
            ClaimWords{
                "Absolute encodings may have trouble with long texts; relative ones handle them.",
                "This way of encoding does well on shorter sequences, but there may be trouble "
                "with long ones, because their length exceeds the range of positions that the "
                "model can handle. ... [Relative encoding:] this way can handle long sequences",
                "The same tokens are predicted from windows of 256 tokens, the training length, "
                "and of 1,024.",
                {"{}: number of positions it has", "{}, 1,024 against 256"},
                {"Absolute encodings have trouble beyond the training length, relative ones none.",
                 "Absolute encodings have that trouble. But it is not enough to be relative: some "
                 "relative "
                 "encodings handle longer texts, others do not.",
                 "Relative encodings do not handle longer texts."}},
            ClaimWords{
                "Rows 128 to 511 of a table trained on 128 tokens have learned nothing.",
                "BERT's longest sentences in training were of 512; if it is trained on sentences "
                "up to a length of 128 alone, the parameters of the positions between 128 and 512 "
                "cannot be obtained",
                "A causal model has 512 position rows but was trained on windows of 128 tokens. It "
                "predicts the same tokens in the same windows at rows 384 to 511 instead of 0 to "
                "127, and "
                "other tokens in windows of 512 instead of 128. The loss without any rows shows "
                "what the "
                "trained rows are worth.",
                {"the same windows at rows 384 to 511", "windows of 512 against 128",
                 "without any rows"},
                {"Untrained rows are looked up like any others, and do harm.",
                 "Some uses of untrained rows do harm, others do not.",
                 "Untrained rows do no harm, though the model does use its trained ones.",
                 "Undecided: the text is too short, or this model uses its rows so little that "
                 "wrong ones "
                 "cannot harm it."}},
            ClaimWords{
                "Absolute encodings may suit short texts better, relative ones long texts.",
                "On shorter sequences and data sets, absolute encoding may be more suitable. On "
                "long sequences and data sets, relative encoding may be more effective.",
                "The same tokens are predicted from windows of 64 and of 256 tokens by two "
                "absolute models (learned, sinusoidal) and three relative ones (RoPE, T5, ALiBi); "
                "the means of both kinds are compared. All were trained on windows of 256.",
                {"relative against absolute, windows of 64",
                 "relative against absolute, windows of 256", "the second less the first",
                 "{} against causal-learned, 64", "{} against causal-learned, 256"},
                {"Each kind is better at its own length.",
                 "It holds at one of these lengths, but not at the other.",
                 "It holds at neither of these lengths."}},
            ClaimWords{
                "In theory, sinusoids extend to longer sequences.",
                "The periodicity of sine and cosine makes the encoding smooth, and in theory it "
                "can be extended to longer sequences.",
                "A row is computed for position 1,000,000. Then the same tokens are predicted from "
                "windows "
                "of 256 tokens, the training length, and of 1,024.",
                {"row 1,000,000 of {}: its length over that of row 0", "{}, 1,024 against 256"},
                {"In theory they do: a row can be computed for any position. How a model copes "
                 "with rows "
                 "that it never saw is another question; the second figure answers it.",
                 "", "Rows of distant positions have another length."}},
            ClaimWords{
                "On very long texts, sinusoids may lack resolution because of their period.",
                "On very long sequences, the resolution of the encoding may be insufficient "
                "(because of the periodicity of sine and cosine).",
                "The rows of 60,000 positions, more than the longest wavelength, are compared in a "
                "table "
                "of 128 dimensions. The distance of two rows depends only on how many positions "
                "they are "
                "apart (see the next claim).",
                {"longest wavelength, in positions", "distance of the first two rows",
                 "distance of the last two rows", "smallest distance of any two rows"},
                {"Some rows far apart are nearer to each other than neighbours.", "",
                 "No two rows are nearer than neighbours, and neighbours are as far apart at the "
                 "end as at "
                 "the beginning. When the slowest pair of dimensions has turned once, the 63 other "
                 "pairs "
                 "are elsewhere."},
                CurveWords{
                    "Distance of two rows by how far apart they are",
                    "Each point is the smallest distance in a range of 5 %. A point below the "
                    "first, which is "
                    "that of neighbours, would be a position that could be mistaken for another.",
                    "positions apart", "distance of the rows"}},
            ClaimWords{
                "Absolute encoding cannot directly capture relative positions.",
                "Absolute encoding looks only at the positions themselves and cannot directly "
                "capture how they lie relative to each other",
                "For the sinusoid, with k up to 512 and p below 4,096: PE(p + k) is compared with "
                "M_k "
                "PE(p), where the matrix M_k is made from k alone, and PE(p) PE(p + k) is compared "
                "with "
                "PE(0) PE(k). Then token vectors x and y of the same length as PE are added, as a "
                "model "
                "does: (x + PE(p)) (y + PE(p + 1)) for all p.",
                {"largest error of PE(p + k) = M_k PE(p)",
                 "largest spread of PE(p) PE(p + k) over p (it is 64 at k = 0)",
                 "largest spread of (x + PE(p)) (y + PE(p + 1)) over p"},
                {"Directly it cannot: once token vectors are added, the score of two tokens "
                 "depends on "
                 "where they are, not on their distance alone. Indirectly it can: one and the same "
                 "linear "
                 "map leads from any position to the one k further on. Whether a model learns to "
                 "use that "
                 "is another question.",
                 "", "The score of two tokens depends on their distance alone."}},
            ClaimWords{
                "Higher dimensions vary faster.",
                "1/10000^(2i/d) controls the frequencies of the dimensions, so that features of "
                "higher dimensions vary faster than those of lower ones.",
                "The angle per position of each of the 64 pairs of dimensions is read from the "
                "table.",
                {"angle per position of the first pair", "angle per position of the last pair",
                 "pairs that turn faster than the pair before"},
                {"Each pair turns faster than the one before.", "",
                 "They vary more slowly: each pair turns more slowly than the one before."},
                CurveWords{"Angle per position by pair",
                           "A falling line means that higher dimensions vary more slowly.", "pair",
                           "angle per position (radians)"}},
            ClaimWords{
                "Positions from 0 to 1 make a step mean different things at different lengths.",
                "The trouble with this is that, if in a shorter text any two characters' encodings "
                "differ by 0.0333, and in some longer text there are two characters that differ by "
                "0.033, too ...",
                "The encoding adds p / (T - 1) times a vector. What one step adds is compared in "
                "texts of "
                "31 and of 91 tokens.",
                {"a step, T = {}", "steps at T = 91 that make one at T = 31",
                 "the same where T is fixed at 256"},
                {"They do if T is the length of the text. With a fixed T, which a causal model "
                 "needs "
                 "anyway, a step always means the same.",
                 "", "A step means the same at any length."}},
            ClaimWords{
                "Token vectors and positions should be of similar size, or one is weakened.",
                "So the scales of both parts should be close to each other, else the information "
                "of one of them is weakened.",
                "The position table of a trained model is made ten times smaller and ten times "
                "larger, "
                "without training again. Also, the lengths of position vectors and of token "
                "vectors after "
                "training are compared; similar means that neither is three times the other.",
                {"{}, table x 0.1", "{}, table x 10",
                 "{}: length of position vectors over that of token vectors"},
                {"A trained model gets worse if one of them is made ten times too small, and after "
                 "training "
                 "they are of similar size.",
                 "It depends on the model: one that hardly uses its positions loses nothing when "
                 "they become ten times smaller. And training need not make both similar in size.",
                 "Sizes do not matter here."}},
            ClaimWords{
                "RoPE brings in absolute positions by rotating vectors by multiples of a unit "
                "angle.",
                "absolute positions are brought in by rotating the original vector by some number "
                "of unit angles",
                "The angles of a head's first pair at positions 1 and 5 are compared. All "
                "positions of a "
                "trained model are shifted. And the inner product of two fixed vectors, rotated at "
                "p + 2 "
                "and at p, is compared over 1,024 positions p.",
                {"shifted by {}: largest change of a token's loss",
                 "largest spread of the inner product",
                 "angle at position 5 over that at position 1"},
                {"It does, and in an inner product only the distance is left of them: where a text "
                 "begins "
                 "makes no difference to the model. (It does not follow that it can read longer "
                 "texts: see "
                 "the second claim.)",
                 "The angle is a multiple of a unit, but an inner product depends on more than the "
                 "distance.",
                 "The model notices where a text begins."}},
            ClaimWords{"The code of an article doubles the exponent of its formula.",
                       "(its formula has 10000^(2i/d) for the pair 2i, 2i + 1; its code counts "
                       "columns, not pairs)",
                       "This is a defect, not a claim. Pairs that hardly turn say nothing about "
                       "positions. They "
                       "are counted in the table of the formula and in the table of the code. What "
                       "the defect "
                       "costs a model is measured if there are two models that were trained alike.",
                       {"doubled against right exponent",
                        "right: pairs of {} that turn by less than 0.001 in 256 positions",
                        "doubled: pairs of {} that turn by less than 0.001 in 256 positions"},
                       {"More pairs hardly turn within a window than in the formula's table.", "",
                        "As many pairs turn as in the formula's table."}},
        },
};

}  // namespace

const Words& english_words() { return english; }

}  // namespace locus::cli::claims
