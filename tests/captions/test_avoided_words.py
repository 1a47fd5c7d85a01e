"""Words that a brand avoids are not written by btsclip itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from media import Media

from btsclip.captions.templates import Fact, fill_template
from btsclip.captions.text import captions_for, end_card
from btsclip.media.probing import probe
from btsclip.planning.request import ClipRequest, prepare_context
from btsclip.planning.spans import replay_captions
from btsclip.presets.load import load_preset
from btsclip.presets.schema import Preset
from btsclip.timelapse.counter import CounterStage, counter_captions

FACTS = {"dish": Fact("Yummy bread", "notes: dish"), "action": Fact("kneading", "seen: knead")}


def look(*avoid: str, **captions: object) -> Preset:
    base = load_preset("honest-kitchen")
    update = {"avoid": avoid, **captions}
    return base.model_copy(update={"captions": base.captions.model_copy(update=update)})


def test_next_text_without_the_word_is_used() -> None:
    templates = ["{dish}", "So GOOD", "Still {action}", "{action}"]
    texts = [
        fill_template(templates, FACTS, True, avoid).text
        for avoid in ([], ["yummy"], ["yummy", "so good"], ["yummy", "so good", "still"])
    ]
    assert texts == ["Yummy bread", "So GOOD", "Still kneading", "Kneading"]
    assert not fill_template("{action}", FACTS, True, ["Kneading"])
    assert fill_template("{action}", FACTS, True, ["knead"]).text == "Kneading"


@pytest.mark.parametrize("word", ["bread", "KNEADING"])
def test_no_caption_of_a_clip_has_the_word(word: str) -> None:
    texts = {"hook": "Our bread", "kinds": {"process": "{action}"}, "note": "Bread, warm"}
    evidence = {"hands_share": 1.0, "rhythm": 0.9}
    written = captions_for("process", "knead", 12.0, evidence, look(word, **texts))
    assert written and not any(word.casefold() in c.text.casefold() for c in written)
    users = captions_for("process", "knead", 12.0, {}, look(word), hook=Fact(word, "your hook"))
    assert [c.text for c in users if c.role == "hook"] == [word]


def test_end_card_replay_and_clock_avoid_it_too() -> None:
    preset = look("again", "slowly", "passed", replay="Again", clock="{elapsed} passed")
    card = preset.end_card.model_copy(update={"text": "See you again"})
    assert end_card(None, 9.0, {}, preset.model_copy(update={"end_card": card})) is None
    assert replay_captions(3.0, 6.0, preset) == []
    assert counter_captions([CounterStage(4.0, 0.0, 600.0)], preset) == []


def test_texts_of_the_notes_that_are_left_out_are_named(media: Media, tmp_path: Path) -> None:
    (tmp_path / "shoot.toml").write_text('dish = "Yummy bread"\n[[steps]]\nname = "Fold"\n')
    take = probe(media("plain.mp4"))
    request = ClipRequest(notes=tmp_path / "shoot.toml")
    context = prepare_context([take], look("yummy"), "honest-kitchen", request)
    assert context.texts.warnings == (
        "the notes say 'Yummy bread': it is not written, since your brand avoids 'yummy'",
    )
