"""What things a scene shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from made_signals import scene_of, signals

from btsclip.moments.things import NAMED, SURE, named_thing, thing_scores
from btsclip.signals.scene import scene_things

ALL = slice(0, 40)


def test_the_mean_over_the_moment_counts() -> None:
    made = signals(10, ((0, 10),))
    half = np.where(np.arange(40)[:, None] < 20, scene_of(made.dense, pizza=8.0), made.scene)
    assert thing_scores(replace(made, scene=half), ALL)["pizza"] == 4.0
    assert named_thing(replace(made, scene=half), ALL) == ("pizza", 4.0)
    assert named_thing(replace(made, scene=half), slice(20, 40)) is None


def test_the_surest_of_those_that_may_be_named_is_told() -> None:
    made = signals(10, ((0, 10),))
    seen = replace(made, scene=scene_of(made.dense, dough=9.0, coffee=SURE, pizza=SURE + 1))
    assert named_thing(seen, ALL) == ("pizza", SURE + 1)


def test_a_scene_that_was_never_looked_at_shows_nothing() -> None:
    made = replace(signals(10), scene=np.zeros((40, 0)))
    assert thing_scores(made, ALL) == {} and named_thing(made, ALL) is None


def test_what_may_be_named_is_known_to_the_network() -> None:
    assert set(NAMED) <= set(scene_things().names)
