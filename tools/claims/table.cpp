#include <array>

#include "tools/claims/measures.hpp"

namespace locus::cli::claims {
namespace {

// What an article says, word for word.
constexpr std::string_view order_quote =
    "Transformer 是一种无序模型(对输入的顺序敏感性取决于位置信息的建模方式)。";
constexpr std::string_view range_quote =
    "这种编码方式对于处理较短的序列效果较好,但在处理长序列时可能会存在问题,因为序列的长度超过了模"
    "型能够处理的位置编码的范围。……[相对位置编码]这种编码方式可以处理长序列";
constexpr std::string_view rows_quote =
    "bert起初训练的句子最长为512,如果只训练到128长度的句子,那在128—512之间的位置参数就无法获得";
constexpr std::string_view length_quote =
    "在处理较短的序列和数据集上,绝对位置编码可能会更加适用。而在处理长序列和数据集上,相对位置编码"
    "则可能会更加有效。";
constexpr std::string_view extension_quote =
    "正弦和余弦函数的周期性使得编码具有平滑的性质,且理论上可以扩展到更长的序列。";
constexpr std::string_view resolution_quote =
    "对于非常长的序列,编码的分辨率可能不足(由于正弦和余弦函数的周期性)。";
constexpr std::string_view relative_quote = "绝对位置编码只关注位置本身,无法直接捕捉相对位置关系";
constexpr std::string_view frequency_quote =
    "1/10000^(2i/d)控制了不同维度的频率,使得高维特征的变化比低维特征更快。";
constexpr std::string_view index_quote =
    "这样做的问题在于,假设在较短文本中任意两个字位置编码的差为 "
    "0.0333,同时在某一个较长文本中也有两个字的位置编码的差是 0.033...";
constexpr std::string_view scale_quote = "所以两块的scale要相近,不然某部分的信息会被弱化。";
constexpr std::string_view rotation_quote = "将绝对位置编码以旋转原向量若干个单位角度的形式引入";
constexpr std::string_view doubled_quote =
    "for i in range(0, d_model, 2): ... np.sin(pos / (10000 ** ((2 * i) / d_model)))";

}  // namespace

std::span<const Claim> all_claims() {
  using enum Evidence;
  static const std::vector<std::string> by_length{"causal-learned", "causal-sinusoidal",
                                                  "causal-rope", "causal-t5", "causal-alibi"};
  static const std::array table{
      Claim{"order",
            "002",
            order_quote,
            models,
            {"masked-none", "causal-none", "masked-rope"},
            measure_order},
      Claim{"range", "001", range_quote, models, by_length, measure_range},
      Claim{"untrained-rows",
            "001",
            rows_quote,
            models,
            {"causal-learned-512"},
            measure_untrained_rows},
      Claim{"text-length", "001", length_quote, between_models, by_length, measure_text_lengths},
      Claim{"extension", "002", extension_quote, models, {"causal-sinusoidal"}, measure_extension},
      Claim{"resolution", "002", resolution_quote, arithmetic, {}, measure_resolution},
      Claim{"relative-position", "002", relative_quote, arithmetic, {}, measure_relative_position},
      Claim{"frequencies", "002", frequency_quote, arithmetic, {}, measure_frequencies},
      Claim{"index-steps", "000", index_quote, arithmetic, {}, measure_index_steps},
      Claim{"scales",
            "000",
            scale_quote,
            models,
            {"causal-sinusoidal", "causal-learned"},
            measure_scales},
      Claim{"rotation", "000", rotation_quote, models, {"causal-rope"}, measure_rotation},
      Claim{"doubled-exponent", "003", doubled_quote, arithmetic, {}, measure_doubled_exponent},
  };
  return table;
}

}  // namespace locus::cli::claims
