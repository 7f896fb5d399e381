"""Lines of text that tokenizers stumble over: deterministic, in many scripts, assigned characters only."""

import random
import unicodedata

SCRIPTS = [  # first and last code point of blocks with letters or signs of their own
    (0x0041, 0x007A), (0x00C0, 0x024F), (0x0250, 0x02AF), (0x0370, 0x03FF), (0x0400, 0x052F),
    (0x0531, 0x0587), (0x05D0, 0x05F4), (0x0600, 0x06FF), (0x0700, 0x074F), (0x0900, 0x097F),
    (0x0980, 0x09FF), (0x0B80, 0x0BFF), (0x0E00, 0x0E7F), (0x0F00, 0x0FFF), (0x1000, 0x109F),
    (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137F), (0x13A0, 0x13FF), (0x1780, 0x17FF),
    (0x1E00, 0x1EFF), (0x1F00, 0x1FFF), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F),
    (0x2150, 0x218F), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2E80, 0x2EF3), (0x3040, 0x30FF),
    (0x3130, 0x318E), (0x3200, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA48C),
    (0xAC00, 0xD7A3), (0xF900, 0xFAD9), (0xFB00, 0xFDFF), (0xFE30, 0xFE6B), (0xFF01, 0xFFEE),
    (0x10330, 0x1034A), (0x10400, 0x1044F), (0x1D400, 0x1D7FF), (0x1F300, 0x1F6FF),
    (0x1F900, 0x1F9FF), (0x20000, 0x2A6DF), (0x2A700, 0x2B738), (0x2F800, 0x2FA1D)]

WORDS = """the of and a in to was is for as on with by he at from his it an were which are this also be
has had its their not but one two first after new been who they her she over there can more time would
people some into most other between during many him while then about such only known these will when
unaffable tokenization antidisestablishmentarianism internationalisation naive cafe don't can't we'll
they've I'm he'd it's rock'n'roll O'Neill mother-in-law 3.14 1,000,000 e-mail C++ GPT-2 BERT U.S.A.
Zürich façade naïveté Übermäßig señor crème brûlée Ångström Dvořák Ελλάδα Москва עברית العربية हिन्दी
ภาษาไทย 中文 日本語 한국어 ქართული Հայերեն አማርኛ தமிழ் 北京大学 東京 서울특별시 x=y+z f(x) a[i]++ #tag @user
http://example.org/path?query=1&b=2 user.name@example.com {"key": [1, 2.5, null]} <p>text</p> 2024-11-22
$12.50 €1.000 £5 50% ½ ² №5 ™ © … — – ‘quoted’ “quoted” «guillemets» 「引用」""".split()

SPECIALS = ["[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "[cls]", "[unused1]", "<s>", "</s>", "<pad>",
            "<unk>", "<mask>", "<extra_id_0>", "<extra_id_99>", "<extra_id_100>", "<|endoftext|>",
            "##ing", "▁", "▁the", "Ġthe", "Ċ", "<0x0A>", "<S>"]

INVISIBLE = ["\u00a0", "\u00ad", "\u034f", "\u061c", "\u1680", "\u180e", "\u2000", "\u2003", "\u2007",
             "\u2009", "\u200a", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029",
             "\u202a", "\u202e", "\u202f", "\u205f", "\u2060", "\u2066", "\u2069", "\u3000", "\ufe0e",
             "\ufe0f", "\ufeff", "\ufffc", "\ufffd", "\u0085", "\u0000", "\u0001", "\u0007", "\u0008",
             "\u001b", "\u001c", "\u001f", "\u007f", "\u0080", "\u009f", "\ue000", "\uf8ff",
             "\U000e0001", "\U000e0067"]

SPACES = [" ", "  ", "   ", "      ", "\t", "\t\t", "\n", "\n\n", "\r\n", "\r", " \n ", "\n ", " \t\n", "\v", "\f"]

EMOJI = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇩🇪🇫🇷", "1️⃣", "❤️", "☺", "🧑🏿‍🚀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍❤️‍💋‍👨", "🤷🏻‍♀️"]

CASES = ["İstanbul", "ıspanak", "ẞ ß SS", "ΣΊΣΥΦΟΣ ς σ", "ŉ ǰ ΐ", "Ǆ ǅ ǆ", "ﬁ ﬂ ﬀ ﬃ ﬆ", "Å K Ω", "Ḱ ḱ", "ＦＵＬＬ ｗｉｄｔｈ",
         "ⅣⅨ ⅷ", "ⒶⒷ ⓐ", "ｶﾞｷﾞ", "ﷺ ﷽", "㍿ ㎏ ㏒", "x⁵ H₂O", "q̇̃ q̣̇ q̣̇", "é é ê̄", "가 각 갂 가", "Ǻ Ǻ Ǻ",
         "ऩ ऩ क़ क़", "ẛ̣ ẛ̣", "q̧̦̓", "𝅗𝅥 𝅘𝅥𝅮", "שּׁ שּׁ", "ﾊﾟ", "İ̇", "ʼn", "'S 'T 'LL it'S I'LL"]


def is_assigned(character):
    return unicodedata.category(character) not in ("Cn", "Cs")


def random_character(source):
    first, last = source.choice(SCRIPTS)
    while True:
        character = chr(source.randint(first, last))
        if is_assigned(character):
            return character


def script_word(source):
    first, last = source.choice(SCRIPTS)
    characters = [chr(source.randint(first, last)) for _ in range(source.randint(1, 8))]
    return "".join(c for c in characters if is_assigned(c))


def marked_word(source):
    marks = [chr(c) for c in range(0x300, 0x370)] + ["\u093f", "\u0e34", "\u0651", "\u20dd", "\u302e", "\u05b0"]
    return "".join(c + "".join(source.choices(marks, k=source.choice([0, 0, 1, 1, 2, 4])))
                   for c in source.choices("aeioucnsAEOÖéя한あक", k=source.randint(1, 6)))


def decomposed_word(source):
    form = source.choice(["NFD", "NFC", "NFKD", "NFKC"])
    return unicodedata.normalize(form, source.choice(WORDS + CASES))


def number(source):
    digits = source.choice(["0123456789", "0123456789.,", "０１２３", "٠١٢٣٤٥", "०१२३", "²³¹½¾", "ⅠⅡⅢ", "①②③"])
    return "".join(source.choices(digits, k=source.choice([1, 2, 3, 4, 8, 20])))


def punctuation(source):
    return "".join(source.choices("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿§¶•…—–„“”‘’«»、。，！？（）「」・؟،।׃",
                                  k=source.choice([1, 1, 2, 3, 6])))


def long_word(source):
    unit = source.choice(["a", "ab", "é", "語", "Z", "9", "x-", "😀", "ﬁ", "e\u0301", "'", "한", "lo"])
    return (unit * 400)[: source.choice([50, 99, 100, 101, 102, 150, 260])]


PIECES = [(lambda s: s.choice(WORDS), 30), (script_word, 12), (marked_word, 6), (decomposed_word, 8),
          (number, 6), (punctuation, 10), (lambda s: s.choice(SPECIALS), 6),
          (lambda s: s.choice(INVISIBLE), 6), (lambda s: s.choice(EMOJI), 4), (lambda s: s.choice(CASES), 4),
          (random_character, 8), (long_word, 1)]


def line(source):
    makers, weights = zip(*PIECES)
    parts = []
    for maker in source.choices(makers, weights, k=source.choice([1, 2, 3, 4, 6, 9, 14])):
        parts.append(maker(source))
        parts.append(" " if source.random() < 0.6 else source.choice(SPACES + ["", "", "", ""]))
    if source.random() < 0.7:
        parts.pop()
    if source.random() < 0.1:
        parts.insert(0, source.choice(SPACES))
    return "".join(parts)


def fixed_lines():
    yield from ["", " ", "  ", "\n", "\t", "\u0000", "a", "A", ".", "'", "é", "中", "😀", "\u0301", "\u200b", "\u3000"]
    yield from SPECIALS + INVISIBLE + EMOJI + CASES + SPACES
    for special in SPECIALS:
        yield from [f"a{special}b", f"a {special} b", f"  {special}  ", f"{special}{special}", f"{special}, x"]
    for invisible in INVISIBLE:
        yield from [f"a{invisible}b", f"{invisible}a", f"a{invisible}", f"a {invisible} b"]
    for contraction in ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'x", "''s", " 's", "'"]:
        yield from [f"it{contraction}", f"it{contraction} on", contraction]


def lines(count=2400, seed=20240229):
    """The lines, `count` of them, the same ones for a seed every time."""
    source = random.Random(seed)
    result = list(fixed_lines())
    while len(result) < count:
        result.append(line(source))
    return result
