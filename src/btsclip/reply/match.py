"""Which moment answers a comment: by the words of notes, captions and speech, and by what is done.

A figure says how sure it is. Whoever asks how hot or how long is answered only by a text that tells
it, and what footage of work can't answer, such as a price, by nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from btsclip.notes.concepts import SAME_MEANING, Term, found_in, terms
from btsclip.notes.lexicon import ACTIONS, BEYOND, KINDS, MEASURES

# From here on a moment is an answer.
BAR = 0.55
# What a word counts that nothing here speaks of, and one that only asks who or why: comments chat.
# The other words count one each.
UNKNOWN, ASKING = 0.3, 0.3
# What is left of the likeness where the very thing that is asked for is missing.
UNANSWERED = 0.5
# How far each source of words is to be trusted. What is done is as good as a step's own word for
# it, and better than a word in its note, which may be about something else.
TRUST = {
    "step": 1.0, "action": 1 / SAME_MEANING, "kind": 1.0, "note": 0.95, "question": 0.9,
    "speech": 0.85, "caption": 0.85, "take": 0.7,
}  # fmt: skip


@dataclass(frozen=True)
class MomentFacts:
    """What is known of a moment: its texts by source (see TRUST), its action and kind, and how good
    it is, 0 to 1."""

    texts: Mapping[str, str]
    action: str | None
    kind: str
    score: float
    known: Mapping[str, tuple[Term, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        known = {source: terms(text) for source, text in self.texts.items()}
        if self.action in ACTIONS:
            known["action"] = (_meant(self.action),)
        if self.kind in (*KINDS, "why"):
            known["kind"] = (_meant(self.kind),)
        if self.texts.get("note") and self.kind != "why":
            # A note is a reason.
            known["note"] = (*known["note"], _meant("why"))
        object.__setattr__(self, "known", known)


@dataclass(frozen=True)
class CommentMatch:
    """How a comment fits a moment (its place among those given): `sure` from 0 to 1, and the
    sources of words that made it so."""

    moment: int
    sure: float
    by: tuple[str, ...]

    @property
    def answers(self) -> bool:
        """Whether it is sure enough to be shown as an answer."""
        return self.sure >= BAR


def comment_terms(comment: str) -> tuple[Term, ...]:
    """What a comment asks for; nothing for praise, a greeting or a mere "why?"."""
    words = terms(comment)
    return words if any(term.concepts != {"why"} for term in words) else ()


def matches(comment: str, moments: Sequence[MomentFacts]) -> list[CommentMatch]:
    """All `moments` by how surely they answer `comment`, of equally sure ones work and then the
    better first."""
    wanted = comment_terms(comment)
    heard = [term for moment in moments for each in moment.known.values() for term in each]
    weights = {term: _weight(term, heard) for term in wanted}
    if all(weight < 1 for weight in weights.values()):
        # Who it is, is all that is asked for.
        weights.update({term: 1.0 for term in wanted if "people" in term.concepts})
    found = [_match(i, moment, weights) for i, moment in enumerate(moments)]

    def rank(match: CommentMatch) -> tuple[float, bool, float, int]:
        moment = moments[match.moment]
        # All that a take holds may have the words of its step.
        return -match.sure, moment.kind != "process", -moment.score, match.moment

    return sorted(found, key=rank)


def _match(place: int, moment: MomentFacts, weights: Mapping[Term, float]) -> CommentMatch:
    total, by = 0.0, []
    missing = False
    for term, weight in weights.items():
        ways = [
            (TRUST[source] * found_in(term, known), source)
            for source, known in moment.known.items()
        ]
        share, source = max(ways, default=(0.0, ""))
        total += weight * share
        if share:
            by.append(source)
        missing |= not share and bool(term.concepts & {*MEASURES, *BEYOND})
    sure = total / sum(weights.values()) if weights else 0.0
    sure *= UNANSWERED if missing else 1.0
    return CommentMatch(place, round(min(sure, 1.0), 3), tuple(dict.fromkeys(by)))


def _weight(term: Term, heard: Iterable[Term]) -> float:
    if term.concepts and term.concepts <= {"people", "why"}:
        return ASKING
    return 1.0 if term.concepts or found_in(term, heard) else UNKNOWN


def _meant(concept: str) -> Term:
    return Term(f"({concept})", frozenset(), frozenset({concept}))
