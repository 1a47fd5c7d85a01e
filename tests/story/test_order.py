from __future__ import annotations

from random import Random

from hypothesis import given, strategies as st
from made_story import footage

from btsclip.media.footage import Footage
from btsclip.story.order import natural, order_takes


def names_in_order(takes: list[Footage]) -> list[str]:
    order = order_takes(takes)
    return [take.path.name for take in sorted(takes, key=lambda take: order.when(take, 0.0))]


def test_clocks_come_before_names() -> None:
    takes = [footage("a.mp4", minutes=30), footage("b.mp4", minutes=0), footage("c.mp4", minutes=9)]
    assert names_in_order(takes) == ["b.mp4", "c.mp4", "a.mp4"]
    assert order_takes(takes).warnings == ()


def test_without_clocks_names_decide_and_a_warning_says_so() -> None:
    takes = [footage("take10.mp4"), footage("Take2.mp4"), footage("take1.mp4")]
    assert names_in_order(takes) == ["take1.mp4", "Take2.mp4", "take10.mp4"]
    assert "by their names" in order_takes(takes).warnings[0]


def test_take_without_a_clock_follows_the_one_before_it_by_name() -> None:
    takes = [footage("c1.mp4", minutes=50), footage("c2.mp4"), footage("c3.mp4", minutes=90),
             footage("c0.mp4")]  # fmt: skip
    assert names_in_order(takes) == ["c0.mp4", "c1.mp4", "c2.mp4", "c3.mp4"]
    assert order_takes(takes).warnings[0].startswith("c0.mp4, c2.mp4")


def test_takes_with_the_same_stamp_follow_by_name() -> None:
    takes = [footage("b.mp4", minutes=5), footage("a.mp4", minutes=5)]
    order = order_takes(takes)
    times = [order.when(take, seconds) for take in takes[::-1] for seconds in (0.0, 20.0)]
    assert times == sorted(times) and "same time" in order.warnings[0]


def test_takes_of_two_cameras_interleave() -> None:
    wide, close = footage("wide.mp4", 60, minutes=0), footage("close.mp4", 60, minutes=0.5)
    order = order_takes([wide, close])
    times = [
        order.when(wide, 10),
        order.when(close, 0),
        order.when(wide, 40),
        order.when(close, 20),
    ]
    assert times == sorted(times)


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_takes_with_and_without_clocks_are_in_order(order: list[int], silent: set[int]) -> None:
    takes = [footage(f"t{n}.mp4", 30, None if n in silent else 10.0 * n) for n in order]
    # Names and clocks agree here, so takes without a clock still come in their place.
    assert names_in_order(takes) == [f"t{n}.mp4" for n in range(12)]


@given(st.lists(st.text(max_size=6), max_size=6), st.randoms())
def test_any_names_can_be_sorted(names: list[str], random: Random) -> None:
    keys = sorted(natural(name) for name in names)
    random.shuffle(names)
    assert sorted(natural(name) for name in names) == keys
