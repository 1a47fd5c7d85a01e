"""Groups of options are expanded for Typer and handed to the verb as one object."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from btsclip.cli import options
from btsclip.cli.option_groups import (
    ClipOptions,
    LookOptions,
    SoundOptions,
    WordOptions,
    clip_request,
    expand,
)
from btsclip.errors import UsageError


@dataclass(frozen=True)
class BreadOptions:
    flour: Annotated[str, typer.Option(help="Flour. Example: `--flour rye`")] = "wheat"
    loaves: Annotated[int, typer.Option(help="Loaves. Example: `--loaves 2`")] = 1


calls: list[tuple[str, BreadOptions, bool]] = []


@expand
def bake(
    oven: Annotated[str, typer.Argument(help="Oven. Example: `deck`")],
    *,
    bread: BreadOptions,
    force: options.Force = False,
) -> None:
    """Bake bread."""
    calls.append((oven, bread, force))


def run(*words: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(bake)
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_typer_sees_fields_in_place_of_the_group() -> None:
    assert list(inspect.signature(bake).parameters) == ["oven", "flour", "loaves", "force"]
    assert bake.__doc__ == "Bake bread." and bake.__name__ == "bake"
    code, page = run("--help")
    assert code == 0
    assert page.index("--flour") < page.index("--loaves") < page.index("--force")
    assert "wheat" in page and "--bread" not in page


@pytest.mark.parametrize(
    ("words", "bread"),
    [
        ((), BreadOptions()),
        (("--flour", "rye"), BreadOptions("rye")),
        (("--loaves", "2", "--flour", "rye"), BreadOptions("rye", 2)),
    ],
)
def test_the_verb_is_called_with_the_group(words: tuple[str, ...], bread: BreadOptions) -> None:
    calls.clear()
    assert run("deck", *words, "--force")[0] == 0
    assert calls == [("deck", bread, True)]


def test_a_name_used_twice_is_an_error() -> None:
    def clash(flour: options.Force = False, *, bread: BreadOptions) -> None: ...

    with pytest.raises(ValueError, match="flour"):
        expand(clash)


def test_groups_make_one_request() -> None:
    request = clip_request(
        ClipOptions(count=3, hook="Day one"),
        WordOptions(speech=True, language="fr", no_fillers=True),
        LookOptions(blur_faces="all"),
        SoundOptions(audio_track=2),
        Path("dough.srt"),
    )
    assert (request.count, request.hook, request.mishaps) == (3, "Day one", "keep")
    assert (request.speech, request.language, request.notes) == (True, "fr", None)
    assert not request.fillers
    assert request.audio_track == 2
    assert (request.blur_faces, request.captions) == ("all", Path("dough.srt"))


def test_options_that_contradict_are_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--min-length 9"):
        clip_request(
            ClipOptions(min_length=9, max_length=4), WordOptions(), LookOptions(), SoundOptions()
        )
