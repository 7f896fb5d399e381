// Readers of what stands beside a model: rules of vectors and chats, records of training, texts.
#include <array>
#include <memory>
#include <vector>

#include "pipelines/document_stream.hpp"
#include "pipelines/sentence/sentence_rules.hpp"
#include "pipelines/template/chat_template.hpp"
#include "pipelines/tokenizers.hpp"
#include "pipelines/training.hpp"
#include "pipelines/unread_keys.hpp"
#include "tests/fuzz/target.hpp"

namespace locus::fuzz {
namespace {

void chat_template(std::string_view bytes) {
  const pipelines::ChatTemplate chat("chat", std::string(bytes));
  const nlohmann::json query = {{"role", "query"}, {"content", " how far\u00a0"}};
  const nlohmann::json document = {{"role", "document"}, {"content", "the  word\n"}};
  chat.render({{"messages", {query, document}}, {"eos_token", "</s>"}, {"tools", nullptr}});
}

void training(std::string_view bytes) {
  const Training record = parse_training("training.json", bytes);
  record.vocabulary();
  Training other = record;
  other.recipe.clear();
  recipe_differences({{"a", &record}, {"b", &other}});
}

constexpr const char* sentence_files[] = {"modules.json",
                                          "1_Pooling/config.json",
                                          "2_Dense/config.json",
                                          "config_sentence_transformers.json",
                                          "sentence_bert_config.json",
                                          "tokenizer_config.json",
                                          "chat_template.jinja"};

/// A 2 x 3 matrix and its bias, as safetensors.
std::string dense_weights() {
  std::string header = R"({"linear.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                       R"("linear.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}})";
  std::string size(8, '\0');
  size[0] = static_cast<char>(header.size());
  return size + header + std::string(32, '\0');
}

// The files of a folder one after the other, each up to a zero byte; those that are missing are
// empty and so absent.
void sentences(std::string_view bytes) {
  for (const char* name : sentence_files) {
    const std::string_view file = bytes.substr(0, bytes.find('\0'));
    bytes.remove_prefix(std::min(bytes.size(), file.size() + 1));
    const auto path = scratch() / ("sentences/" + std::string(name));
    std::filesystem::remove(path);
    if (!file.empty()) scratch().write("sentences/" + std::string(name), file);
  }
  scratch().write("sentences/2_Dense/model.safetensors", dense_weights());
  const auto rules = pipelines::read_sentence_rules(scratch() / "sentences");
  unread_sentence_keys(scratch() / "sentences");
  std::vector<float> vector{1, 2, 3};
  for (const auto& module : rules.modules) vector = module(vector);
}

// Plain, or JSON lines where the first byte is odd; compressed where the rest says so.
void documents(std::string_view bytes) {
  const std::string field = !bytes.empty() && bytes[0] % 2 != 0 ? "text" : "";
  bytes.remove_prefix(std::min<size_t>(bytes.size(), 1));
  const OpenBytes open = [bytes](const std::filesystem::path&) -> ReadBytes {
    return [rest = bytes](size_t count) mutable {
      const std::string part(rest.substr(0, count));
      rest.remove_prefix(part.size());
      return part;
    };
  };
  const auto stream = stream_documents({"texts"}, "\\n\\n", open, field)();
  while (stream->next()) {
    while (!stream->read(1000).empty()) {
    }
    stream->name();
  }
}

void locus_tokenizer(std::string_view bytes) {
  tokenizer_folder(scratch().write("named/locus.json", bytes));
}

constexpr std::array pipeline_rows{Target{"chat_template", chat_template},
                                   Target{"training", training}, Target{"sentences", sentences},
                                   Target{"documents", documents},
                                   Target{"locus_tokenizer", locus_tokenizer}};

}  // namespace

std::span<const Target> pipeline_targets() { return pipeline_rows; }

}  // namespace locus::fuzz
