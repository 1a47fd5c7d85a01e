"""No line stands on two clips of a run."""

from __future__ import annotations

from typing import Any

from hypothesis import given, strategies as st

from btsclip.plan.model import Clip, Span
from btsclip.plan.texts import Caption
from btsclip.planning.once import keep_first_lines
from btsclip.planning.text_sources import USERS_HOOK

TAKES = ["a.mp4", "b.mp4"]
TEXTS = ["Brioche", "brioche ", "Fold the dough", "Kneading"]

captions = st.builds(
    Caption,
    text=st.sampled_from(TEXTS),
    start=st.just(0.0),
    end=st.just(2.0),
    role=st.sampled_from(["hook", "moment", "speech", "person"]),
    evidence=st.sampled_from(["notes: step 1", USERS_HOOK]),
)


def clip(number: int, texts: list[Caption], **more: Any) -> Clip:
    span = Span(
        source=TAKES[more.pop("take", 0)], start=more.pop("start", 0), end=9, layout="fit-blur"
    )
    return Clip(
        id=f"c{number}", kind="process", score=1, why="", spans=[span], captions=texts, **more
    )


@given(st.lists(st.tuples(st.lists(captions, max_size=3), st.integers(0, 1), st.booleans())))
def test_no_two_clips_share_a_line(rows: list[tuple[list[Caption], int, bool]]) -> None:
    clips = [
        clip(i, texts, take=take, start=i / 100, enabled=enabled)
        for i, (texts, take, enabled) in enumerate(rows)
    ]
    kept = keep_first_lines(clips, TAKES)
    by_clip = [
        {
            c.text.strip().casefold()
            for c in item.captions
            if c.role in ("hook", "moment") and c.evidence != USERS_HOOK
        }
        for item in kept
        if item.enabled
    ]
    for i, texts in enumerate(by_clip):
        assert all(not texts & others for others in by_clip[i + 1 :])
    for before, after in zip(clips, kept, strict=True):
        others = [c for c in before.captions if c.role not in ("hook", "moment")]
        assert [c for c in after.captions if c.role not in ("hook", "moment")] == others


def test_first_clip_in_the_order_of_takes_keeps_the_line() -> None:
    hook = Caption(text="Brioche", start=0, end=2, role="hook", evidence="notes: dish")
    line = Caption(text="Kneading", start=2.2, end=4, evidence="seen: knead")
    later, first = (
        clip(1, [hook], take=1, title="Brioche"), clip(2, [hook, line], take=0, title="Brioche"),
    )  # fmt: skip
    kept = keep_first_lines([later, first], TAKES)
    assert kept[0].captions == [] and kept[0].title == ""
    assert kept[1] == first
    written = {"brioche"}
    (alone,) = keep_first_lines([first], TAKES, written)
    assert [c.text for c in alone.captions] == [alone.title] == ["Kneading"]
    assert written == {"brioche", "kneading"}


def test_title_that_is_no_text_of_its_clip_stands_on_one_cover() -> None:
    kept = keep_first_lines([clip(i, [], start=i, title="Pizza") for i in range(3)], TAKES)
    assert [item.title for item in kept] == ["Pizza", "", ""]


def test_users_own_hook_stays_on_all_clips() -> None:
    mine = Caption(text="Day one", start=0, end=2, role="hook", evidence=USERS_HOOK)
    clips = [clip(i, [mine], start=i) for i in range(3)]
    assert keep_first_lines(clips, TAKES) == clips
