"""What words mean: stems and concepts, so that a comment, a note and a moment can be compared.

Language is not asked for: texts are too short to tell. A word is stemmed in each of four, and means
what it means in those whose small words its text has; without any, in all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from btsclip.notes.lexicon import FIGURES, LANGUAGES, PHRASES, SILENT, WORDS

# How alike two words are that mean the same, and two that may be misspelt.
SAME_MEANING, MISSPELT = 0.9, 0.8
# Words of so many letters may be misspelt, and are the same from this likeness (0 to 100) on.
LONG_WORD, LONG_STEM, ALIKE = 5, 4, 85.0

_LETTERS = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "ß": "ss",
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ł": "l",
    "º": "°",
}


@dataclass(frozen=True)
class Term:
    """One word, or a meaning without one, as "how long" is `time`. `keys` are its stems by
    language, `concepts` what it means."""

    word: str
    keys: frozenset[str]
    concepts: frozenset[str]


def terms(text: str) -> tuple[Term, ...]:
    """The words of `text` that say something, each once, and what its phrases and figures mean."""
    return _terms(unicodedata.normalize("NFC", text))


def find_concepts(text: str) -> frozenset[str]:
    """All that the words of `text` mean."""
    return frozenset(concept for term in terms(text) for concept in term.concepts)


def likeness(one: Term, other: Term) -> float:
    """0 to 1: the same word, the same meaning, or the same word misspelt."""
    if one.word == other.word or one.keys & other.keys:
        return 1.0
    if one.concepts & other.concepts:
        return SAME_MEANING
    return MISSPELT if _misspelt(one.word, other.word) else 0.0


def found_in(term: Term, others: Iterable[Term]) -> float:
    """How well `term` is found among `others`, 0 to 1."""
    return max((likeness(term, other) for other in others), default=0.0)


def covered_share(wanted: Collection[Term], others: Collection[Term]) -> float:
    """The share of the `wanted` terms that is found among `others`, 0 to 1."""
    return sum(found_in(term, others) for term in wanted) / len(wanted) if wanted else 0.0


def fold(text: str) -> str:
    """`text` in small letters without accents, with German umlauts as two letters."""
    text = unicodedata.normalize("NFKC", text.replace("º", "°")).casefold()
    text = unicodedata.normalize("NFKD", "".join(_LETTERS.get(c, c) for c in text))
    return "".join(c for c in text.replace("\u2019", "'") if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[Term, ...]:
    folded = fold(text)
    found = [_meaning(each) for each in _of_patterns(folded)]
    words = list(dict.fromkeys(re.findall(r"[^\W\d_]{2,}", folded)))
    spoken = _languages(words)
    silent = {word for language in spoken for word in _silent(language)}
    asking = _asking(folded)
    for word in words:
        term = _term(word, spoken)
        if term.concepts if word in silent else word not in asking:
            found.append(term)
    return tuple(dict.fromkeys(found))


def _meaning(concept: str) -> Term:
    return Term(f"({concept})", frozenset(), frozenset({concept}))


def _of_patterns(folded: str) -> list[str]:
    asked = [c for c, each in PHRASES.items() if any(re.search(rf"\b{p}\b", folded) for p in each)]
    told = [concept for concept, pattern in FIGURES.items() if re.search(pattern, folded)]
    return list(dict.fromkeys([*asked, *told]))


def _asking(folded: str) -> set[str]:
    """The words of all phrases in `folded`: together they mean something else than each alone."""
    patterns = [pattern for each in PHRASES.values() for pattern in each]
    found = (m.group().split() for p in patterns for m in re.finditer(rf"\b{p}\b", folded))
    return {word for phrase in found for word in phrase}


def _languages(words: Collection[str]) -> tuple[str, ...]:
    """Those whose small words are the most; one such as `pour` may be another language's verb."""
    small = [word for word in words if not _term(word, tuple(LANGUAGES)).concepts]
    hits = {language: sum(word in _silent(language) for word in small) for language in LANGUAGES}
    most = max(hits.values())
    return tuple(language for language in LANGUAGES if hits[language] == most)


@lru_cache(maxsize=4)
def _silent(language: str) -> frozenset[str]:
    return frozenset(SILENT[language].split())


@lru_cache(maxsize=16384)
def _term(word: str, spoken: tuple[str, ...]) -> Term:
    keys = frozenset(_key(word, language) for language in LANGUAGES)
    known = _concepts_by_key()
    meant = {c for language in spoken for c in known.get(_key(word, language), ())}
    small = any(word in _silent(language) for language in spoken)
    return Term(word, keys, frozenset(meant or (() if small else _misspelt_concepts(word, spoken))))


@lru_cache(maxsize=32768)
def _key(word: str, language: str) -> str:
    return f"{language}:{_stemmer(language).stemWord(word)}"


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(LANGUAGES[language])


@lru_cache(maxsize=1)
def _concepts_by_key() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for concept, languages in WORDS.items():
        for language, words in languages.items():
            for word in words.split():
                found.setdefault(_key(word, language), set()).add(concept)
    return {key: frozenset(each) for key, each in found.items()}


def _misspelt_concepts(word: str, spoken: Collection[str]) -> set[str]:
    """What a word means that is nearly a known one."""
    if len(word) < LONG_WORD:
        return set()
    return {
        concept
        for concept, languages in WORDS.items()
        for language in spoken
        for known in languages[language].split()
        if _misspelt(word, known)
        or _misspelt(_stem(word, language), _stem(known, language), LONG_STEM)
    }


def _stem(word: str, language: str) -> str:
    return _key(word, language).partition(":")[2]


@lru_cache(maxsize=65536)
def _misspelt(one: str, other: str, least: int = LONG_WORD) -> bool:
    """Whether two words of `least` letters differ little; in the first one few misspell."""
    if min(len(one), len(other)) < least or one[0] != other[0]:
        return False
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    # Two letters in each other's place are a slip; another letter often makes another word.
    swapped = sorted(one) == sorted(other) and OSA.distance(one, other) == 1
    return swapped or bool(fuzz.ratio(one, other) >= ALIKE)
