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
        "are exact but for rounding. A sentence holds if every figure that bears on it is for it, "
        "and in part if some are; it is withdrawn where the models cannot answer it, whatever "
        "their figures are. The models are small, and one was trained of each kind: another "
        "seed, size or text may say something else.",
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
    .verdict = "verdict",
    .figure = "figure",
    .value = "value [95 %]",
    .says = "speaks",
    .numbers = "Numbers",
    .settings = "Settings and hashes",
    .colon = ": ",
    .comma = ", ",
    .stop = ".",
    .space = " ",
    .rulings = {"holds", "holds in part", "does not hold", "undecided", "not measured",
                "withdrawn"},
    .supports = {"", "for", "against", "open"},
    .absent = "model {} is absent",
    .several_absent = "models {} are absent",
    .short_text = "no text of {} tokens",
    .undecided = "The text is too short, or the differences are too small, to tell.",
    .mixed = "Some figures are for it, others are against it or open.",
    .unsupported = "No figure is for it; some are open.",
    .claims =
        {
            ClaimWords{
                "Without positions, attention does not see order.",
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
                "Absolute encodings fail beyond their range; relative ones handle long texts.",
                "The same tokens are predicted from windows of 256 tokens, the training length, "
                "and of 1,024.",
                {"{}: positions that it has at most", "{}, 1,024 against 256"},
                {"Every absolute encoding fails beyond the training length, no relative one does.",
                 "To be absolute or relative does not decide it: some encodings do as the "
                 "sentence says, others do not.",
                 "No encoding does as the sentence says."}},
            ClaimWords{
                "Positions that were never trained (rows 128 to 511 of 512) cannot be used.",
                "A BERT with 512 position rows, trained on windows of 128 tokens, predicts the "
                "same masked tokens in the same windows at rows 384 to 511 instead of 0 to 127, "
                "and in windows of 512. What it loses without any rows says what they were worth.",
                {"the same windows at rows 384 to 511", "windows of 512 against 128",
                 "without any rows"},
                {"Such rows are looked up like any others, and do harm.",
                 "Some uses of such rows do harm and others do not.",
                 "Such rows do no harm, to a model that does use those that were trained.",
                 "The text is too short to tell, or this model makes so little of its rows that "
                 "others in their place cannot harm it."},
                {},
                "The model stayed on the plateau of the tokens' frequencies for its whole training "
                "and "
                "makes next to nothing of any row, so it cannot tell what untrained ones cost."},
            ClaimWords{
                "Short texts suit absolute encodings, long texts relative ones.",
                "The same tokens are predicted from windows of 64 and of 256 tokens by two "
                "absolute models (learned, sinusoidal) and three relative ones (RoPE, T5, ALiBi); "
                "the means of both kinds are compared. All were trained on windows of 256.",
                {"relative against absolute, windows of 64",
                 "relative against absolute, windows of 256", "the second less the first",
                 "{} against causal-learned, 64", "{} against causal-learned, 256"},
                {"Each kind is better at its own length.",
                 "One half of the sentence is true at these lengths.",
                 "Neither half is true at these lengths."},
                {},
                "The sinusoidal model was trained at half the peak learning rate of the others "
                "(0.0015 instead of 0.003), and both means of absolute models contain it."},
            ClaimWords{
                "Sinusoids extend to any length.",
                "A row is computed for position 1,000,000; and the same tokens are predicted from "
                "windows of 256 tokens, the training length, and of 1,024.",
                {"row 1,000,000 of {}: its length over that of row 0", "{}, 1,024 against 256"},
                {"Rows can be computed for any position, and the model makes use of them.",
                 "Rows can be computed for any position, but a model does not know what to make "
                 "of those that it never saw.",
                 "Rows of far positions are of no use."}},
            ClaimWords{
                "Sinusoids lose resolution on long texts through their period.",
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
                "A sinusoid cannot express relative positions.",
                "PE(p + k) is compared with M_k PE(p), where the matrix M_k is made from k alone, "
                "and PE(p) PE(p + k) with PE(0) PE(k), for k to 512 and p below 4,096.",
                {"largest error of PE(p + k) = M_k PE(p)",
                 "largest spread of PE(p) PE(p + k) over p (it is 64 at k = 0)"},
                {"No linear map leads from a position to another.", "",
                 "One linear map leads k further from wherever it starts, and inner products "
                 "depend on the distance alone. Whether a model learns to use that is another "
                 "question."}},
            ClaimWords{
                "Higher dimensions vary faster.",
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
                "What one step adds, p / (T - 1) along a vector, in texts of 31 and of 91 tokens.",
                {"a step, T = {}", "steps at T = 91 that make one at T = 31",
                 "the same where T is fixed at 256"},
                {"It does where T is the length of the text. A fixed T, which a causal model needs "
                 "anyway, gives a step one meaning.",
                 "", "A step means the same at any length."}},
            ClaimWords{
                "Token vectors and positions must be of like size, or one drowns the other.",
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
                "RoPE needs only an inner product that depends on the distance.",
                "All positions of a trained model are shifted; and the inner product of two fixed "
                "vectors, rotated at p + 2 and at p, is compared over 1,024 positions.",
                {"shifted by {}: largest change of a token's loss",
                 "largest spread of the inner product"},
                {"To the model, where a text begins is all the same. (It does not follow that it "
                 "can read longer texts: see the second claim.)",
                 "", "The model notices where a text begins."}},
            ClaimWords{"The doubled exponent does no harm.",
                       "Two models, one with the exponent 2k/d and one with 4k/d, as code "
                       "that counts columns instead of pairs has it.",
                       {"doubled against right exponent",
                        "right: pairs of {} that turn by less than 0.001 in 256 positions",
                        "doubled: pairs of {} that turn by less than 0.001 in 256 positions"},
                       {"A model of this size and length does as well with fewer pairs that turn.",
                        "", "It costs something."},
                       {},
                       "The model with the right exponent was trained at half the peak learning "
                       "rate of the other "
                       "(0.0015 instead of 0.003). Trained again at 0.003 up to step 500, the "
                       "right exponent is ahead "
                       "(4.636 against 4.672 nats per token on the validation text)."},
        },
};

}  // namespace

const Words& english_words() { return english; }

}  // namespace locus::cli::claims
