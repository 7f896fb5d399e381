#include <array>

#include "tools/cli/claims/measures.hpp"

namespace locus::cli::claims {

std::span<const Claim> all_claims() {
  static const std::array table{
      Claim{"order",
            "002",
            "Transformer 是一种无序模型(对输入的顺序敏感性取决于位置信息的建模方式)",
            {"masked-none", "causal-none", "masked-roformer"},
            measure_order},
      Claim{"range",
            "001",
            "在处理长序列时可能会存在问题,因为序列的长度超过了模型能够处理的位置编码的范围……"
            "[相对位置编码]可以处理长序列",
            {"causal-learned", "causal-sinusoidal", "causal-rope", "causal-t5", "causal-alibi"},
            measure_range},
      Claim{"untrained-rows",
            "001",
            "如果只训练到128长度的句子,那在128—512之间的位置参数就无法获得",
            {"masked-bert-512"},
            measure_untrained_rows},
      Claim{"text-length",
            "001",
            "在处理较短的序列和数据集上,绝对位置编码可能会更加适用。而在处理长序列和数据集上,"
            "相对位置编码则可能会更加有效。",
            {"causal-learned", "causal-sinusoidal", "causal-rope", "causal-t5", "causal-alibi"},
            measure_text_lengths},
      Claim{"extension",
            "002, 003",
            "正弦和余弦函数的周期性使得编码具有平滑的性质,且理论上可以扩展到更长的序列。",
            {"causal-sinusoidal"},
            measure_extension},
      Claim{"resolution",
            "002",
            "对于非常长的序列,编码的分辨率可能不足(由于正弦和余弦函数的周期性)",
            {},
            measure_resolution},
      Claim{"relative-position",
            "002",
            "绝对位置编码只关注位置本身,无法直接捕捉相对位置关系",
            {},
            measure_relative_position},
      Claim{"frequencies", "002", "高维特征的变化比低维特征更快", {}, measure_frequencies},
      Claim{"index-steps",
            "000",
            "假设在较短文本中任意两个字位置编码的差为 0.0333,同时在某一个较长文本中也有两个字的"
            "位置编码的差是 0.033...",
            {},
            measure_index_steps},
      Claim{"scales",
            "000",
            "所以两块的scale要相近,不然某部分的信息会被弱化。",
            {"causal-sinusoidal", "causal-learned", "causal-weighted-mix"},
            measure_scales},
      Claim{"distance-alone",
            "000",
            "首先,将绝对位置编码以旋转原向量若干个单位角度的形式引入;然后,直接...",
            {"causal-rope"},
            measure_distance_alone},
      Claim{"doubled-exponent",
            "003",
            "np.sin(pos / (10000 ** ((2 * i) / d_model)))",
            {"causal-sinusoidal", "causal-sinusoidal-doubled"},
            measure_doubled_exponent},
  };
  return table;
}

}  // namespace locus::cli::claims
