"""Fill a preset's templates with what is known about a clip; each text comes with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from btsclip.moments import ACTION_WORDS
from btsclip.presets import alternatives, template_fields
from btsclip.wording import words_in

# A text mentions hands only if they are visible for this share of the clip.
MIN_HANDS_SHARE = 0.5
# Fields with words of btsclip: they begin a text with a capital letter.
LOWERCASE_FIELDS = ("{action}", "{food}")
FROM_PRESET = "the preset's own words"


@dataclass(frozen=True)
class Fact:
    """Words that may be written on a clip, and the evidence for them, such as "notes: step 3"."""

    text: str
    evidence: str

    def __bool__(self) -> bool:
        return bool(self.text.strip())


NOTHING = Fact("", "")
Facts = Mapping[str, Fact]


def fill_template(
    templates: str | list[str], facts: Facts, hands_seen: bool, avoid: Iterable[str] = ()
) -> Fact:
    """The first of `templates` whose {fields} are all among `facts`, filled in; else NOTHING.

    Templates that mention hands, in English or as {hands}, need `hands_seen`. One that would say a
    word to `avoid` is not used.

    >>> fill_template(["{dish}", "By {person}"], {"person": Fact("Ana", "notes: people")}, True)
    Fact(text='By Ana', evidence='notes: people')
    """
    for template in alternatives(templates):
        fields = template_fields(template)
        mentions_hands = "hand" in template.casefold()
        if not fields <= facts.keys() or (mentions_hands and not hands_seen):
            continue
        text = " ".join(template.format_map({name: facts[name].text for name in fields}).split())
        if not text:
            return NOTHING
        if words_in(text, avoid):
            continue
        if template.startswith(LOWERCASE_FIELDS):
            text = text[0].upper() + text[1:]
        order = sorted(fields, key=lambda name: template.index(f"{{{name}}}"))
        evidence = "; ".join(dict.fromkeys(facts[name].evidence for name in order))
        return Fact(text, evidence or FROM_PRESET)
    return NOTHING


def facts_of(action: str | None, seconds: float, evidence: Mapping[str, float]) -> dict[str, Fact]:
    """What is known of a clip of `seconds` of the footage from its noted `action` and its
    evidence."""
    # Whole seconds that have passed: 11.6 s are not 12.
    facts = {"seconds": Fact(str(int(seconds + 0.05)), "length of the clip")}
    if action in ACTION_WORDS:
        facts["action"] = Fact(ACTION_WORDS[action], "notes: action")
    if hands := round(evidence.get("hands", 0.0)):
        facts["hands"] = Fact(str(hands), "hands seen")
    return facts
