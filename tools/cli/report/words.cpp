#include "tools/cli/report/words.hpp"

#include <cmath>

#include "base/error.hpp"

namespace locus::cli {
namespace {

constexpr ReportWords english{
    .language = "en",
    .title = "Positional encodings compared",
    .introduction =
        "Lower is better. Intervals are 95 % bootstrap intervals over documents; verdicts compare "
        "the same bytes in pairs, by a sign-flip permutation test with Holm's correction.",
    .documents = " documents, ",
    .bytes = " bytes. ",
    .results = "Results",
    .results_note =
        "Each metric has a table of its own: a pseudo-perplexity is no likelihood and "
        "must not be held against one.",
    .length = "Length",
    .position = "Position",
    .encodings = "Encodings",
    .controls = "Controls",
    .settings = "Settings and hashes of the text",
    .files = "Hashes of the models' files",
    .numbers = "Numbers",
    .model = "model",
    .encoding = "encoding",
    .bits_per_byte = "bits per byte [95 %]",
    .top1 = "top 1 %",
    .top5 = "top 5 %",
    .tokens = "tokens",
    .parameters = "parameters",
    .against = "against ",
    .baseline = "baseline",
    .not_comparable = "not comparable",
    .best = "By {metric}, {model} predicts this text best: {bits} bits per byte. ",
    .versus = "Against {baseline}: ",
    .several = "{count} {verdict}",
    .alone =
        "By {metric}, {model} needs {bits} bits per byte; there is nothing to compare it with. ",
    .between = "; ",
    .list_end = ". ",
    .colon = ": ",
    .comma = ", ",
    .verdicts = {"better", "worse", "equivalent", "undecided", "too few units"},
    .metrics = {"perplexity", "pseudo-perplexity", "pseudo-perplexity by word", "infill perplexity",
                "perplexity given a source"},
    .questions =
        {"each token, given those before it: a likelihood of the text",
         "each token, given all others: an easier question, and no likelihood of the text",
         "each token, given all others but the rest of its word: no likelihood of the text",
         "removed spans, given the rest of the text: a likelihood of those spans alone",
         "the text, given its source: a likelihood of the text under that condition"},
    .pictures =
        {
            PictureWords{"", "",
                         "This model has no positional encoding: there is nothing to draw."},
            PictureWords{"dimension", "position",
                         "What is added to a token's vector: each row is a position."},
            PictureWords{
                "dimension of a head", "position",
                "A vector of ones as it is rotated at each position: fast pairs on one side, slow "
                "ones on the other."},
            PictureWords{"distance (key - query)", "head",
                         "What is added to the score of a key at a distance, for each head."},
            PictureWords{"distance (key - query)", "head",
                         "What a query of ones gains from the vector of each distance."},
        },
    .luck =
        "* The seed alone may account for it: two runs of one model differ by up to {difference} "
        "bits per byte, 95 times in 100.",
    .seed_title = "The same models from other seeds",
    .seed_reading =
        "Each dot is a run, the ring the one in the table: where the dots of two models mix, luck "
        "may decide which is ahead.",
    .run = "run",
    .bits_per_byte_axis = "bits per byte",
    .position_title = "Loss by position in the window",
    .position_reading =
        "Lower is better: a line that falls to the right belongs to a model that "
        "makes use of more context.",
    .position_x = "position in the window (tokens)",
    .loss = "loss (nats per token)",
    .from_position = "from position",
    .length_title = "Perplexity against evaluation length",
    .length_reading =
        "The same target tokens with more and more text before them: a line that rises past the "
        "training length belongs to an encoding that does not extrapolate; one that ends there "
        "cannot represent more positions.",
    .bands_reading =
        " Bands are intervals over documents, which all models share; of many curves, that of "
        "the one that you point at.",
    .training_length = "training length",
    .length_x = "context of the evaluation (tokens)",
    .perplexity = "perplexity",
    .context = "context",
    .from = "95 % from",
    .to = "to",
    .disjoint_title = "Perplexity without a sliding window",
    .disjoint_reading =
        "The long texts cut into windows that do not overlap: the first tokens of each have little "
        "before them, so a line falls as long as the model gains from length at all.",
    .disjoint_x = "window (tokens)",
    .claims = "Claims",
    .claims_note =
        "What articles claim of positional encodings is measured on these models by another "
        "command: ",
    .ladder = "All models",
    .ladder_note =
        "Bits per byte of every model. Only rows of one metric compare: each metric asks another "
        "question, and the tool holds no figure against one of another kind.",
    .metric = "metric",
    .entropy = "entropy",
};

constexpr ReportWords chinese{
    .language = "zh",
    .title = "位置编码比较",
    .introduction =
        "数值越低越好。区间为按文档自助抽样的 95 % 置信区间；结论是在相同字节上成对比较，"
        "采用符号翻转置换检验和 Holm 校正。",
    .documents = " 篇文档，",
    .bytes = " 字节。",
    .results = "结果",
    .results_note = "每种指标各有一张表：伪困惑度不是似然，不能与困惑度相比。",
    .length = "长度",
    .position = "位置",
    .encodings = "编码",
    .controls = "对照信息",
    .settings = "设置与文本的散列值",
    .files = "模型文件的散列值",
    .numbers = "数据",
    .model = "模型",
    .encoding = "编码",
    .bits_per_byte = "每字节比特 [95 %]",
    .top1 = "前 1 命中 %",
    .top5 = "前 5 命中 %",
    .tokens = "词元",
    .parameters = "参数",
    .against = "对比 ",
    .baseline = "基准",
    .not_comparable = "不可比",
    .best = "按{metric}，{model} 对这段文本预测得最好：每字节 {bits} 比特。",
    .versus = "与 {baseline} 相比：",
    .several = "{count} 个{verdict}",
    .alone = "按{metric}，{model} 每字节需要 {bits} 比特；没有可以比较的模型。",
    .between = "；",
    .list_end = "。",
    .colon = "——",
    .comma = "、",
    .verdicts = {"更好", "更差", "相当", "不确定", "样本太少"},
    .metrics = {"困惑度", "伪困惑度", "整词伪困惑度", "片段填充困惑度", "给定源文的困惑度"},
    .questions = {"由前面的词元预测每个词元：这是文本的似然",
                  "由其余全部词元预测每个词元：问题更容易，不是文本的似然",
                  "由其余词元（同一个词的其余部分除外）预测每个词元：不是文本的似然",
                  "由其余文本预测被挖去的片段：只是这些片段的似然",
                  "由源文预测目标文本：在该条件下的似然"},
    .pictures =
        {
            PictureWords{"", "", "这个模型没有位置编码，没有可画的内容。"},
            PictureWords{"维度", "位置", "加到词元向量上的内容：每一行是一个位置。"},
            PictureWords{"注意力头内的维度", "位置",
                         "全 1 向量在各位置旋转后的样子：一侧转得快，另一侧转得慢。"},
            PictureWords{"距离（键 - 查询）", "注意力头",
                         "各注意力头按距离加到注意力分数上的数值。"},
            PictureWords{"距离（键 - 查询）", "注意力头", "全 1 查询从各距离的向量得到的分数。"},
        },
    .luck =
        "* 这一差异可能只是种子造成的：同一模型两次训练之差，百次中有 95 次不超过每字节 "
        "{difference} 比特。",
    .seed_title = "换种子训练的相同模型",
    .seed_reading =
        "每个点是一次训练，圆环是表中的那一次：两个模型的点交错之处，先后可能只是运气。",
    .run = "训练",
    .bits_per_byte_axis = "每字节比特",
    .position_title = "窗口内各位置的损失",
    .position_reading = "越低越好：曲线向右下降，说明模型用上了更多的上文。",
    .position_x = "窗口内的位置（词元）",
    .loss = "损失（每词元奈特）",
    .from_position = "起始位置",
    .length_title = "困惑度与评测长度",
    .length_reading =
        "目标词元相同，前文越来越长：超过训练长度后上升，说明该编码不能外推；曲线在那里中断，"
        "说明它无法表示更多位置。",
    .bands_reading = "色带是按文档抽样的区间，为各模型所共有；曲线多时只显示所指曲线的色带。",
    .training_length = "训练长度",
    .length_x = "评测的上下文长度（词元）",
    .perplexity = "困惑度",
    .context = "上下文",
    .from = "95 % 下限",
    .to = "上限",
    .disjoint_title = "不用滑动窗口的困惑度",
    .disjoint_reading =
        "长文档切成互不重叠的窗口：每个窗口开头的词元上文很少，因此只要模型能从长度中获益，曲线就会"
        "下降。",
    .disjoint_x = "窗口（词元）",
    .claims = "论断",
    .claims_note = "文章里关于位置编码的说法，由另一条命令在这些模型上实测：",
    .ladder = "全部模型",
    .ladder_note =
        "每个模型的每字节比特。只有同一指标的行可以比较：每种指标问的是不同的问题，本工具不在不同指"
        "标"
        "之间作比较。",
    .metric = "指标",
    .entropy = "熵",
};

std::string filled(std::string text, const std::string& place, const std::string& value) {
  const size_t at = text.find(place);
  return at == std::string::npos ? text : text.replace(at, place.size(), value);
}

// More names than this are a table's.
constexpr size_t max_names = 4;

// Models by verdict: `better: a, b; worse: c`, or `7 better; 2 worse` where they are many.
std::string verdicts_of(const ComparedGroup& group, const ReportWords& words) {
  std::string text;
  const bool many = group.models.size() > max_names + 1;
  for (const Verdict verdict : {Verdict::better, Verdict::equivalent, Verdict::worse,
                                Verdict::undecided, Verdict::too_few_units}) {
    std::string names;
    int count = 0;
    for (const ComparedModel& model : group.models) {
      if (!model.comparison || model.comparison->verdict != verdict) continue;
      ++count;
      names += (names.empty() ? "" : std::string(words.comma)) + model.name;
    }
    if (names.empty()) continue;
    text += text.empty() ? "" : words.between;
    const std::string word = verdict_word(verdict, words);
    text += many ? filled(filled(std::string(words.several), "{count}", std::to_string(count)),
                          "{verdict}", word)
                 : word + std::string(words.colon) + names;
  }
  return text;
}

}  // namespace

const ReportWords& words_of(std::string_view language) {
  if (language == "en") return english;
  if (language == "zh") return chinese;
  throw Error("--language", "en or zh", "'" + std::string(language) + "'");
}

const PictureWords& picture_words(EncodingPicture::Kind kind, const ReportWords& words) {
  return words.pictures[static_cast<size_t>(kind)];
}

std::string verdict_word(Verdict verdict, const ReportWords& words) {
  return std::string(words.verdicts[static_cast<size_t>(verdict)]);
}

std::string metric_word(ScoringTask task, const ReportWords& words) {
  return std::string(words.metrics[static_cast<size_t>(task)]);
}

std::string luck_sentence(const SeedSpread& luck, const ReportWords& words) {
  return filled(std::string(words.luck), "{difference}", fixed(luck.min_difference, 3));
}

std::string verdict_sentence(const ComparedGroup& group, const ReportWords& words) {
  const ComparedModel& best = group.models.front();
  std::string text(group.models.size() == 1 ? words.alone : words.best);
  text = filled(text, "{metric}", metric_word(best.task, words));
  text = filled(text, "{model}", best.name);
  text = filled(text, "{bits}", fixed(best.summary.bits_per_byte.value_or(NAN), 3));
  const std::string verdicts = verdicts_of(group, words);
  if (verdicts.empty()) return text;
  return text + filled(std::string(words.versus), "{baseline}", group.baseline) + verdicts +
         std::string(words.list_end);
}

}  // namespace locus::cli
