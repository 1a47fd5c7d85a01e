"""Hooks and lines from templates."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.text import ACTION_WORDS, HOOK_PAUSE, MIN_SECONDS, captions_for
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset

PRESET = load_preset("honest-kitchen")
HANDS = {"hands": 2.0, "hands_share": 0.9}
KINDS = ["process", "mishap", "people", "why", "reveal", "idle"]
ACTIONS = [None, *ACTION_WORDS, "other"]

styles = st.fixed_dictionaries(
    {},
    optional={
        "start": st.floats(0, 20),
        "seconds": st.floats(0, 20),
        "place": st.sampled_from(["top", "middle", "bottom"]),
    },
)


def preset(**captions: object) -> Preset:
    return Preset.model_validate({"captions": captions})


@given(st.floats(0.2, 60), st.sampled_from(KINDS), st.sampled_from(ACTIONS), styles, styles)
def test_captions_are_within_their_clip_and_can_be_read(
    duration: float, kind: str, action: str | None, hook: object, moment: object
) -> None:
    look = preset(
        hook="One", kinds=dict.fromkeys(KINDS[:-1], "Two"), hook_style=hook, moment_style=moment
    )
    captions = captions_for(kind, action, duration, HANDS, look)
    assert len({caption.role for caption in captions}) == len(captions)
    for caption in captions:
        assert 0 <= caption.start < duration and caption.end <= duration + 1e-3
        assert caption.end - caption.start >= MIN_SECONDS - 2e-3
    share_place = look.captions.hook_style.place == look.captions.moment_style.place
    if len(captions) == 2 and share_place:
        assert captions[1].start >= captions[0].end + HOOK_PAUSE - 2e-3


@pytest.mark.parametrize(
    ("action", "line"),
    [("knead", "Kneaded by hand"), ("other", "11 seconds of real work"), (None, "11 seconds of ")],
)
def test_process_clip_gets_a_hook_and_a_line(action: str | None, line: str) -> None:
    hook, moment = captions_for("process", action, 11.6, HANDS, PRESET)
    assert (hook.role, hook.text) == ("hook", "This is how it's made")
    assert moment.role == "moment" and moment.text.startswith(line)


@pytest.mark.parametrize("evidence", [{}, {"hands_share": 0.1, "hands": 2.0}, {"hands": 0.0}])
def test_texts_mention_hands_only_if_they_are_visible(evidence: dict[str, float]) -> None:
    for look in (PRESET, preset(hook="By hand", kinds={"process": "{hands} at it"})):
        for kind, action in product(KINDS, ACTIONS):
            captions = captions_for(kind, action, 8, evidence, look)
            assert not any("hand" in c.text.casefold() or "at it" in c.text for c in captions)


def test_template_with_a_missing_field_is_not_written() -> None:
    look = preset(hook="See the {action}", kinds={"process": "{hands} hands"})
    captions = captions_for("process", "stir", 8, HANDS, look)
    assert [c.text for c in captions] == ["See the stirring", "2 hands"]
    assert captions_for("process", "other", 8, {"hands_share": 1.0}, look) == ()


def test_users_hook_replaces_the_presets_hooks() -> None:
    look = preset(hook="All {seconds}", hooks={"mishap": "Oops"})
    assert captions_for("mishap", None, 8.2, {}, look)[0].text == "All 8"
    assert captions_for("mishap", None, 8.2, {}, look, "Mine {x}")[0].text == "Mine {x}"
    assert captions_for("mishap", None, 8.2, {}, preset(hooks={"mishap": "Oops"}))[0].text == "Oops"
    assert captions_for("mishap", None, 8.2, {}, look, "") == ()


def test_users_hook_is_in_the_shortest_clip() -> None:
    captions = captions_for("process", "knead", 0.5, HANDS, PRESET, "Mine")
    assert [(c.text, c.start, c.end) for c in captions] == [("Mine", 0.0, 0.5)]
    assert captions_for("process", "knead", 0.5, HANDS, PRESET) == ()


def test_line_that_repeats_the_hook_is_left_out() -> None:
    look = preset(kinds={"reveal": "Done at last"})
    captions = captions_for("reveal", None, 8, {}, look, hook="Done at  last")
    assert [c.role for c in captions] == ["hook"]


def test_preset_without_texts_writes_none() -> None:
    quiet = load_preset("asmr-no-text")
    for kind, action in product(KINDS, ACTIONS):
        assert captions_for(kind, action, 8, HANDS, quiet) == ()
