"""Leave filler words such as "um" out of the text of speech. The sound keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from btsclip.captions.cues import MAX_PAUSE
from btsclip.signals import SpokenText, ends_sentence

# Marks at the ends of words, and those after which a phrase stands apart.
MARKS = ".,;:!?…–—-¿¡\"'“”‘’«»()"
SEPARATORS = (",", ";", ":", "–", "—", "…")


@dataclass(frozen=True)
class Fillers:
    """The fillers of a language: `sounds`, which say nothing wherever they stand, and `phrases`,
    which say nothing only where commas or pauses set them off."""

    sounds: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]


def _fillers(sounds: str, *phrases: str) -> Fillers:
    return Fillers(frozenset(sounds.split()), tuple(tuple(phrase.split()) for phrase in phrases))


# By the code of the language. "um" is a word in German and Portuguese, "er" in German and Dutch.
FILLERS = {
    "en": _fillers("um umm uh uhm uhh er erm hmm hm mm mmm", "you know", "i mean", "like"),
    "de": _fillers("äh ähm öh öhm hm hmm ähh", "weißt du", "sag ich mal", "sozusagen"),
    "fr": _fillers("euh heu hum hmm", "tu sais", "tu vois", "genre"),
    "es": _fillers("eh em ehm mmm", "o sea", "sabes"),
    "it": _fillers("eh ehm uhm mmm", "sai", "cioè", "tipo"),
    "pt": _fillers("hum ahn hã éé", "sabe", "tipo", "né"),
    "nl": _fillers("uh uhm eh ehm", "weet je", "zeg maar"),
}
# Sounds that are no word in any of these languages, for speech in another one.
ANY_LANGUAGE = _fillers("uh uhm uhh ehm ähm euh hmm mmm")


def without_fillers(words: Sequence[SpokenText], language: str = "") -> tuple[SpokenText, ...]:
    """`words` without the fillers of `language`, a code such as "en"; their times stay.

    The first word of a sentence gets its capital, and the last one its full stop.
    """
    fillers = FILLERS.get(language, ANY_LANGUAGE)
    kept: list[SpokenText] = []
    # A filler that began a sentence hands its capital on.
    is_capital_due = False
    index = 0
    while index < len(words):
        length = _filler_length(words, index, fillers)
        if length:
            filler = words[index : index + length]
            begins = not kept or ends_sentence(kept[-1].text)
            is_capital_due |= begins and filler[0].text.lstrip(MARKS)[:1].isupper()
            if ends_sentence(filler[-1].text):
                is_capital_due = False
                if not begins:
                    kept[-1] = _with_mark(kept[-1], filler[-1].text)
            index += length
            continue
        word = words[index]
        kept.append(replace(word, text=_capital(word.text)) if is_capital_due else word)
        is_capital_due = False
        index += 1
    return tuple(kept)


def _filler_length(words: Sequence[SpokenText], index: int, fillers: Fillers) -> int:
    """How many words from `index` on are one filler; 0 for other words."""
    plain = [word.text.strip(MARKS).casefold() for word in words[index : index + 4]]
    if plain[0] in fillers.sounds:
        return 1
    for phrase in fillers.phrases:
        if tuple(plain[: len(phrase)]) == phrase and _is_set_off(words, index, len(phrase)):
            return len(phrase)
    return 0


def _is_set_off(words: Sequence[SpokenText], index: int, length: int) -> bool:
    """Whether commas, pauses or the ends of sentences stand on both sides of a phrase, and none
    within it."""
    inside = range(index, index + length - 1)
    return (
        (index == 0 or _breaks_after(words, index - 1))
        and _breaks_after(words, index + length - 1)
        and not any(_breaks_after(words, i) for i in inside)
    )


def _breaks_after(words: Sequence[SpokenText], index: int) -> bool:
    word = words[index]
    if index + 1 == len(words) or word.text.endswith(SEPARATORS) or ends_sentence(word.text):
        return True
    return words[index + 1].start - word.end > MAX_PAUSE


def _with_mark(word: SpokenText, ending: str) -> SpokenText:
    """`word` with the marks that end a sentence in `ending`."""
    marks = ending[len(ending.rstrip(MARKS)) :].lstrip("".join(SEPARATORS[:5]))
    return replace(word, text=word.text.rstrip("".join(SEPARATORS)) + marks)


def _capital(text: str) -> str:
    """`text` with its first letter as a capital."""
    start = len(text) - len(text.lstrip(MARKS))
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]
