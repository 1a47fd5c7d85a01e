"""Hooks and lines from templates."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given, strategies as st

from btsclip.captions.templates import Fact
from btsclip.captions.text import MIN_SECONDS, PAUSE, captions_for
from btsclip.moments.actions import ACTION_WORDS
from btsclip.presets.load import load_preset, preset_names
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
        hook="One",
        kinds=dict.fromkeys(KINDS[:-1], "Two"),
        hook_style=hook,
        moment_style=moment,
        note="{note}",
    )
    facts = {"note": Fact("Three", "notes")}
    captions = captions_for(kind, action, duration, HANDS, look, facts=facts)
    assert len({caption.text for caption in captions}) == len(captions)
    for caption in captions:
        assert 0 <= caption.start < duration and caption.end <= duration + 1e-3
        assert caption.end - caption.start >= MIN_SECONDS - 2e-3
    for first, second in pairwise(captions):
        assert second.start >= first.end + PAUSE - 2e-3


def test_clip_gets_only_what_is_known() -> None:
    facts = {"name": Fact("Brioche fold", "file name brioche-fold-2.mov")}
    hook, line = captions_for("process", "knead", 11.6, HANDS, PRESET, facts=facts)
    assert (hook.role, hook.text, hook.evidence) == (
        "hook", "Brioche fold", "file name brioche-fold-2.mov",
    )  # fmt: skip
    assert (line.role, line.text, line.evidence) == ("moment", "Kneading", "notes: action")
    for kind, action in product(KINDS, [None, "other"]):
        assert captions_for(kind, action, 11.6, HANDS, PRESET) == ()


@pytest.mark.parametrize("name", sorted(preset_names()))
def test_built_in_presets_write_nothing_without_a_fact(name: str) -> None:
    look = load_preset(name)
    for kind, action in product(KINDS, [None, "other"]):
        assert captions_for(kind, action, 11.6, HANDS, look) == ()


def test_hook_line_and_note_follow_each_other() -> None:
    facts = {
        "dish": Fact("Focaccia", "notes: dish"),
        "step": Fact("Fold the dough", "notes: step 2"),
        "note": Fact("It holds the air", "notes: step 2"),
    }
    for seconds in (6.0, 12.0):
        captions = captions_for("process", "other", seconds, HANDS, PRESET, facts=facts)
        assert [c.text for c in captions] == ["Focaccia", "Fold the dough", "It holds the air"]
        assert all(c.end - c.start >= len(c.text) / 20 - 2e-3 for c in captions)
        assert all(a.end < b.start for a, b in pairwise(captions))


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
    assert (
        captions_for("mishap", None, 8.2, {}, look, Fact("Mine {x}", "your hook"))[0].text
        == "Mine {x}"
    )
    assert captions_for("mishap", None, 8.2, {}, preset(hooks={"mishap": "Oops"}))[0].text == "Oops"
    assert captions_for("mishap", None, 8.2, {}, look, Fact("", "your hook")) == ()


def test_users_hook_is_in_the_shortest_clip() -> None:
    captions = captions_for("process", "knead", 0.5, HANDS, PRESET, Fact("Mine", "your hook"))
    assert [(c.text, c.start, c.end) for c in captions] == [("Mine", 0.0, 0.5)]
    assert captions_for("process", "knead", 0.5, HANDS, PRESET) == ()


def test_line_that_repeats_the_hook_is_left_out() -> None:
    look = preset(kinds={"reveal": "Done at last"})
    captions = captions_for("reveal", None, 8, {}, look, hook=Fact("Done at  last", "your hook"))
    assert [c.role for c in captions] == ["hook"]


def test_preset_without_texts_writes_none() -> None:
    quiet = load_preset("asmr-no-text")
    for kind, action in product(KINDS, ACTIONS):
        assert captions_for(kind, action, 8, HANDS, quiet) == ()
