"""A year of posts whose truth is known: clips on three platforms, and effects planted in them.

What makes real figures hard to read is in it: counts scatter far beyond chance from clip to clip
and from post to post, a few posts run away, platforms differ, the account grows, weekends and
evenings do better, old posts have had more time, mishaps are posted on weekends, a preset is tied
to a kind, another one comes in the middle of the year, and no platform tells everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from btsclip.measure.compare import Comparison, Finding, compare
from btsclip.measure.design import TRAITS
from btsclip.measure.match import PostMatch
from btsclip.measure.post import MadeClip, Post

KINDS = {"process": 0.45, "mishap": 0.17, "people": 0.15, "why": 0.12, "reveal": 0.11}
HOOKS = {"": 0.3, "Day four of sourdough": 0.4, "Why does it stick?": 0.3}
SEEN = date(2026, 1, 4)
# Of one view: what is usual on each platform.
RATES = {
    "youtube": {"likes": 0.03, "shares": 0.003, "comments": 0.002, "follows": 0.0015},
    "instagram": {"likes": 0.05, "shares": 0.012, "comments": 0.003, "follows": 0.002,
                  "saves": 0.015},
    "tiktok": {"likes": 0.08, "shares": 0.004, "comments": 0.004, "saves": 0.008},
}  # fmt: skip
VIEWS = {"youtube": 900, "instagram": 2500, "tiktok": 1500}

# (trait, level, what is returned): how many times as much.
Effects = Mapping[tuple[str, str, str], float]


@dataclass(frozen=True)
class Scatter:
    """Spreads of logarithms: of a clip's views and rates, and of a single post's."""

    clip_views: float = 0.7
    post_views: float = 0.9
    clip_rate: float = 0.3
    post_rate: float = 0.4
    watched: float = 0.15


def year(
    seed: int, clips: int = 150, effects: Effects | None = None, scatter: Scatter | None = None
) -> list[PostMatch]:
    """The posts of `clips` clips made from the 1st of January 2025 on."""
    draw, spread = np.random.default_rng(seed), scatter or Scatter()
    planted = effects or {}
    joined = []
    for number in range(clips):
        clip = _clip(draw, number, clips)
        views = draw.normal(0, spread.clip_views)
        liked = {what: draw.normal(0, spread.clip_rate) for what in RATES["instagram"]}
        for platform in RATES:
            if draw.random() < 0.9:
                post = _post(draw, clip, platform, views, liked, planted, spread)
                joined.append(PostMatch(post, clip, "code"))
    return joined


def _clip(draw: np.random.Generator, number: int, clips: int) -> MadeClip:
    created = datetime(2025, 1, 1, 9) + timedelta(days=360 * number / clips)
    kind = str(draw.choice(list(KINDS), p=list(KINDS.values())))
    preset = "honest-kitchen"
    if kind == "mishap" and draw.random() < 0.6:
        preset = "mishap-and-fix"
    elif number > clips / 2 and draw.random() < 0.5:
        preset = "street-food-fast"
    return MadeClip(
        key=f"clip{number}", id=f"take-{number:03d}-{kind}", code="", title=f"Take {number}",
        kind=kind, preset=preset, seconds=float(np.clip(draw.lognormal(2.6, 0.5), 4, 60)),
        hook=str(draw.choice(list(HOOKS), p=list(HOOKS.values()))), created=created,
    )  # fmt: skip


def _post(
    draw: np.random.Generator,
    clip: MadeClip,
    platform: str,
    clip_views: float,
    liked: Mapping[str, float],
    effects: Effects,
    spread: Scatter,
) -> Post:
    assert clip.created
    when = clip.created + timedelta(days=float(draw.uniform(0, 5)))
    if clip.kind == "mishap" and draw.random() < 0.6:
        when += timedelta(days=(5 - when.weekday()) % 7)
    when = when.replace(hour=int(draw.choice([7, 12, 18, 20], p=[0.2, 0.3, 0.3, 0.2])), minute=0)
    age, months = (SEEN - when.date()).days, (when - datetime(2025, 1, 1)).days / 30
    lift = 1.2 if when.weekday() > 4 else 1.0
    grown = 1.1**months * (1 - np.exp(-(age + 1) / 10))
    own = draw.normal(0, spread.post_views) + (2.5 if draw.random() < 0.03 else 0)
    views = max(5, int(VIEWS[platform] * grown * lift * np.exp(clip_views + own)))
    counts = {}
    for what, usual in RATES[platform].items():
        rate = usual * np.exp(liked[what] + draw.normal(0, spread.post_rate))
        # What runs away reaches strangers, who save and follow less; an old post was found again.
        rate *= (views / VIEWS[platform]) ** -0.08 * lift * (1 + age / 400)
        rate *= 1.15 if when.hour >= 18 else 1.0
        rate *= _planted(clip, what, effects)
        counts[what] = int(draw.poisson(min(rate, 0.9) * views))
    watched = {"youtube": 0.7, "instagram": 0.0, "tiktok": 0.55}[platform]
    watched *= np.exp(draw.normal(0, spread.watched)) * _planted(clip, "watched", effects)
    watched *= 1.05 if when.weekday() > 4 else 1.0
    return Post(
        platform=platform, id=f"{platform}-{clip.key}", title=clip.title, seen=SEEN,
        published=when if platform != "youtube" else when.replace(hour=0),
        timed=platform != "youtube", seconds=round(clip.seconds), views=views, counts=counts,
        watched=watched if platform == "youtube" else None,
        watch_seconds=watched * clip.seconds if platform == "tiktok" else None,
    )  # fmt: skip


def _planted(clip: MadeClip, what: str, effects: Effects) -> float:
    factor = 1.0
    for (trait, level, name), times in effects.items():
        if name == what and TRAITS[trait](clip) == level:
            factor *= times
    return factor


def false_claims(found: Comparison, effects: Effects) -> list[Finding]:
    """What is called sure of a trait and a return in which nothing was planted, or is planted the
    other way round."""
    true = {(trait, what) for trait, _, what in effects}
    wrong = [f for f in found.sure if (f.question.trait, f.metric) not in true]
    for finding in found.sure:
        times = effects.get((finding.question.trait, finding.question.name, finding.metric))
        if times and (times > 1) != (finding.ratio > 1):
            wrong.append(finding)
    return wrong


def found_planted(found: Comparison, effects: Effects) -> set[tuple[str, str, str]]:
    """Which of `effects` are called sure, the right way round."""
    sure = {(f.question.trait, f.question.name, f.metric): f.ratio for f in found.sure}
    return {key for key, times in effects.items() if key in sure and (sure[key] > 1) == (times > 1)}


def compared(seed: int, effects: Effects, clips: int = 150) -> Comparison:
    """The comparison of one made year."""
    return compare(year(seed, clips, effects))
