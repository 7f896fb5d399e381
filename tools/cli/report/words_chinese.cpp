#include "tools/cli/report/words.hpp"

namespace locus::cli {
namespace {

constexpr ColumnWords chinese_columns{
    .model = "模型",
    .encoding = "编码",
    .seeds = "种子数",
    .bits_per_byte = "每字节比特 [95 %]",
    .letters = "字母",
    .difference = "差异",
    .verdict = "对比 {baseline}",
    .word_perplexity = "按词困惑度",
    .top1 = "前 1 命中 %",
    .top5 = "前 5 命中 %",
    .entropy = "熵",
    .tokens = "词元",
    .parameters = "参数",
    .from = "95 % 下限",
    .to = "上限",
    .context = "上下文",
    .from_position = "起始位置",
    .p = "p（Holm）",
};

constexpr NoteWords chinese_notes{
    .conditions = "条件：{windows}；评分 {tokens} 个词元；统计单位：{units}。",
    .conditions_of = "{models} 的条件：{windows}；评分 {tokens} 个词元；统计单位：{units}。",
    .windows_sliding = "窗口 {context} 个词元，步长 {stride}（{convention}）",
    .windows_apart = "窗口 {context} 个词元（{convention}）",
    .windows_masked = "窗口 {context} 个词元，遮盖位置居中",
    .windows_infill = "窗口 {context} 个词元，互不重叠",
    .unit_document = "{count} 个，每篇文档一个",
    .unit_block = "{count} 个，每个为文档的一块（{unit}）",
    .best =
        "按{metric}，在学到的东西多于计数的模型中，{model} 对这段文本预测得最好：每字节 {bits} "
        "比特。",
    .tied = "未能与之区分的有：{models}。",
    .alone = "按{metric}，{model} 每字节需要 {bits} 比特；没有可以比较的模型。",
    .nothing = "按{metric}，没有一个模型明显好于词元计数：无从比较。",
    .versus = "与 {baseline} 相比：",
    .several = "{count} 个{verdict}",
    .scopes_files = "结论只关于这些文件（每一对中有一方只有一个种子），不关于编码本身。",
    .scopes_configurations = "结论关于训练方案与编码的组合，涵盖文档与种子。",
    .scopes_encodings = "结论关于同一训练方案下的编码，涵盖文档与种子。",
    .scopes_mixed = "关于编码（涵盖文档与种子）：{encodings}；只关于两个文件：{files}。",
    .margin = "差异的整个区间在每字节 {margin} 比特以内才视为相当。",
    .margin_of_seeds =
        "差异的整个区间在每字节 {asked} 比特以内，或包含 0 且在 {margin} "
        "比特（种子所致的变动）以内，"
        "才视为相当。",
    .seeds_move =
        "同一配置的两个种子之差可达每字节 {luck} 比特（95 %）：两个文件之间更小的差异可能只是种"
        "子所致。",
    .within_seeds = "{models} 即属此列。",
    .letters =
        "结论与字母出自同一族检验（所有配对，Holm 校正）：当且仅当两个模型未分出好坏时，字母相同。",
    .p_floor = "带 < 的 p 为抽样所得，未遇到一例：实际更小。",
    .recipe_same = "所有模型的训练方案逐项相同。",
    .recipe_differs = "训练方案不同：{fields}。",
    .recipe_field = "{field} 为 {values}",
    .recipe_unknown = "{models} 如何训练不得而知：权重旁没有 training.json。",
    .recipe_unknown_of_all = "这些模型如何训练不得而知：都没有 training.json。",
    .unfinished = "训练尚未完成：{models}。",
    .not_trained =
        "未训练好（没有比{floor}明显好，即每字节 {lead} 比特）：{models}；不作基准，不下结"
        "论。",
    .run_not_trained =
        "每次训练单独与下限相比，{runs} 没有明显好过下限：{model} 的平均值包含它，不据此下结论。",
    .repeated_run = "{run} 与 {of} 相同（权重或损失相等）：只算一次训练。",
    .other_text = "不可比（分词器不同或丢失了部分文本，所评的字节不同；--full 评全部）：{models}。",
    .one_recipe = "不下结论（两者中只有一个有 training.json）：{models}。",
    .other_baseline = "所要求的基准在此不能作基准：指标不同，或未训练好。",
    .floors_of_text = "下限取自这段文本自身的计数（每个词元除外）：比训练文本的计数更了解它。",
    .floors_of_training = "下限取自模型训练文本的计数。",
    .floors_of_both = "训练文本已知的模型，其下限取自该文本的计数；其余取自本文本。",
    .tokenizers = "分词器不同：按词元计的数值不可比，故以每字节比特和按词困惑度代之。",
    .failed = "无法测量：{models}。",
};

constexpr ReportWords chinese{
    .language = "zh",
    .title = "位置编码比较",
    .introduction =
        "数值越低越好。区间为 95 % 自助抽样区间，按文档抽样，有多个种子时也按种子；结论是"
        "在相同字节上成对比较，采用 Holm 校正。",
    .one_document = "{count} 篇文档，{bytes} 字节。",
    .documents = "{count} 篇文档，{bytes} 字节。",
    .differences = "差异",
    .length = "长度",
    .training = "训练",
    .results = "表格",
    .encodings = "编码",
    .claims = "论断",
    .claims_note = "文章里关于位置编码的说法，由另一条命令在这些模型上实测：",
    .controls = "对照信息",
    .settings = "设置与文本的散列值",
    .files = "模型文件的散列值与训练方案",
    .numbers = "数据",
    .picture = "SVG",
    .download_numbers = "CSV",
    .all_series = "全部",
    .baseline = "基准",
    .not_comparable = "不可比",
    .not_trained = "未训练好",
    .floor = "下限：",
    .between = "；",
    .list_end = "。",
    .colon = "——",
    .comma = "、",
    .sentence_gap = "",
    .verdicts = {"更好", "更差", "相当", "不确定", "样本太少"},
    .floors = {"词频", "结合文档计数的词频", "三元模型"},
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
    .forest =
        {"与 {baseline} 之差",
         "每行一个模型：均值、95 % 区间，小点为各种子。线左更好；灰带以内无关紧要。虚线是词元计数"
         "所能达到的水平；箭头表示超出画面多远。",
         "每字节比特，相对 {baseline}", ""},
    .change =
        {"损失随上下文长度的变化",
         "目标词元相同，前文越来越长，以训练长度为基准：超过训练长度后上升，说明不能外推；曲线在那"
         "里中断，说明无法表示更多位置。",
         "评测的上下文长度（词元）", "损失的变化（每词元奈特）"},
    .disjoint =
        {"不用滑动窗口的困惑度",
         "长文档切成互不重叠的窗口：每个窗口开头的词元上文很少，因此只要模型能从长度中获益，曲线"
         "就会下降。",
         "窗口（词元）", "困惑度"},
    .position = {"窗口内各位置的损失", "越低越好：曲线向右下降，说明模型用上了更多的上文。",
                 "窗口内的位置（词元）", "损失（每词元奈特）"},
    .tokens_seen = {"训练中损失随所见词元数的变化",
                    "在训练语料的留出文本上：随词元增多而缩小的差距来自预算，而非编码。",
                    "所见词元", "验证损失（每词元奈特）"},
    .bands =
        "色带是按文档抽样的区间，为各模型所共有；曲线多时只显示所指曲线的色带。点击名称可隐藏。",
    .training_length = "训练长度",
    .clipped = "三角形表示超出画面的点。",
    .perplexity = "困惑度",
    .run = "训练",
    .encoder = "编码器",
    .decoder = "解码器",
    .without_floors =
        "这里不画词元计数：计数针对全部词元，而这里的损失针对被挖去的片段及其哨兵。本文本的表格中，"
        "两者"
        "针对相同的词元。",
    .columns = chinese_columns,
    .notes = chinese_notes,
};

}  // namespace

const ReportWords& chinese_words() { return chinese; }

}  // namespace locus::cli
