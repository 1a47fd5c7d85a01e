"""Compare short texts, such as comments, notes and moments, by stems and concepts of words.

The language of a text is unknown, and most texts are too short to detect it. So each word is
stemmed in four languages. Its concepts come from the languages with the most function words in the
text, or from all four if it has none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from btsclip.notes.lexicon import FIGURES, FUNCTION_WORDS, LANGUAGES, PHRASES, WORDS

# Likeness of two words with the same meaning, and of a word and its misspelling.
SAME_MEANING = 0.9
MISSPELLED = 0.8
# Letters of words and stems that are compared for misspellings.
MIN_WORD_LETTERS = 5
MIN_STEM_LETTERS = 4
# Spelling likeness (0 to 100) of a word and its misspelling.
MIN_SPELLING_LIKENESS = 85.0

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
    """A word, or the meaning of a phrase: "how long" is `time`. `keys` are the word's stems by
    language, `concepts` its meanings."""

    word: str
    keys: frozenset[str]
    concepts: frozenset[str]


def terms(text: str) -> tuple[Term, ...]:
    """The content words of `text`, each once, and the meanings of its phrases and figures."""
    return _terms(unicodedata.normalize("NFC", text))


def find_concepts(text: str) -> frozenset[str]:
    """The concepts of all words and phrases in `text`.

    >>> sorted(find_concepts("Slicing onions for 10 minutes"))
    ['chop', 'time']
    """
    return frozenset(concept for term in terms(text) for concept in term.concepts)


def likeness(first: Term, second: Term) -> float:
    """Likeness of two terms, 0 to 1: the same word, the same meaning, or a misspelling."""
    if first.word == second.word or first.keys & second.keys:
        return 1.0
    if first.concepts & second.concepts:
        return SAME_MEANING
    return MISSPELLED if _is_misspelling(first.word, second.word) else 0.0


def found_in(term: Term, others: Iterable[Term]) -> float:
    """Likeness of `term` and the most similar of `others`, 0 to 1."""
    return max((likeness(term, other) for other in others), default=0.0)


def covered_share(wanted: Collection[Term], others: Collection[Term]) -> float:
    """The share of the `wanted` terms that are among `others`, 0 to 1."""
    return sum(found_in(term, others) for term in wanted) / len(wanted) if wanted else 0.0


def fold(text: str) -> str:
    """`text` in lower case without accents, with German umlauts as two letters.

    >>> fold("Crème BRÜLÉE")
    'creme bruelee'
    """
    text = unicodedata.normalize("NFKC", text.replace("º", "°")).casefold()
    text = unicodedata.normalize("NFKD", "".join(_LETTERS.get(c, c) for c in text))
    return "".join(c for c in text.replace("\u2019", "'") if not unicodedata.combining(c))


def stem(word: str, language: str) -> str:
    """The stem of a folded `word` in a language of LANGUAGES.

    >>> stem("kneading", "en")
    'knead'
    """
    return _key(word, language).partition(":")[2]


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[Term, ...]:
    folded = fold(text)
    found = [_phrase_term(concept) for concept in _phrase_concepts(folded)]
    words = list(dict.fromkeys(re.findall(r"[^\W\d_]{2,}", folded)))
    languages = _guess_languages(words)
    function_words = {word for language in languages for word in _function_words(language)}
    phrase_words = _phrase_words(folded)
    for word in words:
        term = _word_term(word, languages)
        if term.concepts if word in function_words else word not in phrase_words:
            found.append(term)
    return tuple(dict.fromkeys(found))


def _phrase_term(concept: str) -> Term:
    return Term(f"({concept})", frozenset(), frozenset({concept}))


def _phrase_concepts(folded: str) -> list[str]:
    """The concepts of phrases and of figures with units."""
    phrases = [
        concept
        for concept, patterns in PHRASES.items()
        if any(re.search(rf"\b{pattern}\b", folded) for pattern in patterns)
    ]
    figures = [concept for concept, pattern in FIGURES.items() if re.search(pattern, folded)]
    return list(dict.fromkeys([*phrases, *figures]))


def _phrase_words(folded: str) -> set[str]:
    """The words of all phrases in `folded`: a phrase means something else than its words."""
    patterns = [pattern for patterns in PHRASES.values() for pattern in patterns]
    phrases = (m.group().split() for p in patterns for m in re.finditer(rf"\b{p}\b", folded))
    return {word for phrase in phrases for word in phrase}


def _guess_languages(words: Collection[str]) -> tuple[str, ...]:
    """The languages with the most function words among `words`. Words with a concept do not count:
    `pour` is French for "for"."""
    plain = [word for word in words if not _word_term(word, tuple(LANGUAGES)).concepts]
    hits = {
        language: sum(word in _function_words(language) for word in plain) for language in LANGUAGES
    }
    most = max(hits.values())
    return tuple(language for language in LANGUAGES if hits[language] == most)


@lru_cache(maxsize=4)
def _function_words(language: str) -> frozenset[str]:
    return frozenset(FUNCTION_WORDS[language].split())


@lru_cache(maxsize=16384)
def _word_term(word: str, languages: tuple[str, ...]) -> Term:
    keys = frozenset(_key(word, language) for language in LANGUAGES)
    by_key = _concepts_by_key()
    concepts = {c for language in languages for c in by_key.get(_key(word, language), ())}
    if not concepts and not any(word in _function_words(language) for language in languages):
        concepts = _misspelled_concepts(word, languages)
    return Term(word, keys, frozenset(concepts))


@lru_cache(maxsize=32768)
def _key(word: str, language: str) -> str:
    return f"{language}:{_stemmer(language).stemWord(word)}"


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(LANGUAGES[language])


@lru_cache(maxsize=1)
def _concepts_by_key() -> dict[str, frozenset[str]]:
    by_key: dict[str, set[str]] = {}
    for concept, words_by_language in WORDS.items():
        for language, words in words_by_language.items():
            for word in words.split():
                by_key.setdefault(_key(word, language), set()).add(concept)
    return {key: frozenset(concepts) for key, concepts in by_key.items()}


def _misspelled_concepts(word: str, languages: Collection[str]) -> set[str]:
    """The concepts of the known words that `word` may misspell."""
    if len(word) < MIN_WORD_LETTERS:
        return set()
    return {
        concept
        for concept, words_by_language in WORDS.items()
        for language in languages
        for known in words_by_language[language].split()
        if _is_misspelling(word, known)
        or _is_misspelling(stem(word, language), stem(known, language), MIN_STEM_LETTERS)
    }


@lru_cache(maxsize=65536)
def _is_misspelling(first: str, second: str, min_letters: int = MIN_WORD_LETTERS) -> bool:
    """Whether two words of at least `min_letters` differ little. The first letter must be the same:
    few people misspell it."""
    if min(len(first), len(second)) < min_letters or first[0] != second[0]:
        return False
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    # Two swapped letters are a slip, but another letter often makes another word.
    swapped = sorted(first) == sorted(second) and OSA.distance(first, second) == 1
    return swapped or bool(fuzz.ratio(first, second) >= MIN_SPELLING_LIKENESS)
