"""Made years whose truth is known: what is there is found, and nothing that is not.

The figures of a hundred years of each kind, and how often what is there is found, are in
benchmarks/RESULTS.md.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_year import Effects, Scatter, compared, false_claims, found_planted, year

from btsclip.measure.compare import RETURNS, compare
from btsclip.measure.fit import fit_counts, holm_adjust
from btsclip.measure.join import PostMatch

EFFECTS: Effects = {
    ("kind", "mishap", "saves"): 1.6,
    ("kind", "people", "follows"): 1.8,
    ("kind", "why", "shares"): 0.6,
    ("hook", "question", "watched"): 1.15,
}


def test_what_was_planted_is_found_with_its_size() -> None:
    result = compared(1, EFFECTS, clips=300)
    assert found_planted(result, EFFECTS) == set(EFFECTS) and not false_claims(result, EFFECTS)
    found = {(f.question.trait, f.question.name, f.what): f for f in result.sure}
    people = found["kind", "people", "follows"]
    assert 1.4 < people.ratio < 2.4 and people.low < people.ratio < people.high
    # Drawn to 1, but not beyond it.
    assert 1 < people.shrunk < people.ratio
    assert 0.4 < found["kind", "why", "shares"].ratio < 0.8


@pytest.mark.slow
def test_a_few_years_without_effects_are_called_so() -> None:
    assert sum(bool(compared(seed, {}).sure) for seed in range(8)) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("effects", [{}, EFFECTS], ids=["nothing", "four effects"])
@pytest.mark.parametrize("clips", [60, 150])
def test_nothing_false_is_claimed_in_95_of_100_years(effects: Effects, clips: int) -> None:
    wrong = sum(bool(false_claims(compared(seed, effects, clips), effects)) for seed in range(100))
    assert wrong <= 5


@pytest.mark.slow
def test_most_of_what_is_there_is_found_with_many_clips() -> None:
    years = [found_planted(compared(seed, EFFECTS, clips=300), EFFECTS) for seed in range(40)]
    times = {key: sum(key in found for found in years) for key in EFFECTS}
    # Most mishaps have a look of their own, from which they are hard to tell.
    assert times.pop(("kind", "mishap", "saves")) >= 18
    assert min(times.values()) >= 36


def test_a_difference_between_platforms_is_none_between_clips() -> None:
    """Clips with people are posted only where ten times as much is saved."""
    joined = [
        each
        for each in year(3, 200)
        if each.clip and (each.clip.kind == "people") == (each.post.platform == "instagram")
    ]
    result = compare(joined)
    assert not [f for f in result.findings if f.question.name == "people"]
    why = {r.why for r in result.refusals if r.question.name == "people"}
    assert "can't be told apart from a trait or platform that goes with it" in why


def test_too_few_clips_are_not_concluded_from() -> None:
    result = compare(year(4, 12))
    assert not result.findings and result.refusals
    assert all("needed" in refusal.why for refusal in result.refusals)
    none = compare([])
    assert not none.findings and not none.refusals


def test_returns_that_hardly_happen_are_not_concluded_from() -> None:
    def without(each: PostMatch) -> PostMatch:
        counts = {**each.post.counts, "comments": 0}
        return PostMatch(each.post.model_copy(update={"counts": counts}), each.clip, each.how)

    result = compare([without(each) for each in year(5, 80)])
    assert not [f for f in result.findings if f.what == "comments"]
    assert {f.what for f in result.findings} == set(RETURNS) - {"comments"}


def test_posts_that_scatter_wildly_are_no_evidence() -> None:
    """Poisson's errors would call nearly everything sure here."""
    wild = Scatter(clip_rate=0.8, post_rate=1.0, post_views=1.6)
    claims = [bool(compare(year(seed, 100, {}, wild)).sure) for seed in range(6)]
    assert sum(claims) <= 1


@pytest.mark.slow
def test_one_clip_on_three_platforms_counts_once() -> None:
    """The same posts three times over are no surer."""
    joined = year(6, 100)
    once = {f.question: f for f in compare(joined).findings if f.what == "shares"}
    thrice = {f.question: f for f in compare(joined * 3).findings if f.what == "shares"}
    for question in once.keys() & thrice.keys():
        width = np.log(once[question].high / once[question].low)
        again = np.log(thrice[question].high / thrice[question].low)
        assert again > 0.75 * width


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_among_all_nothing_gets_surer_and_the_order_stays(chances: list[float]) -> None:
    adjusted = holm_adjust(chances)
    assert all(p <= q <= 1 for p, q in zip(chances, adjusted, strict=True))
    order = np.argsort(chances, kind="stable")
    assert (np.diff(np.array(adjusted)[order]) >= 0).all()
    assert min(adjusted) == pytest.approx(min(1.0, len(chances) * min(chances)))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 3))
def test_a_fit_is_finite_whatever_is_counted(seed: int, empty: int) -> None:
    """Also where a group has no event at all, a post has all, or every post has the same."""
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
