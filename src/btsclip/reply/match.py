"""Which moment answers a comment: by the words of notes, captions and speech, and by its action.

Each match says how sure it is. A question such as how hot or how long is answered only
by a text that tells it. A question that footage can't answer, such as a price, has no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from btsclip.notes import ACTIONS, BEYOND, KINDS, MEASURES, SAME_MEANING, Term, found_in, terms

# A moment that is this sure is an answer.
MIN_SURE = 0.55
# Weight of a word that no moment has, and of one that only asks who or why, since comments chat.
# All other words weigh 1.
UNKNOWN_WEIGHT = 0.3
ASKING_WEIGHT = 0.3
# Factor on `sure` if what the comment asks for, such as a temperature, is missing.
MISSING_FACTOR = 0.5
# How far each source of words can be trusted. An action is as good as the name of its step, and
# better than a word in its note, which may be about something else.
TRUST = {
    "step": 1.0, "action": 1 / SAME_MEANING, "kind": 1.0, "note": 0.95, "question": 0.9,
    "speech": 0.85, "caption": 0.85, "take": 0.7,
}  # fmt: skip


@dataclass(frozen=True)
class MomentFacts:
    """The facts of a moment to match comments with.

    `texts` are by source (see TRUST); `score` is its quality, 0 to 1. `terms_by_source` is derived.
    """

    texts: Mapping[str, str]
    action: str | None
    kind: str
    score: float
    terms_by_source: Mapping[str, tuple[Term, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        by_source = {source: terms(text) for source, text in self.texts.items()}
        if self.action in ACTIONS:
            by_source["action"] = (_concept_term(self.action),)
        if self.kind in (*KINDS, "why"):
            by_source["kind"] = (_concept_term(self.kind),)
        if self.texts.get("note") and self.kind != "why":
            # A note is a reason.
            by_source["note"] = (*by_source["note"], _concept_term("why"))
        object.__setattr__(self, "terms_by_source", by_source)


@dataclass(frozen=True)
class CommentMatch:
    """How well a moment answers a comment: the moment's index, `sure` from 0 to 1, and the sources
    of the words that match."""

    moment: int
    sure: float
    by: tuple[str, ...]

    @property
    def answers(self) -> bool:
        """Whether it is sure enough for an answer."""
        return self.sure >= MIN_SURE


def comment_terms(comment: str) -> tuple[Term, ...]:
    """The terms that a comment asks for; empty for praise, a greeting or a mere "why?"."""
    words = terms(comment)
    return words if any(term.concepts != {"why"} for term in words) else ()


def matches(comment: str, moments: Sequence[MomentFacts]) -> list[CommentMatch]:
    """The matches of `comment` with all `moments`, the surest first.

    Of equally sure ones work comes first, then the better moment.
    """
    wanted = comment_terms(comment)
    known = [
        term for moment in moments for group in moment.terms_by_source.values() for term in group
    ]
    weights = {term: _weight(term, known) for term in wanted}
    if all(weight < 1 for weight in weights.values()):
        # The comment asks only who it is.
        weights.update({term: 1.0 for term in wanted if "people" in term.concepts})
    unsorted = [_match(i, moment, weights) for i, moment in enumerate(moments)]

    def rank(match: CommentMatch) -> tuple[float, bool, float, int]:
        moment = moments[match.moment]
        # All moments of a take may have the words of its step.
        return -match.sure, moment.kind != "process", -moment.score, match.moment

    return sorted(unsorted, key=rank)


def _match(index: int, moment: MomentFacts, weights: Mapping[Term, float]) -> CommentMatch:
    total = 0.0
    by: list[str] = []
    missing = False
    for term, weight in weights.items():
        shares = [
            (TRUST[source] * found_in(term, known), source)
            for source, known in moment.terms_by_source.items()
        ]
        share, source = max(shares, default=(0.0, ""))
        total += weight * share
        if share:
            by.append(source)
        missing |= not share and bool(term.concepts & {*MEASURES, *BEYOND})
    sure = total / sum(weights.values()) if weights else 0.0
    sure *= MISSING_FACTOR if missing else 1.0
    return CommentMatch(index, round(min(sure, 1.0), 3), tuple(dict.fromkeys(by)))


def _weight(term: Term, known: Iterable[Term]) -> float:
    if term.concepts and term.concepts <= {"people", "why"}:
        return ASKING_WEIGHT
    return 1.0 if term.concepts or found_in(term, known) else UNKNOWN_WEIGHT


def _concept_term(concept: str) -> Term:
    """A term for a concept that no text names."""
    return Term(f"({concept})", frozenset(), frozenset({concept}))
