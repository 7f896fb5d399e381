// SentencePiece models of the T5 and Llama classes.
#include "tokenizer/folder/sentencepiece_conversion.hpp"

namespace locus::tokenization {
namespace {

// The reference converts again when the prefix space is set explicitly.
bool sets_prefix_space(const Settings& settings) { return settings.has("add_prefix_space"); }

Json llama_decoder(bool prefix_space) {
  Json steps = {{{"type", "Replace"}, {"pattern", {{"String", space_mark}}}, {"content", " "}},
                {{"type", "ByteFallback"}},
                {{"type", "Fuse"}}};
  if (prefix_space) {
    steps.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
  }
  return {{"type", "Sequence"}, {"decoders", steps}};
}

Json llama_normalizer(bool prefix_space) {
  Json steps = Json::array();
  if (prefix_space) steps.push_back({{"type", "Prepend"}, {"prepend", space_mark}});
  steps.push_back({{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", space_mark}});
  return {{"type", "Sequence"}, {"normalizers", steps}};
}

Json read_t5_file(const Source& source) {
  Conversion conversion(source);
  conversion.add_pieces(0);
  const int64_t sentinels = source.settings.count("extra_ids", 100);
  for (int64_t i = sentinels - 1; i >= 0; --i) {
    conversion.add("<extra_id_" + std::to_string(i) + ">", 0);
  }
  Json document = default_document(conversion, prefix_scheme(source.settings));
  document["post_processor"] =
      template_processing({{"A", 0}, {"</s>", 0}}, {{"A", 0}, {"</s>", 0}, {"B", 0}, {"</s>", 0}});
  return document;
}

// The class itself arranges bos and eos.
Json read_llama_file(const Source& source) {
  Conversion conversion(source);
  conversion.unknown_id = 0;
  conversion.byte_fallback = true;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, conversion.model.pieces.size()); ++i) {
    conversion.add(conversion.model.pieces[i].text, 0);
  }
  conversion.add_pieces(3);
  const Settings& settings = source.settings;
  const bool prefix_space = settings.flag("add_prefix_space", true);
  Json document = empty_document();
  document["model"] = model_of(conversion);
  if (settings.flag("legacy", true)) {
    document["normalizer"] = llama_normalizer(prefix_space);
  } else {
    document["pre_tokenizer"] = metaspace(prefix_scheme(settings), false);
  }
  document["decoder"] = llama_decoder(prefix_space);
  add_control_pieces(conversion, document);
  return document;
}

}  // namespace

const OlderFiles t5_file{has_sentencepiece_file, read_t5_file, sets_prefix_space};
const OlderFiles llama_file{has_sentencepiece_file, read_llama_file, sets_prefix_space};

}  // namespace locus::tokenization
