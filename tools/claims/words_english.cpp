#include "tools/claims/words.hpp"

namespace locus::cli::claims {
namespace {

constexpr Words english{
    .language = "en",
    .title = "The claims, measured",
    .introduction =
        "Sentences that four Chinese articles on positional encoding state, and what becomes of "
        "them when they are measured on the shipped models and text.",
    .conventions =
        "Differences are of loss, in nats per token, on the same tokens in pairs, with 95 % "
        "bootstrap intervals over documents (blocks of them where they are fewer than 12); below 0 "
        "the first of the two is better. A difference counts by a sign-flip test with Holm's "
        "correction over the figures of a sentence; one within 0.005 is none. A change of a single "
        "token's loss below 0.0001 is rounding. All other figures "
        "are exact but for rounding. A sentence holds if every figure that bears on it is for it. "
        "Arithmetic asks no model: it is true of the formula, whatever a model makes of it. Where "
        "models are held against each other, nothing is concluded unless they were trained alike. "
        "The models are small, and one was trained of each kind: another seed, size or text may "
        "say something else.",
    .text =
        "{documents} documents of {bytes} bytes; {sample} tokens are sampled where each needs "
        "a window of its own; seed {seed}.",
    .generated =
        "Written by `tools/claims/run` (`locus-claims --markdown docs/claims.md`). Whoever "
        "edits it by hand loses the edit.",
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
    .says = "speaks",
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
    .evidences = {"arithmetic", "each model by itself", "models against each other"},
    .supports = {"", "for", "against", "open"},
    .absent = "model {} is absent",
    .several_absent = "models {} are absent",
    .short_text = "no text of {} tokens",
    .undecided = "The text is too short, or the differences are too small, to tell.",
    .mixed = "Some figures are for it, others are against it or open.",
    .unsupported = "No figure is for it; some are open.",
    .withdrawn =
        "It holds models against each other that were not trained alike, or of which "
        "nobody knows whether they were.",
    .no_recipe = "Preliminary: there is no record of how {} came about.",
    .other_recipes = "The models' recipes differ in {}.",
    .claims =
        {
            ClaimWords{
                "A Transformer is without order but for what it is told of positions.",
                "The Transformer is a model without order (how sensitive it is to the order of "
                "its input depends on how positions are modelled).",
                "At sampled tokens the rest of the window is shuffled: all but the token that is "
                "predicted, the row that predicts it (the mask; in a causal model the last token "
                "that is read) and the special tokens at the ends. RoFormer, which has positions, "
                "shows that the experiment would notice.",
                {"{}, shuffled: largest change of a token's loss", "{}, shuffled"},
                {"Neither model without positions sees the order of what it reads.",
                 "It is true of the encoder alone: a causal mask, through several layers, tells "
                 "tokens where they stand.",
                 "Both models see order."}},
            ClaimWords{
                "Absolute encodings may have trouble with long texts; relative ones handle them.",
                "This way of encoding does well on shorter sequences, but there may be trouble "
                "with long ones, because their length exceeds the range of positions that the "
                "model can handle. ... [Relative encoding:] this way can handle long sequences",
                "The same tokens are predicted from windows of 256 tokens, the training length, "
                "and of 1,024.",
                {"{}: positions that it has at most", "{}, 1,024 against 256"},
                {"Absolute encodings have trouble beyond the training length, relative ones none.",
                 "Absolute encodings have that trouble; but to be relative is not enough: some "
                 "such "
                 "encodings handle longer texts, others do not.",
                 "Relative encodings do not handle longer texts."}},
            ClaimWords{
                "Rows 128 to 511 of a table trained on 128 tokens have learned nothing.",
                "BERT's longest sentences in training were of 512; if it is trained on sentences "
                "up to a length of 128 alone, the parameters of the positions between 128 and 512 "
                "cannot be had",
                "A causal model with 512 position rows, trained on windows of 128 tokens, predicts "
                "the same tokens in the same windows at rows 384 to 511 instead of 0 to 127, and "
                "others in windows of 512 instead of 128. What it loses without any rows says what "
                "they were worth.",
                {"the same windows at rows 384 to 511", "windows of 512 against 128",
                 "without any rows"},
                {"Such rows are looked up like any others, and do harm.",
                 "Some uses of such rows do harm and others do not.",
                 "Such rows do no harm, to a model that does use those that were trained.",
                 "The text is too short to tell, or this model makes so little of its rows that "
                 "others in their place cannot harm it."}},
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
                 "What may be is found at one of these lengths, and not at the other.",
                 "Neither is found at these lengths."}},
            ClaimWords{
                "In theory, sinusoids extend to longer sequences.",
                "The periodicity of sine and cosine makes the encoding smooth, and in theory it "
                "can be extended to longer sequences.",
                "A row is computed for position 1,000,000; and the same tokens are predicted from "
                "windows of 256 tokens, the training length, and of 1,024.",
                {"row 1,000,000 of {}: its length over that of row 0", "{}, 1,024 against 256"},
                {"In theory they do: a row can be computed for any position. What a model makes of "
                 "rows that it never saw is another question, which the second figure answers.",
                 "", "Rows of far positions are no longer of the same size."}},
            ClaimWords{
                "On very long texts, sinusoids may lack resolution because of their period.",
                "On very long sequences, the resolution of the encoding may be insufficient "
                "(because of the periodicity of sine and cosine).",
                "In the table of 128 dimensions, distances of the rows of 60,000 positions, more "
                "than the longest wavelength; the distance of two rows depends on how far apart "
                "they are alone (the next claim).",
                {"longest wavelength, in positions", "distance of the first two rows",
                 "distance of the last two rows", "least distance of any two rows"},
                {"Rows far apart come nearer to each other than neighbours are.", "",
                 "No two rows are nearer than neighbours, which are as far from each other at the "
                 "end as at the beginning: when the slowest pair comes round, 63 others are "
                 "elsewhere."},
                CurveWords{
                    "Distance of two rows by how far apart they are",
                    "Each point is the least distance in a range of 5 %: one below the first, that "
                    "of neighbours, would be a position that could be taken for another.",
                    "positions apart", "distance of the rows"}},
            ClaimWords{
                "Absolute encoding cannot directly capture relative positions.",
                "Absolute encoding looks at positions themselves alone and cannot directly capture "
                "how they lie to each other",
                "Of the sinusoid: PE(p + k) is compared with M_k PE(p), where the matrix M_k is "
                "made from k alone, and PE(p) PE(p + k) with PE(0) PE(k), for k to 512 and p below "
                "4,096. Then token vectors x and y of the size of PE are added, as a model does: "
                "(x + PE(p)) (y + PE(p + 1)) for all p.",
                {"largest error of PE(p + k) = M_k PE(p)",
                 "largest spread of PE(p) PE(p + k) over p (it is 64 at k = 0)",
                 "largest spread of (x + PE(p)) (y + PE(p + 1)) over p"},
                {"Directly it cannot: once token vectors are added, the score of two tokens "
                 "depends on where they stand, not on their distance alone. Indirectly it can: one "
                 "linear map leads k further from wherever it starts. Whether a model learns to "
                 "use that is another question.",
                 "", "The score of two tokens depends on their distance alone."}},
            ClaimWords{
                "Higher dimensions vary faster.",
                "1/10000^(2i/d) controls the frequencies of the dimensions, so that features of "
                "higher dimensions vary faster than those of lower ones.",
                "Angles per position of the 64 pairs of dimensions, read from the table.",
                {"angle per position of the first pair", "angle per position of the last pair",
                 "pairs that turn faster than the pair before"},
                {"Each pair turns faster than the one before.", "",
                 "They vary more slowly: each pair turns more slowly than the one before."},
                CurveWords{"Angle per position by pair",
                           "A line that falls belongs to a table whose higher dimensions vary more "
                           "slowly.",
                           "pair", "angle per position (radians)"}},
            ClaimWords{
                "Positions from 0 to 1 make a step mean different things at different lengths.",
                "The trouble with this is that, if in a shorter text any two characters' encodings "
                "differ by 0.0333, and in some longer text there are two characters that differ by "
                "0.033, too ...",
                "What one step adds, p / (T - 1) along a vector, in texts of 31 and of 91 tokens.",
                {"a step, T = {}", "steps at T = 91 that make one at T = 31",
                 "the same where T is fixed at 256"},
                {"It does where T is the length of the text. A fixed T, which a causal model needs "
                 "anyway, gives a step one meaning.",
                 "", "A step means the same at any length."}},
            ClaimWords{
                "Token vectors and positions should be of like size, or one is weakened.",
                "So the scales of both parts should be close to each other, else the information "
                "of one of them is weakened.",
                "The table of a trained model is made ten times smaller and larger, and nothing is "
                "trained again. And lengths of position vectors are held against those of token "
                "vectors as training left them, like meaning that neither is three times the "
                "other; one of the models was free to choose the proportion.",
                {"{}, table x 0.1", "{}, table x 10",
                 "{}: length of position vectors over that of token vectors"},
                {"A trained model loses where one of them is made ten times too small, and "
                 "training left them of like size.",
                 "A trained model loses where one of them is made ten times too small; but it does "
                 "not follow that training makes them of like size, or must.",
                 "Sizes do not matter here."}},
            ClaimWords{
                "RoPE brings in absolute positions by turning vectors by units of an angle.",
                "absolute positions are brought in by rotating the original vector by some number "
                "of unit angles",
                "The first pair of a head is turned at positions 1 and 5. All positions of a "
                "trained model are shifted; and the inner product of two fixed vectors, rotated at "
                "p + 2 and at p, is compared over 1,024 positions.",
                {"shifted by {}: largest change of a token's loss",
                 "largest spread of the inner product",
                 "angle at position 5 over that at position 1"},
                {"It does, and what is left of them in an inner product is the distance alone: to "
                 "the model, where a text begins is all the same. (It does not follow that it can "
                 "read longer texts: see the second claim.)",
                 "The angle is one of units, but more than the distance is left of it.",
                 "The model notices where a text begins."}},
            ClaimWords{"The code of an article doubles the exponent of its formula.",
                       "(its formula has 10000^(2i/d) for the pair 2i, 2i + 1; its code counts "
                       "columns, not pairs)",
                       "A defect, not a claim. Pairs that hardly turn say nothing of positions: "
                       "they are counted in the table of the formula and in that of the code. What "
                       "it costs a model is measured where two that were trained alike are there.",
                       {"doubled against right exponent",
                        "right: pairs of {} that turn by less than 0.001 in 256 positions",
                        "doubled: pairs of {} that turn by less than 0.001 in 256 positions"},
                       {"More pairs hardly turn within a window.", "",
                        "As many pairs turn as by the formula."}},
        },
};

}  // namespace

const Words& english_words() { return english; }

}  // namespace locus::cli::claims
