#include "tools/cli/verbs/doctor/doctor.hpp"

namespace locus::cli {
namespace {

constexpr double no_limit = 1e15;  // what transformers writes for "no length was given"

class Contradictions {
 public:
  explicit Contradictions(const Model& model) : model_(model) {}

  void check_graph() {
    if (!model_.graph()->untrained()) return;
    add("weights of the encoding are in no file and begin at random: " +
        listed(model_.graph()->weights_initialised()));
  }

  void check_keys(std::span<const UnreadKey> unread) {
    for (const UnreadKey& each : unread) {
      add(each.key + " of " + std::filesystem::path(each.file).filename().string() +
          " asks for something, and no use is made of it");
    }
  }

  /// A class that fills gaps by what is on both sides, told to see one of them.
  void check_decoder() {
    const Json classes = value_in(model_, "config.json", "architectures");
    const bool fills = classes.dump().find("ForMaskedLM") != std::string::npos;
    if (!fills || model_.spec().task != "causal-lm") return;
    add("is_decoder hides later tokens, and " + listed(classes.get<std::vector<std::string>>()) +
        " fills gaps by them");
  }

  void check_tokenizer(const Tokenizer& tokenizer) {
    const int64_t rows = model_.graph()->vocabulary();
    if (tokenizer.size() > rows) {
      add("the tokenizer has " + grouped(tokenizer.size()) + " tokens, the model rows for " +
          grouped(rows) + " alone");
    }
    if (model_.spec().task == "masked-lm" && !tokenizer.special_ids().mask) {
      add("a model that fills gaps, and a tokenizer without a mask token");
    }
    const SpecialIds& ids = tokenizer.special_ids();
    check_id("bos_token_id", ids.bos ? ids.bos : ids.cls);
    check_id("eos_token_id", ids.eos ? ids.eos : ids.separator);
    check_id("pad_token_id", ids.pad);
  }

  void check_length() {
    const Json length = value_in(model_, "tokenizer_config.json", "model_max_length");
    if (!length.is_number() || length.get<double>() >= no_limit) return;
    const int64_t max = model_.graph()->max_length();
    if (length.get<double>() <= static_cast<double>(max)) return;
    add("model_max_length of tokenizer_config.json is " + significant(length.get<double>(), 12) +
        ", and the encoding represents " + grouped(max) + " positions");
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  void add(std::string sentence) { found_.push_back(std::move(sentence)); }

  void check_id(const std::string& key, std::optional<int32_t> tokenizer) {
    for (const std::string file : {"config.json", "generation_config.json"}) {
      const Json value = value_in(model_, file, key);
      if (!tokenizer || !value.is_number_integer() || value == *tokenizer) continue;
      add(key + " is " + value.dump() + " in " + file + ", and " + std::to_string(*tokenizer) +
          " in the tokenizer");
    }
  }

  const Model& model_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> contradictions_of(const Model& model, const Tokenizer* tokenizer,
                                           std::span<const UnreadKey> unread) {
  Contradictions contradictions(model);
  contradictions.check_graph();
  contradictions.check_keys(unread);
  contradictions.check_decoder();
  if (tokenizer) contradictions.check_tokenizer(*tokenizer);
  contradictions.check_length();
  return contradictions.take();
}

}  // namespace locus::cli
