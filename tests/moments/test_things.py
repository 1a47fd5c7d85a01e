"""The things that a scene shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from made_signals import scene_of, signals

from btsclip.moments.things import MIN_NAMED_SCORE, NAMED, named_thing, thing_scores
from btsclip.signals.scene import scene_things

ALL = slice(0, 40)


def test_score_is_the_mean_over_the_moment() -> None:
    made = signals(10, ((0, 10),))
    half = np.where(np.arange(40)[:, None] < 20, scene_of(made.dense, pizza=8.0), made.scene)
    assert thing_scores(replace(made, scene=half), ALL)["pizza"] == 4.0
    assert named_thing(replace(made, scene=half), ALL) == ("pizza", 4.0)
    assert named_thing(replace(made, scene=half), slice(20, 40)) is None


def test_surest_named_thing_is_returned() -> None:
    made = signals(10, ((0, 10),))
    seen = replace(
        made,
        scene=scene_of(made.dense, dough=9.0, coffee=MIN_NAMED_SCORE, pizza=MIN_NAMED_SCORE + 1),
    )
    assert named_thing(seen, ALL) == ("pizza", MIN_NAMED_SCORE + 1)


def test_footage_without_scene_has_no_things() -> None:
    made = replace(signals(10), scene=np.zeros((40, 0)))
    assert thing_scores(made, ALL) == {} and named_thing(made, ALL) is None


def test_network_knows_all_named_things() -> None:
    assert set(NAMED) <= set(scene_things().names)
