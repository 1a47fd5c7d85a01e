"""Random texts in eight scripts as people may write them, the same on every run."""

from __future__ import annotations

import random

WORDS = {
    "Latin": "bread dough Süßigkeit crème brûlée façade Gyoza smørrebrød żurek bánh mì ẵm İzmir",
    "Cyrillic": "хлеб тесто мука соль їжа ґанок вода печь замес ёж Ўзбек борщ",
    "Greek": "ψωμί ζυμάρι αλάτι νερό φούρνος Ώρα ΐδιος ἄρτος λάδι",
    "Arabic": "خبز عجين ملح ماء فرن طازج الطحين پیاز چای گوشت",
    "Hebrew": "לחם בצק מלח מים תנור טרי קמח שמן ביצים",
    "Han": "手工 和面 醒发 面包 二十 分钟 麵團 饺子 働 火候 刀工 好吃",
    "Kana": "パン きょう つくる チャーハン ねっこ もち ヴァイオリン ラーメン うまい",
    "Hangul": "손으로 반죽 빵을 굽습니다 소금 물 밀가루 오늘은 김치 맛있다",
}
# Combining marks, for the scripts that have some.
MARKS = {"Latin": "\u0301\u0323\u0308", "Arabic": "\u064e\u0651\u064f", "Hebrew": "\u05b8\u05bc"}
QUOTES = ["“{}”", "'{}'", "«{}»", "({})", "„{}“", "「{}」", "[{}]", "{{{}}}", '"{}"']
ENDS = ["", ".", "!", "?", "…", "、", ":", ";", ",", " – ", "—", "/", "\\N", "%", "&"]
NUMBERS = ["24", "1,5", "½", "100°", "3x", "№7", "€9", "20%"]
EMOJI = ["🍞", "🔥", "👩🏽‍🍳", "🇩🇪", "1️⃣", "❤️", "🌶", "👨‍👩‍👧‍👦", "☕"]
WITHOUT_BLANKS = ("Han", "Kana")


def sample_texts(count: int, seed: int = 7) -> list[tuple[str, str]]:
    """`count` pairs of script and text, with all scripts in equal numbers."""
    rng = random.Random(seed)
    scripts = list(WORDS)
    return [
        (script, _text(script, rng)) for script in (scripts[i % len(scripts)] for i in range(count))
    ]


def _text(script: str, rng: random.Random) -> str:
    words = [_word(script, rng) for _ in range(rng.randint(1, 6))]
    if rng.random() < 0.4:
        words.insert(rng.randrange(len(words) + 1), rng.choice(NUMBERS))
    if rng.random() < 0.4:
        words.insert(rng.randrange(len(words) + 1), rng.choice(EMOJI))
    separator = "" if script in WITHOUT_BLANKS and rng.random() < 0.8 else " "
    return separator.join(words)


def _word(script: str, rng: random.Random) -> str:
    word = rng.choice(WORDS[script].split())
    case = rng.random()
    word = word.upper() if case < 0.15 else word.capitalize() if case < 0.4 else word
    if script in MARKS and rng.random() < 0.2:
        index = rng.randint(1, len(word))
        word = word[:index] + rng.choice(MARKS[script]) + word[index:]
    if rng.random() < 0.15:
        word = rng.choice(QUOTES).format(word)
    return word + (rng.choice(ENDS) if rng.random() < 0.3 else "")
