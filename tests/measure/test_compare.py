"""Comparisons of simulated years find the planted effects, and nothing else.

benchmarks/RESULTS.md has the figures of a hundred years of each kind.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from made_year import Effects, Scatter, compared, false_claims, found_planted, year

from btsclip.measure.compare import METRICS, compare
from btsclip.measure.fit import fit_counts, holm_adjust
from btsclip.measure.match import PostMatch

EFFECTS: Effects = {
    ("kind", "mishap", "saves"): 1.6,
    ("kind", "people", "follows"): 1.8,
    ("kind", "why", "shares"): 0.6,
    ("hook", "question", "watched"): 1.15,
}


def test_planted_effects_are_found_with_their_size() -> None:
    result = compared(1, EFFECTS, clips=300)
    assert found_planted(result, EFFECTS) == set(EFFECTS) and not false_claims(result, EFFECTS)
    found = {(f.question.trait, f.question.name, f.metric): f for f in result.sure}
    people = found["kind", "people", "follows"]
    assert 1.4 < people.ratio < 2.4 and people.low < people.ratio < people.high
    # Drawn to 1, but not past it.
    assert 1 < people.shrunk < people.ratio
    assert 0.4 < found["kind", "why", "shares"].ratio < 0.8


@pytest.mark.slow
def test_years_without_effects_show_no_differences() -> None:
    assert sum(bool(compared(seed, {}).sure) for seed in range(8)) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("effects", [{}, EFFECTS], ids=["nothing", "four effects"])
@pytest.mark.parametrize("clips", [60, 150])
def test_at_most_5_of_100_years_show_a_false_difference(effects: Effects, clips: int) -> None:
    wrong = sum(bool(false_claims(compared(seed, effects, clips), effects)) for seed in range(100))
    assert wrong <= 5


@pytest.mark.slow
def test_most_effects_are_found_with_many_clips() -> None:
    years = [found_planted(compared(seed, EFFECTS, clips=300), EFFECTS) for seed in range(40)]
    times = {key: sum(key in found for found in years) for key in EFFECTS}
    # Most mishaps have their own preset, so the two are hard to separate.
    assert times.pop(("kind", "mishap", "saves")) >= 18
    assert min(times.values()) >= 36


def test_platform_difference_is_not_a_difference_of_clips() -> None:
    """Clips with people are posted only on the platform with ten times the saves."""
    matches = [
        match
        for match in year(3, 200)
        if match.clip and (match.clip.kind == "people") == (match.post.platform == "instagram")
    ]
    result = compare(matches)
    assert not [f for f in result.findings if f.question.name == "people"]
    why = {r.why for r in result.unanswered if r.question.name == "people"}
    assert "always goes with another trait or platform, so they can't be separated" in why


def test_too_few_clips_are_not_compared() -> None:
    result = compare(year(4, 12))
    assert not result.findings and result.unanswered
    assert all("needed" in refusal.why for refusal in result.unanswered)
    none = compare([])
    assert not none.findings and not none.unanswered


def test_rare_events_are_not_compared() -> None:
    def without_comments(match: PostMatch) -> PostMatch:
        counts = {**match.post.counts, "comments": 0}
        return PostMatch(match.post.model_copy(update={"counts": counts}), match.clip, match.how)

    result = compare([without_comments(match) for match in year(5, 80)])
    assert not [f for f in result.findings if f.metric == "comments"]
    assert {f.metric for f in result.findings} == set(METRICS) - {"comments"}


def test_wild_scatter_is_not_evidence() -> None:
    """Poisson errors would call nearly every difference sure here."""
    wild = Scatter(clip_rate=0.8, post_rate=1.0, post_views=1.6)
    claims = [bool(compare(year(seed, 100, {}, wild)).sure) for seed in range(6)]
    assert sum(claims) <= 1


@pytest.mark.slow
def test_one_clip_on_three_platforms_counts_once() -> None:
    """Three copies of the same posts are not surer."""
    matches = year(6, 100)
    once = {f.question: f for f in compare(matches).findings if f.metric == "shares"}
    thrice = {f.question: f for f in compare(matches * 3).findings if f.metric == "shares"}
    for question in once.keys() & thrice.keys():
        width = np.log(once[question].high / once[question].low)
        width_of_copies = np.log(thrice[question].high / thrice[question].low)
        assert width_of_copies > 0.75 * width


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_holm_never_lowers_chances_and_keeps_their_order(chances: list[float]) -> None:
    adjusted = holm_adjust(chances)
    assert all(p <= q <= 1 for p, q in zip(chances, adjusted, strict=True))
    order = np.argsort(chances, kind="stable")
    assert (np.diff(np.array(adjusted)[order]) >= 0).all()
    assert min(adjusted) == pytest.approx(min(1.0, len(chances) * min(chances)))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 3))
def test_fit_is_finite_for_any_counts(seed: int, empty: int) -> None:
    """Also if a group has no events, a post has one per view, or no post has any."""
    draw = np.random.default_rng(seed)
    views = draw.integers(1, 10**6, 40).astype(float)
    group = (np.arange(40) % 2).astype(float)
    counts = draw.poisson(views * draw.choice([1e-6, 1e-3, 0.5])).astype(float)
    if empty == 1:
        counts[group == 1] = 0
    elif empty == 2:
        counts[3] = views[3]
    elif empty == 3:
        counts[:] = 0
    design = np.column_stack([np.ones(40), group, group])
    fit = fit_counts(counts, views, design, np.arange(40))
    assert np.isfinite(fit.beta).all() and np.isfinite(fit.covariance).all()
    assert (np.diag(fit.covariance) >= -1e-9).all()
