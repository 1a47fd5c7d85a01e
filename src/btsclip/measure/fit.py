"""Fit differences of rates, and their errors, when counts scatter more than chance alone.

Counts are modeled as negative binomial: people who save one clip are likely to save a similar one,
so the scatter between posts is far above Poisson's. The errors do not rest on that model: they come
from the residuals of posts, clip by clip, since the posts of one clip go together.
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

# Number of times the scatter is estimated from the fit; it hardly changes after that.
SCATTER_ROUNDS = 3
MIN_SCATTER = 1e-3
MAX_SCATTER = 50.0
# Penalty on coefficients, so weak that only a coefficient of 10 (22000 times the rate) is unusual.
# Without it, the coefficient of a column without any event would run away.
RIDGE = 0.01
MAX_STEPS = 100
# Change of the likelihood, and of a step, that ends the search.
TOLERANCE = 1e-7


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (p,) of the logarithm of a rate, and their covariance (p, p)."""

    beta: Array
    covariance: Array

    def estimate(self, contrast: Array) -> tuple[float, float]:
        """The sum of coefficients weighted by `contrast` (p,), and its standard error."""
        spread = float(contrast @ self.covariance @ contrast)
        return float(contrast @ self.beta), float(np.sqrt(max(spread, 0.0)))


def fit_counts(counts: Array, views: Array, design: Array, clips: Labels) -> Fit:
    """Fit the logarithm of `counts` per view as a weighted sum of the columns of `design`.

    Args:
        counts: Events of each post, (n,).
        views: Views of each post, (n,).
        design: Columns (n, p); the first is all ones.
        clips: Number of the clip that each post shows, (n,).
    """
    scatter = 1.0
    beta: Array = np.zeros(design.shape[1])
    beta[0] = np.log(max(counts.sum(), 0.5) / views.sum())
    for _ in range(SCATTER_ROUNDS):
        beta = _maximize_likelihood(counts, views, design, scatter, beta)
        means = views * np.exp(design @ beta)
        scatter = _estimate_scatter(counts, means, len(counts) - design.shape[1])
    weights = means / (1 + scatter * means)
    residuals = (counts - means) / means
    return Fit(beta, _covariance(design, weights, residuals, clips))


def fit_shares(shares: Array, design: Array, clips: Labels) -> Fit:
    """Fit the logarithm of `shares` (n,), all above 0, as a weighted sum of the columns of `design`
    (n, p); `clips` (n,) as for `fit_counts`."""
    y = np.log(shares)
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    covariance = _covariance(design, np.ones(len(y)), y - design @ beta, clips)
    return Fit(beta, covariance)


def holm_adjust(chances: Sequence[float]) -> list[float]:
    """Adjust chances for the number of comparisons (Holm 1979): the chance that such a clear
    difference comes up in any comparison without a difference.

    >>> [round(p, 2) for p in holm_adjust([0.01, 0.04])]
    [0.02, 0.04]
    """
    p = np.asarray(chances, float)
    order = np.argsort(p)
    adjusted = np.empty(len(p))
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return [min(1.0, float(chance)) for chance in adjusted]


def _maximize_likelihood(
    counts: Array, views: Array, design: Array, scatter: float, beta: Array
) -> Array:
    """The coefficients (p,) under which negative binomial `counts` with this `scatter` are most
    likely, by Fisher scoring from `beta`."""
    penalty = np.full(len(beta), RIDGE)
    penalty[0] = 0.0

    def likelihood(beta: Array) -> float:
        means = views * np.exp(design @ beta)
        terms = counts * np.log(means) - (counts + 1 / scatter) * np.log1p(scatter * means)
        return float(terms.sum() - (penalty * beta**2).sum() / 2)

    current = likelihood(beta)
    for _ in range(MAX_STEPS):
        means = views * np.exp(design @ beta)
        slope = design.T @ ((counts - means) / (1 + scatter * means)) - penalty * beta
        weights = means / (1 + scatter * means)
        step = np.linalg.solve((design.T * weights) @ design + np.diag(penalty + 1e-9), slope)
        # No rate changes by more than a factor of e at once: it might overshoot for good.
        step /= max(1.0, float(np.abs(design @ step).max()))
        while (new := likelihood(beta + step)) < current and np.abs(step).max() > TOLERANCE:
            step /= 2
        beta, gain, current = beta + step, new - current, new
        if abs(gain) < TOLERANCE:
            break
    return beta


def _estimate_scatter(counts: Array, means: Array, freedom: int) -> float:
    """The scatter of a negative binomial that explains the distance of `counts` from `means`."""
    from scipy.optimize import brentq

    def excess(scatter: float) -> float:
        spread = means * (1 + scatter * means)
        return float(np.sum((counts - means) ** 2 / spread)) - freedom

    if excess(MIN_SCATTER) <= 0:
        return MIN_SCATTER
    if excess(MAX_SCATTER) >= 0:
        return MAX_SCATTER
    return float(brentq(excess, MIN_SCATTER, MAX_SCATTER, xtol=1e-3))


def _covariance(design: Array, weights: Array, residuals: Array, clips: Labels) -> Array:
    """The covariance (p, p) of a fit's coefficients: how far they would move without each clip.

    The cluster jackknife (CR3; Bell and McCaffrey 2002), linear in the last step of the fit. Unlike
    the usual sandwich estimator it does not understate errors when few clips have a trait.
    """
    root = np.sqrt(weights)
    x, r = design * root[:, None], residuals * root
    bread = np.linalg.pinv(x.T @ x, hermitian=True)
    meat = np.zeros_like(bread)
    order = np.argsort(clips, kind="stable")
    for rows in np.split(order, changes(clips[order])):
        of_clip = x[rows]
        rest = np.eye(len(rows)) - of_clip @ bread @ of_clip.T
        # A clip that alone determines a coefficient tells nothing about its error.
        moved = of_clip.T @ (np.linalg.pinv(rest, rcond=1e-8, hermitian=True) @ r[rows])
        meat += np.outer(moved, moved)
    return np.asarray(bread @ meat @ bread)
