"""How much a rate differs, and how sure that is, when counts scatter more than chance alone.

Counts are taken as negative binomial: who saves one clip is likely to save its like, so the scatter
between posts is far above Poisson's. How sure the result is does not rest on that model: it comes
from how far posts lie from it, clip by clip, since the posts of one clip go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btsclip.intervals import changes

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]

# How many times the scatter is found anew from the fit; it hardly changes after that.
ROUNDS = 3
LEAST_SCATTER, MOST_SCATTER = 1e-3, 50.0
# Coefficients are held by as much as if one of 10, 22000 times, were unusual: where a column holds
# no event at all, its coefficient would run away without it.
HELD = 0.01
STEPS, CLOSE = 100, 1e-7


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (p,) of the logarithm of a rate and their covariance (p, p)."""

    beta: Array
    covariance: Array

    def along(self, contrast: Array) -> tuple[float, float]:
        """The sum of coefficients that `contrast` (p,) weighs, and its standard error."""
        spread = float(contrast @ self.covariance @ contrast)
        return float(contrast @ self.beta), float(np.sqrt(max(spread, 0.0)))


def fit_counts(counts: Array, views: Array, design: Array, clips: Labels) -> Fit:
    """The logarithm of `counts` (n,) per one of `views` (n,) as a sum of `design`'s (n, p) columns,
    of which the first is all ones; `clips` (n,) says which posts are of one clip."""
    scatter = 1.0
    beta: Array = np.zeros(design.shape[1])
    beta[0] = np.log(max(counts.sum(), 0.5) / views.sum())
    for _ in range(ROUNDS):
        beta = _likeliest(counts, views, design, scatter, beta)
        means = views * np.exp(design @ beta)
        scatter = _scatter(counts, means, len(counts) - design.shape[1])
    weights = means / (1 + scatter * means)
    residuals = (counts - means) / means
    return Fit(beta, _covariance(design, weights, residuals, clips))


def fit_shares(shares: Array, design: Array, clips: Labels) -> Fit:
    """The logarithm of `shares` (n,) above 0 as a sum of `design`'s (n, p) columns."""
    y = np.log(shares)
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    covariance = _covariance(design, np.ones(len(y)), y - design @ beta, clips)
    return Fit(beta, covariance)


def holm_adjust(chances: Sequence[float]) -> list[float]:
    """`chances` as they are among all of them: the chance that so clear a difference comes up in
    any comparison where there is none (Holm 1979)."""
    p = np.asarray(chances, float)
    order = np.argsort(p)
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return [min(1.0, float(each)) for each in adjusted]


def _likeliest(counts: Array, views: Array, design: Array, scatter: float, beta: Array) -> Array:
    """The coefficients under which negative binomial `counts` with this `scatter` are likeliest,
    by Fisher's scoring from `beta` on."""
    hold = np.full(len(beta), HELD)
    hold[0] = 0.0

    def likelihood(beta: Array) -> float:
        means = views * np.exp(design @ beta)
        each = counts * np.log(means) - (counts + 1 / scatter) * np.log1p(scatter * means)
        return float(each.sum() - (hold * beta**2).sum() / 2)

    now = likelihood(beta)
    for _ in range(STEPS):
        means = views * np.exp(design @ beta)
        slope = design.T @ ((counts - means) / (1 + scatter * means)) - hold * beta
        weights = means / (1 + scatter * means)
        step = np.linalg.solve((design.T * weights) @ design + np.diag(hold + 1e-9), slope)
        # No rate changes by more than e at once, or it may overshoot for good.
        step /= max(1.0, float(np.abs(design @ step).max()))
        while (then := likelihood(beta + step)) < now and np.abs(step).max() > CLOSE:
            step /= 2
        beta, gained, now = beta + step, then - now, then
        if abs(gained) < CLOSE:
            break
    return beta


def _scatter(counts: Array, means: Array, freedom: int) -> float:
    """The negative binomial's scatter, with which counts lie as far from `means` as they do."""
    from scipy.optimize import brentq

    def excess(scatter: float) -> float:
        spread = means * (1 + scatter * means)
        return float(np.sum((counts - means) ** 2 / spread)) - freedom

    if excess(LEAST_SCATTER) <= 0:
        return LEAST_SCATTER
    if excess(MOST_SCATTER) >= 0:
        return MOST_SCATTER
    return float(brentq(excess, LEAST_SCATTER, MOST_SCATTER, xtol=1e-3))


def _covariance(design: Array, weights: Array, residuals: Array, clips: Labels) -> Array:
    """The covariance of a fit's coefficients from how far it would move without each clip.

    The cluster jackknife (CR3; Bell and McCaffrey 2002), linear in the last step of the fit. Unlike
    the usual sandwich it is not too sure where only some clips have a trait.
    """
    root = np.sqrt(weights)
    x, r = design * root[:, None], residuals * root
    bread = np.linalg.pinv(x.T @ x, hermitian=True)
    meat = np.zeros_like(bread)
    order = np.argsort(clips, kind="stable")
    for rows in np.split(order, changes(clips[order])):
        mine = x[rows]
        rest = np.eye(len(rows)) - mine @ bread @ mine.T
        # A clip that alone holds a coefficient says nothing of how sure that is.
        moved = mine.T @ (np.linalg.pinv(rest, rcond=1e-8, hermitian=True) @ r[rows])
        meat += np.outer(moved, moved)
    return np.asarray(bread @ meat @ bread)
