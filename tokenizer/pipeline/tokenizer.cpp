#include "tokenizer/tokenizer.hpp"

#include "base/error.hpp"
#include "tokenizer/folder/folder.hpp"
#include "tokenizer/pipeline/assembling.hpp"
#include "tokenizer/pipeline/pipeline.hpp"
#include "tokenizer/text/byte_spelling.hpp"

namespace locus {
namespace {

using tokenization::Input;
using tokenization::Pipeline;

EncodedText encode_inputs(const Pipeline& pipeline, std::vector<Input> inputs,
                          const EncodeOptions& options) {
  Watch watch(options.check);
  for (Input& input : inputs) {
    input.tokens = pipeline.tokenize(input.text, watch);
    trim_offsets(pipeline, input, watch);
  }
  return assemble(pipeline, std::move(inputs), options, watch);
}

}  // namespace

std::shared_ptr<const Tokenizer> Tokenizer::open(const std::filesystem::path& path,
                                                 std::string_view language,
                                                 const std::function<void()>& check) {
  return std::make_shared<Tokenizer>(
      tokenization::open_pipeline(path, tokenization::source_side, language, check));
}

std::shared_ptr<const Tokenizer> Tokenizer::open_target(const std::filesystem::path& path,
                                                        std::string_view language,
                                                        const std::function<void()>& check) {
  return std::make_shared<Tokenizer>(
      tokenization::open_pipeline(path, tokenization::target_side, language, check));
}

void Tokenizer::convert(const std::filesystem::path& source, const std::filesystem::path& target) {
  tokenization::convert_tokenizer(source, target);
}

Tokenizer::Tokenizer(std::unique_ptr<const Pipeline> pipeline) : pipeline_(std::move(pipeline)) {}
Tokenizer::~Tokenizer() = default;

EncodedText Tokenizer::encode(std::string_view text, const EncodeOptions& options) const {
  return encode_inputs(*pipeline_, {{text, {}}}, options);
}

EncodedText Tokenizer::encode_pair(std::string_view first, std::string_view second,
                                   const EncodeOptions& options) const {
  return encode_inputs(*pipeline_, {{first, {}}, {second, {}}}, options);
}

std::vector<int32_t> Tokenizer::encode_ids(std::string_view text,
                                           const EncodeOptions& options) const {
  using Kind = tokenization::TemplateItem::Kind;
  Watch watch(options.check);
  std::vector<int32_t> tokens = pipeline_->ids(text, watch);
  const auto& processing = pipeline_->post_processing;
  keep(*pipeline_, tokens, kept_tokens({tokens.size(), 0}, processing, false, options).first);
  if (!options.special) return tokens;
  const auto& arrangement = processing.arrangement.single;
  std::vector<int32_t> ids;
  ids.reserve(tokens.size() + arrangement.size());
  for (const auto& item : arrangement) {
    if (item.kind == Kind::special) {
      if (!tokenization::is_there(item, tokens)) ids.push_back(item.id);
    } else {
      ids.insert(ids.end(), tokens.begin(), tokens.end());
    }
  }
  return ids;
}

std::string Tokenizer::decode(std::span<const int32_t> ids, const DecodeOptions& options) const {
  return pipeline_->clean(pipeline_->join(ids, options), options.check);
}

std::string Tokenizer::token(int32_t id) const {
  if (id < 0 || id >= size()) {
    throw Error("token id", "0 to " + std::to_string(size() - 1), std::to_string(id));
  }
  return std::string(pipeline_->token(id));
}

std::optional<int32_t> Tokenizer::id(std::string_view token) const { return pipeline_->id(token); }

int64_t Tokenizer::size() const { return pipeline_->size(); }

const SpecialIds& Tokenizer::special_ids() const { return pipeline_->special_ids; }

bool Tokenizer::gives_type_ids() const { return pipeline_->gives_types; }

bool Tokenizer::is_special(int32_t id) const {
  const auto* token = pipeline_->added.find(id);
  return token && token->special;
}

std::optional<int32_t> Tokenizer::sentinel(int64_t n) const {
  return pipeline_->id("<extra_id_" + std::to_string(n) + ">");
}

bool Tokenizer::starts_word(int32_t id) const {
  if (pipeline_->added.find(id)) return true;
  const std::string spelling = token(id);
  if (kind() == "WordPiece") return !spelling.starts_with("##");
  if (kind() == "byte-level BPE") {
    const auto bytes = tokenization::spelled_bytes(spelling);
    return bytes && !bytes->empty() && (bytes->front() == ' ' || bytes->front() == '\n');
  }
  if (kind() == "bytes") return spelling == " " || spelling == "\n";
  return spelling.starts_with("\u2581");
}

bool Tokenizer::ends_word(int32_t id) const {
  return !pipeline_->word_end.empty() && token(id).ends_with(pipeline_->word_end);
}

bool Tokenizer::round_trips(std::string_view text) const {
  return decode(encode_ids(text, {.special = false, .max_length = {}})) == text;
}

const std::vector<std::string>& Tokenizer::unread_keys() const { return pipeline_->unread_keys; }

std::string Tokenizer::kind() const { return pipeline_->model->kind(); }

std::string Tokenizer::description() const {
  return kind() + ", " + std::to_string(size()) + " tokens";
}

}  // namespace locus
