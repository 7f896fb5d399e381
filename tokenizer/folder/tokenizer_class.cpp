#include "tokenizer/folder/tokenizer_class.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "tokenizer/folder/class_rules.hpp"

namespace locus::tokenization {
namespace {

constexpr SpecialDefaults bert_specials{
    .unknown = "[UNK]", .separator = "[SEP]", .pad = "[PAD]", .cls = "[CLS]", .mask = "[MASK]"};
constexpr SpecialDefaults roberta_specials{.bos = "<s>",
                                           .eos = "</s>",
                                           .unknown = "<unk>",
                                           .separator = "</s>",
                                           .pad = "<pad>",
                                           .cls = "<s>",
                                           .mask = "<mask>"};
constexpr SpecialDefaults mpnet_specials = [] {
  SpecialDefaults specials = roberta_specials;
  specials.unknown = "[UNK]";
  return specials;
}();
constexpr SpecialDefaults gpt_specials{
    .bos = "<|endoftext|>", .eos = "<|endoftext|>", .unknown = "<|endoftext|>"};
constexpr SpecialDefaults llama_specials{.bos = "<s>", .eos = "</s>", .unknown = "<unk>"};
constexpr SpecialDefaults gemma_specials{
    .bos = "<bos>", .eos = "<eos>", .unknown = "<unk>", .pad = "<pad>"};
constexpr SpecialDefaults t5_specials{.eos = "</s>", .unknown = "<unk>", .pad = "<pad>"};
constexpr SpecialDefaults cls_sep_specials{.bos = "[CLS]",
                                           .eos = "[SEP]",
                                           .unknown = "[UNK]",
                                           .separator = "[SEP]",
                                           .pad = "[PAD]",
                                           .cls = "[CLS]",
                                           .mask = "[MASK]"};
constexpr SpecialDefaults albert_specials = [] {
  SpecialDefaults specials = cls_sep_specials;
  specials.unknown = "<unk>";
  specials.pad = "<pad>";
  return specials;
}();
constexpr SpecialDefaults xlnet_specials{.bos = "<s>",
                                         .eos = "</s>",
                                         .unknown = "<unk>",
                                         .separator = "<sep>",
                                         .pad = "<pad>",
                                         .cls = "<cls>",
                                         .mask = "<mask>"};
constexpr SpecialDefaults mbart50_specials{.eos = "</s>",
                                           .unknown = "<unk>",
                                           .separator = "</s>",
                                           .pad = "<pad>",
                                           .cls = "<s>",
                                           .mask = "<mask>"};
constexpr SpecialDefaults pegasus_specials{
    .eos = "</s>", .unknown = "<unk>", .pad = "<pad>", .mask = "<mask_2>"};
constexpr SpecialDefaults marian_specials{.eos = "</s>", .unknown = "<unk>", .pad = "<pad>"};
constexpr SpecialDefaults m2m_100_specials{
    .bos = "<s>", .eos = "</s>", .unknown = "<unk>", .separator = "</s>", .pad = "<pad>"};
constexpr SpecialDefaults qwen2_specials{
    .eos = "<|endoftext|>", .unknown = "<|endoftext|>", .pad = "<|endoftext|>"};
constexpr SpecialDefaults bloom_specials{
    .bos = "<s>", .eos = "</s>", .unknown = "<unk>", .pad = "<pad>"};
constexpr SpecialDefaults gpt1_specials{.unknown = "<unk>"};

constexpr SpecialDefaults esm_specials{
    .eos = "<eos>", .unknown = "<unk>", .pad = "<pad>", .cls = "<cls>", .mask = "<mask>"};

constexpr SpecialFlags plain{};
constexpr SpecialFlags normalized_ends{.normalized = true, .leaves_others = true};
constexpr SpecialFlags spaced_mask{.mask_takes_space = true};
constexpr SpecialFlags spaced_normalized_mask{.mask_takes_space = true, .mask_normalized = true};
constexpr SpecialFlags normalized_and_spaced_mask{.normalized = true, .mask_takes_space = true};
constexpr SpecialFlags all_normalized{
    .normalized = true, .mask_takes_space = true, .mask_normalized = true};

constexpr SpecialFlags normalized_unknown{.unknown_normalized = true};

constexpr TokenizerClass giving_types(TokenizerClass type, GivesTypes gives = GivesTypes::always) {
  type.gives_types = gives;
  return type;
}

constexpr TokenizerClass adjusting_version_5(TokenizerClass type) {
  type.adjusts_version_5 = true;
  return type;
}

constexpr TokenizerClass in_python(TokenizerClass type, const WithoutDocument* reader = nullptr) {
  type.in_python = true;
  type.without_document = reader;
  return type;
}

constexpr TokenizerClass bert_like(std::string_view name, bool of_version_5 = true) {
  TokenizerClass type{name, bert_specials, plain, plain, &word_piece_files, adjust_bert, true};
  type.adjusts_version_5 = of_version_5;
  return giving_types(type);
}

constexpr TokenizerClass roberta_like(std::string_view name) {
  return {name,        roberta_specials, normalized_and_spaced_mask,
          spaced_mask, &roberta_files,   adjust_roberta};
}

constexpr TokenizerClass bart_like(std::string_view name) {
  return {name,           roberta_specials, all_normalized, spaced_normalized_mask,
          &roberta_files, adjust_roberta};
}

constexpr TokenizerClass t5_like(std::string_view name) {
  return {name, t5_specials, plain, plain, &t5_file, nullptr, false, additional_of_t5};
}

constexpr TokenizerClass classes[] = {
    bert_like("BertTokenizer"),
    giving_types(bert_like("DistilBertTokenizer"), GivesTypes::never),
    bert_like("ElectraTokenizer"),
    bert_like("ConvBertTokenizer", false),
    bert_like("MobileBertTokenizer"),
    bert_like("SqueezeBertTokenizer"),
    bert_like("LayoutLMTokenizer"),
    giving_types(
        adjusting_version_5({"RoFormerTokenizer", bert_specials, plain, plain, &word_piece_files,
                             adjust_roformer, false, nullptr, finish_roformer}),
        GivesTypes::until_version_4),
    adjusting_version_5({"MPNetTokenizer", mpnet_specials, spaced_mask, spaced_mask,
                         &word_piece_files, adjust_mpnet, true}),
    roberta_like("RobertaTokenizer"),
    roberta_like("LongformerTokenizer"),
    bart_like("BartTokenizer"),
    bart_like("LEDTokenizer"),
    {"GPT2Tokenizer", gpt_specials, normalized_ends, plain, &gpt2_files},
    adjusting_version_5({"GPTNeoXTokenizer", gpt_specials, plain, plain, nullptr, adjust_gpt_neox}),
    {"OpenAIGPTTokenizer", gpt1_specials, plain, plain, &gpt_files},
    {"Qwen2Tokenizer", qwen2_specials, plain, plain, &qwen2_files},
    {"BloomTokenizer", bloom_specials, plain, plain, nullptr, adjust_bloom},
    giving_types(
        {"DebertaTokenizer", cls_sep_specials, spaced_normalized_mask, plain, &deberta_files}),
    giving_types(
        {"DebertaV2Tokenizer", cls_sep_specials, normalized_unknown, plain, &deberta_v2_file}),
    giving_types({"AlbertTokenizer", albert_specials, spaced_mask, spaced_mask, &albert_file},
                 GivesTypes::until_version_4),
    giving_types({"XLNetTokenizer", xlnet_specials, spaced_mask, spaced_mask, &xlnet_file, nullptr,
                  false, additional_of_xlnet},
                 GivesTypes::until_version_4),
    t5_like("T5Tokenizer"),
    t5_like("MT5Tokenizer"),
    {"PegasusTokenizer", pegasus_specials, plain, plain, &pegasus_file, nullptr, false,
     additional_of_pegasus},
    in_python({"ByT5Tokenizer", t5_specials, plain, plain}, &byt5_class),
    in_python({"MarianTokenizer", marian_specials, plain, plain}, &marian_class),
    in_python({"M2M100Tokenizer", m2m_100_specials, plain, plain}, &m2m_100_class),
    {"LlamaTokenizer", llama_specials, plain, plain, &llama_file, adjust_llama},
    {"GemmaTokenizer", gemma_specials, plain, plain, nullptr, adjust_llama},
    {"XLMRobertaTokenizer", roberta_specials, spaced_mask, spaced_mask, &xlm_roberta_file},
    {"CamembertTokenizer", roberta_specials, spaced_mask, spaced_mask, &camembert_file, nullptr,
     false, additional_of_camembert},
    adjusting_version_5({"MBartTokenizer", roberta_specials, spaced_mask, spaced_mask, &mbart_file,
                         adjust_mbart, false, additional_of_mbart}),
    adjusting_version_5({"MBart50Tokenizer", mbart50_specials, spaced_normalized_mask, spaced_mask,
                         &mbart50_file, adjust_mbart50, false, additional_of_mbart50}),
    adjusting_version_5({"NllbTokenizer", roberta_specials, spaced_normalized_mask,
                         spaced_normalized_mask, &nllb_file, adjust_nllb, false,
                         additional_of_nllb}),
    in_python({"EsmTokenizer", esm_specials, plain, plain, &protein_files}),
    giving_types({"PreTrainedTokenizer", {}, plain, plain}, GivesTypes::until_version_4),
};

struct ModelType {
  std::string_view model_type;
  std::string_view name;
};

// Of AutoTokenizer's table, the rows of the classes above.
constexpr ModelType model_types[] = {
    {"bert", "BertTokenizer"},
    {"nezha", "BertTokenizer"},
    {"ernie", "BertTokenizer"},
    {"megatron-bert", "BertTokenizer"},
    {"distilbert", "DistilBertTokenizer"},
    {"electra", "ElectraTokenizer"},
    {"convbert", "ConvBertTokenizer"},
    {"mobilebert", "MobileBertTokenizer"},
    {"squeezebert", "SqueezeBertTokenizer"},
    {"layoutlm", "LayoutLMTokenizer"},
    {"roformer", "RoFormerTokenizer"},
    {"mpnet", "MPNetTokenizer"},
    {"roberta", "RobertaTokenizer"},
    {"roberta-prelayernorm", "RobertaTokenizer"},
    {"data2vec-text", "RobertaTokenizer"},
    {"longformer", "LongformerTokenizer"},
    {"bart", "BartTokenizer"},
    {"led", "LEDTokenizer"},
    {"gpt2", "GPT2Tokenizer"},
    {"gpt_neo", "GPT2Tokenizer"},
    {"gptj", "GPT2Tokenizer"},
    {"gpt_bigcode", "GPT2Tokenizer"},
    {"opt", "GPT2Tokenizer"},
    {"gpt_neox", "GPTNeoXTokenizer"},
    {"mpt", "GPTNeoXTokenizer"},
    {"openai-gpt", "OpenAIGPTTokenizer"},
    {"qwen2", "Qwen2Tokenizer"},
    {"bloom", "BloomTokenizer"},
    {"deberta", "DebertaTokenizer"},
    {"deberta-v2", "DebertaV2Tokenizer"},
    {"albert", "AlbertTokenizer"},
    {"xlnet", "XLNetTokenizer"},
    {"modernbert", "PreTrainedTokenizer"},
    {"t5", "T5Tokenizer"},
    {"mt5", "MT5Tokenizer"},
    {"umt5", "T5Tokenizer"},
    {"longt5", "T5Tokenizer"},
    {"switch_transformers", "T5Tokenizer"},
    {"llama", "LlamaTokenizer"},
    {"mistral", "LlamaTokenizer"},
    {"mixtral", "LlamaTokenizer"},
    {"phi3", "LlamaTokenizer"},
    {"xlm-roberta", "XLMRobertaTokenizer"},
    {"xlm-roberta-xl", "XLMRobertaTokenizer"},
    {"camembert", "CamembertTokenizer"},
    {"mbart", "MBartTokenizer"},
    {"marian", "MarianTokenizer"},
    {"m2m_100", "M2M100Tokenizer"},
    {"pegasus", "PegasusTokenizer"},
    {"esm", "EsmTokenizer"},
};

const TokenizerClass* find_class(std::string_view name) {
  const auto found = std::find_if(std::begin(classes), std::end(classes),
                                  [&](const TokenizerClass& type) { return type.name == name; });
  return found == std::end(classes) ? nullptr : found;
}

}  // namespace

const TokenizerClass* find_tokenizer_class(std::string_view name) {
  if (name.ends_with("Fast")) name.remove_suffix(4);
  return find_class(name);
}

const TokenizerClass* class_of_model_type(std::string_view model_type) {
  const auto found =
      std::find_if(std::begin(model_types), std::end(model_types),
                   [&](const ModelType& row) { return row.model_type == model_type; });
  return found == std::end(model_types) ? nullptr : find_class(found->name);
}

const TokenizerClass& generic_class() { return *find_class("PreTrainedTokenizer"); }

}  // namespace locus::tokenization
