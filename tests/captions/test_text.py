from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from btsclip.captions.text import PAUSE, SHORTEST, WORDS, captions_for
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset

PRESET = load_preset("honest-kitchen")
HANDS = {"hands": 2.0, "hands_share": 0.9}
KINDS = ["process", "mishap", "people", "why", "reveal", "idle"]
ACTIONS = [None, *WORDS, "other"]

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
def test_captions_lie_within_their_clip_and_can_be_read(
    duration: float, kind: str, action: str | None, hook: object, moment: object
) -> None:
    look = preset(
        hook="One", kinds=dict.fromkeys(KINDS[:-1], "Two"), hook_style=hook, moment_style=moment
    )
    made = captions_for(kind, action, duration, HANDS, look)
    assert len({caption.role for caption in made}) == len(made)
    for caption in made:
        assert 0 <= caption.start < duration and caption.end <= duration + 1e-3
        assert caption.end - caption.start >= SHORTEST - 2e-3
    shared = look.captions.hook_style.place == look.captions.moment_style.place
    if len(made) == 2 and shared:
        assert made[1].start >= made[0].end + PAUSE - 2e-3


@pytest.mark.parametrize(
    ("action", "line"),
    [("knead", "Kneaded by hand"), ("other", "11 seconds of real work"), (None, "11 seconds of ")],
)
def test_a_process_clip_gets_a_hook_and_a_line(action: str | None, line: str) -> None:
    hook, moment = captions_for("process", action, 11.6, HANDS, PRESET)
    assert (hook.role, hook.text) == ("hook", "This is how it's made")
    assert moment.role == "moment" and moment.text.startswith(line)


@pytest.mark.parametrize("evidence", [{}, {"hands_share": 0.1, "hands": 2.0}, {"hands": 0.0}])
def test_hands_are_only_claimed_where_they_were_seen(evidence: dict[str, float]) -> None:
    for look in (PRESET, preset(hook="By hand", kinds={"process": "{hands} at it"})):
        for kind, action in product(KINDS, ACTIONS):
            made = captions_for(kind, action, 8, evidence, look)
            assert not any("hand" in c.text.casefold() or "at it" in c.text for c in made)


def test_a_field_without_a_value_writes_nothing() -> None:
    look = preset(hook="See the {action}", kinds={"process": "{hands} hands"})
    made = captions_for("process", "stir", 8, HANDS, look)
    assert [c.text for c in made] == ["See the stirring", "2 hands"]
    assert captions_for("process", "other", 8, {"hands_share": 1.0}, look) == ()


def test_the_users_hook_goes_before_the_presets_and_that_before_its_kinds() -> None:
    look = preset(hook="All {seconds}", hooks={"mishap": "Oops"})
    assert captions_for("mishap", None, 8.2, {}, look)[0].text == "All 8"
    assert captions_for("mishap", None, 8.2, {}, look, "Mine {x}")[0].text == "Mine {x}"
    assert captions_for("mishap", None, 8.2, {}, preset(hooks={"mishap": "Oops"}))[0].text == "Oops"
    assert captions_for("mishap", None, 8.2, {}, look, "") == ()


def test_a_hook_that_was_asked_for_is_in_the_shortest_clip_too() -> None:
    made = captions_for("process", "knead", 0.5, HANDS, PRESET, "Mine")
    assert [(c.text, c.start, c.end) for c in made] == [("Mine", 0.0, 0.5)]
    assert captions_for("process", "knead", 0.5, HANDS, PRESET) == ()


def test_a_line_that_repeats_the_hook_is_left_out() -> None:
    look = preset(kinds={"reveal": "Done at last"})
    made = captions_for("reveal", None, 8, {}, look, hook="Done at  last")
    assert [c.role for c in made] == ["hook"]


def test_the_preset_without_text_writes_none() -> None:
    quiet = load_preset("asmr-no-text")
    for kind, action in product(KINDS, ACTIONS):
        assert captions_for(kind, action, 8, HANDS, quiet) == ()
