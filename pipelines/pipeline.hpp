// From text to an answer: a model, its tokenizer and the rules of its folder.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/session.hpp"
#include "../evaluation/score_stream.hpp"
#include "../models/answer.hpp"
#include "../models/model.hpp"
#include "../models/tag.hpp"
#include "../tokenizer/tokenizer.hpp"
#include "document_stream.hpp"
#include "evaluate_options.hpp"
#include "generate_options.hpp"
#include "model_input.hpp"
#include "results.hpp"

namespace locus {

namespace pipelines {
struct State;
}

struct PipelineOptions {
  int threads = 0;  ///< 0: the machine's physical cores
  Precision precision = Precision::f32;
  std::string encoding = {};         ///< a scheme to swap in, as `rope:base=1000+alibi`
  std::vector<Scheme> schemes = {};  ///< the program's own, which `encoding` may name
  int64_t capacity = 0;  ///< positions that tables are built for; 0: the model's context
  /// Progress of opening; may end it. See `ModelOptions::progress`.
  LoadProgress progress = {};
};

/// How texts become vectors. What is not set here, the folder's files decide.
struct EmbedOptions {
  std::optional<Pooling> pooling = {};     ///< in the place of the folder's modules
  bool normalize = false;                  ///< to length 1, after everything else
  std::optional<std::string> prompt = {};  ///< the name of one of the folder's, or a text
  /// Keeps so many first values of each vector: at most its width, and not for vectors of tokens.
  std::optional<int64_t> dimension = {};
  std::optional<std::string> prompt_text = {};  ///< in the place of `prompt`: always a text
};

/// Opens a model's folder and does what its files say. One pipeline makes one call at a time; any
/// number of pipelines share a model, one for each thread. `cancel` alone may be called from any
/// thread. Failures are an Error; so is a task that the model's head is not made for, a call while
/// another has not ended (of another thread, or of the callback that makes it), and any of a
/// pipeline that was moved from.
class Pipeline {
 public:
  /// `model`: a folder, a locus.json file, or the name of a model that `find_model` finds.
  static Pipeline open(const std::string& model, const PipelineOptions& options = {});
  /// `model`: not null. `folder`: where the rules of a sentence-transformers folder lie, if not
  /// beside the model.
  explicit Pipeline(std::shared_ptr<const Model> model, int threads = 0,
                    std::filesystem::path folder = {});
  /// Another one for another thread: of the same model, tokenizer and rules.
  Pipeline share(int threads = 0);
  ~Pipeline();
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;

  const Model& model() const;
  /// Opened when it is first needed, which `cancel` ends, and what `check` throws, called every few
  /// milliseconds.
  const Tokenizer& tokenizer(const std::function<void()>& check = {});
  Session& session();
  /// A warning if a text so far was longer than the model's context, else nothing. Where the
  /// encoding has no limit of its own, such a text is read, as the reference reads it, by a model
  /// that was not trained for it.
  std::optional<std::string> length_warning() const;
  /// Keys of the folder's files that Locus does not use, of the files read so far: the tokenizer's
  /// and those of sentence-transformers are among them once a task has needed them.
  std::vector<UnreadKey> unread_keys() const;

  /// What stands in the gaps of a text, each with the others left open.
  std::vector<MaskCandidates> fill_mask(std::string_view text, int64_t top = 5);
  std::vector<MaskCandidates> fill_mask(const ModelInput& input, int64_t top = 5);

  /// Texts as vectors: pooling, lower case, greatest length and norm are the folder's.
  Embedding embed(std::string_view text, const EmbedOptions& options = {});
  Embeddings embed(std::span<const std::string> texts, const EmbedOptions& options = {});
  Embeddings embed(const ModelInput& input, const EmbedOptions& options = {});
  Embeddings embed(std::span<const ModelInput> inputs, const EmbedOptions& options = {});

  /// How well documents answer a query, the best first, by a CrossEncoder: a model of one class
  /// that reads both as a pair (Nogueira and Cho 2019). The folder's activation makes the score.
  std::vector<RankedDocument> rerank(std::string_view query,
                                     std::span<const std::string> documents);

  /// The classes of a text, of a pair or of another input, best first.
  std::vector<LabelScore> classify(std::string_view text, std::string_view pair = {});
  std::vector<LabelScore> classify(const ModelInput& input);
  /// Several continuations of a text, the likeliest first.
  std::vector<LabelScore> choose(std::string_view text, std::span<const std::string> choices);

  /// Named entities, or whatever the labels stand for, in the order of the text.
  std::vector<TaggedText> tag(std::string_view text, Aggregation aggregation = Aggregation::simple);
  /// Which tokens do not belong into a text (ELECTRA's discriminator).
  std::vector<ReplacedToken> find_replaced(std::string_view text);

  /// Where the context answers the question, best first.
  TextAnswers answer(std::string_view question, std::string_view context,
                     AnswerSettings settings = {});

  /// Continues a prompt, or translates it; the best result. A run that is cancelled returns what
  /// there is.
  GeneratedText generate(std::string_view prompt, const GenerateOptions& options = {});
  GeneratedTexts generate(std::span<const std::string> prompts,
                          const GenerateOptions& options = {});
  /// Continues ids as they are; a folder without tokenizer then has no text.
  GeneratedTexts generate(std::span<const std::vector<int32_t>> prompts,
                          const GenerateOptions& options = {});

  /// Perplexity, with every token's score.
  Evaluation evaluate(std::string_view text, const EvaluateOptions& options = {});
  Evaluation evaluate(std::vector<Document> documents, const EvaluateOptions& options = {});
  /// Of documents that are streamed, for any task but of targets given sources: the figures are
  /// those of the same documents in memory, which `documents`, `texts` and `scores` do not hold.
  /// Reads them several times. `take`, where it is there, gets every scored token.
  Evaluation evaluate(const OpenDocuments& documents, const EvaluateOptions& options = {},
                      const TakeScore& take = {});
  /// Of texts that are ids.
  Evaluation evaluate(std::vector<Text> texts, const EvaluateOptions& options = {});
  /// Of targets, each given a source.
  Evaluation evaluate(std::span<const Document> sources, std::vector<Document> targets,
                      const EvaluateOptions& options = {});

  /// Ends the present run within milliseconds: it throws an Error whose `cancelled()` is true, or
  /// returns what it has where that is said above. Later runs end at once until `resume`. Both do
  /// nothing to a pipeline that was moved from.
  void cancel() noexcept;
  void resume() noexcept;

 private:
  friend class TextRun;

  pipelines::State& state() const;

  std::unique_ptr<pipelines::State> state_;
};

/// The precision that the CPU computes in: f32 where bf16 was asked for and there are no
/// instructions for it.
Precision used_precision(const Model& model);

}  // namespace locus
