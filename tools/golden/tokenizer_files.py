"""Trains small vocabularies of every kind for tokenizer_goldens.py, on text made up here.

    python tools/golden/tokenizer_files.py [DICTIONARY]

Writes tests/goldens/tokenizers/files; needs tokenizers 0.21 and sentencepiece. DICTIONARY is jieba's dict.txt:
of it, only the words of our Chinese lines are kept, and the sum of all frequencies.
"""

import collections
import json
import random
import sys
import tempfile
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from hostile_lines import lines

FOLDER = Path(__file__).resolve().parents[2] / "tests" / "goldens" / "tokenizers" / "files"

# Code points and what they become: a small stand-in for the 250 kB of nmt_nfkc.
NORMALIZATION = {"Å": "A\u030a", "ﬁ": "fi", "ﬂ": "fl", "①": "1", "½": "1/2", "…": "...", "\u00a0": " ", "\u3000": " ",
                 "\u200b": "", "\u00ad": "", "㎏": "kg", "e\u0301": "é", "がﾞ": "が", "\t": " ", "™": "TM"}

CHINESE = """今天 天气 非常 好 我们 北京 大学 学生 中国 人民 研究 生命 起源 南京市 长江 大桥 计算机 科学 技术 语言 模型 位置 编码 旋转
的 是 在 了 和 不 有 他 她 这 那 一个 可以 没有 什么 因为 所以 但是 如果 已经 开始 知道 时候 问题 工作 社会 经济 发展 国家
自然 处理 深度 学习 神经 网络 注意力 机制 相对 绝对 距离 向量 矩阵 乘法 训练 预测 北京大学 清华大学 上海 广州 水果 苹果 香蕉
小明 硕士 毕业 于 中国科学院 计算所 后 日本 京都大学 深造 结婚 的 和 尚未 结婚 的 乒乓球 拍卖 完 了 武汉市 长江 大桥 C++
AT&T T恤 卡拉OK PC机 c# 一九九八年 三十六 百分之五 ３６５ 天 GPT-2 3.14 abc a.b.c Ω é ñ 한국어 ひらがな カタカナ 😀 。 ， ！ ？ 、 “ ” 《 》""".split()


def chinese_lines(count=300, seed=3):
    source = random.Random(seed)
    marks = ["", "", "", " ", "，", "。", "\n", "  ", "\u3000", "-", "+", "a", "7", "\u00e9"]
    return ["".join(part for _ in range(source.choice([1, 3, 6, 12, 20]))
                    for part in (source.choice(CHINESE), source.choice(marks))) for _ in range(count)]


def corpus(characters=260):
    """Lines of the most frequent characters alone: all others will be unknown."""
    texts = [line for line in lines(count=4000, seed=7) if line.strip() and not set(line) & set("\0\n\r\u2028\u0085")]
    kept = {c for c, _ in collections.Counter("".join(texts)).most_common(characters)}
    return [text for text in ("".join(c for c in line if c in kept) for line in texts) if text.strip()]


def sentencepiece_model(name, **options):
    settings = dict(vocab_size=700, character_coverage=1.0, hard_vocab_limit=False, minloglevel=2, num_threads=1)
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.tsv"
        rules.write_text("".join(f"{' '.join(f'{ord(c):X}' for c in key)}\t{' '.join(f'{ord(c):X}' for c in value)}\n"
                                 for key, value in NORMALIZATION.items()))
        if options.pop("normalized", True):
            settings["normalization_rule_tsv"] = str(rules)
        else:
            settings["normalization_rule_name"] = "identity"
        text = options.pop("text", None) or corpus()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(text), model_prefix=str(Path(folder) / "model"),
                                                 **(settings | options))
        (FOLDER / f"{name}.model").write_bytes((Path(folder) / "model.model").read_bytes())


def sentencepiece_models():
    sentencepiece_model("unigram", model_type="unigram")
    sentencepiece_model("albert", model_type="unigram", normalized=False, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
                        control_symbols="[CLS],[SEP],[MASK]", vocab_size=600)
    sentencepiece_model("xlnet", model_type="unigram", vocab_size=500, control_symbols="<cls>,<sep>,<pad>,<mask>,<eod>,<eop>")
    sentencepiece_model("deberta", model_type="unigram", pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]",
                        bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]", user_defined_symbols="[X],the")
    sentencepiece_model("pegasus", model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    sentencepiece_model("byte_fallback", model_type="bpe", byte_fallback=True, normalized=False, vocab_size=900,
                        text=corpus(150))
    ends = dict(eos_id=0, unk_id=1, bos_id=-1, pad_id=-1)
    sentencepiece_model("marian_source", model_type="unigram", **ends, vocab_size=500)
    sentencepiece_model("marian_target", model_type="unigram", **ends, vocab_size=400, text=corpus(200)[::2])


def marian_vocabulary():
    pieces = []
    for name in ("marian_source", "marian_target"):
        model = sentencepiece.SentencePieceProcessor(model_file=str(FOLDER / f"{name}.model"))
        pieces += [model.id_to_piece(i) for i in range(model.get_piece_size())]
    names = list(dict.fromkeys(pieces))[:520] + [">>fra<<", ">>deu<<", "<pad>"]
    (FOLDER / "marian_vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}, ensure_ascii=False))


def save_byte_pairs(tokenizer, name):
    model = json.loads(tokenizer.to_str())["model"]
    (FOLDER / f"{name}_vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False))
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    (FOLDER / f"{name}_merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")


def byte_pairs():
    gpt = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    gpt.normalizer, gpt.pre_tokenizer = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    gpt.train_from_iterator(corpus(), trainers.BpeTrainer(vocab_size=900, special_tokens=["<unk>"], limit_alphabet=200,
                                                          end_of_word_suffix="</w>", show_progress=False))
    save_byte_pairs(gpt, "gpt")
    special = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]", "<|endoftext|>", "<s>", "</s>", "<pad>", "<unk>"]
    level = Tokenizer(models.BPE())
    level.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    level.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=800, special_tokens=special, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    save_byte_pairs(level, "byte_level")
    level.save(str(FOLDER / "byte_level.json"), pretty=False)
    prefixed = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##", fuse_unk=True))
    prefixed.pre_tokenizer = pre_tokenizers.Whitespace()
    prefixed.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=900, special_tokens=["[UNK]"], limit_alphabet=150, continuing_subword_prefix="##",
        show_progress=False))
    prefixed.save(str(FOLDER / "prefixed.json"), pretty=False)


def word_pieces():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(corpus(), trainers.WordPieceTrainer(
        vocab_size=900, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], limit_alphabet=250,
        show_progress=False))
    pieces = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)
    (FOLDER / "word_piece_vocab.txt").write_text("\n".join(pieces) + "\n")
    words = [word for word in dict.fromkeys(CHINESE) if word not in pieces]
    characters = [c for c in dict.fromkeys("".join(CHINESE)) if c not in pieces and c not in words]
    (FOLDER / "roformer_vocab.txt").write_text("\n".join(pieces + words[::2] + characters[::3]) + "\n")


def kept_words(dictionary, texts):
    """Our lines' words of jieba's dictionary: what else it holds acts through its sum alone."""
    entries = [line.split(" ") for line in dictionary.read_text(encoding="utf-8").splitlines() if line]
    parts = {line[i: j] for text in texts for line in (text, text.lower()) for i in range(len(line))
             for j in range(i + 1, min(i + 17, len(line) + 1))}
    kept = [entry for entry in entries if entry[0] in parts]
    rest = sum(int(entry[1]) for entry in entries) - sum(int(entry[1]) for entry in kept)
    (FOLDER / "jieba_dict.txt").write_text("".join(f"{' '.join(entry)}\n" for entry in kept) + f"all-other-words {rest} n\n")


def main():
    FOLDER.mkdir(exist_ok=True)
    sentencepiece_models()
    marian_vocabulary()
    byte_pairs()
    word_pieces()
    chinese = chinese_lines()
    (FOLDER.parent / "chinese_lines.jsonl").write_text(
        "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in chinese))
    if len(sys.argv) > 1:
        kept_words(Path(sys.argv[1]), chinese + lines(count=5200))


if __name__ == "__main__":
    main()
