"""Groups of options that several verbs share, and the decorator that hands them to a verb."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from btsclip.cli import options

if TYPE_CHECKING:
    from btsclip.planning import ClipRequest, RenderOptions


@dataclass(frozen=True)
class ClipOptions:
    """Which moments become clips, how long they are, and how they open."""

    count: options.Count = None
    min_length: options.MinLength = None
    max_length: options.MaxLength = None
    hook: options.Hook = None
    series: options.Series = None
    mishaps: options.MishapChoice = "keep"


@dataclass(frozen=True)
class WordOptions:
    """Where words and names come from: speech and notes."""

    speech: options.Speech = False
    language: options.Language = None
    no_fillers: options.NoFillers = False
    notes: options.NotesFile = None


@dataclass(frozen=True)
class LookOptions:
    """How pictures and captions look, on top of the preset."""

    blur_faces: options.BlurredFaces = None
    brand: options.BrandFile = None
    font: options.FontFile = None


@dataclass(frozen=True)
class SoundOptions:
    """Which sound of the takes is used."""

    audio_track: options.AudioTrack = None


@dataclass(frozen=True)
class EncodeOptions:
    """How videos are encoded, and whether they are made at all."""

    encoder: options.Encoder = options.DEFAULT_ENCODER
    dry_run: options.DryRun = False


@dataclass(frozen=True)
class OutputOptions:
    """How the result is printed, and whether it may replace an older one."""

    as_json: options.Json = False
    force: options.Force = False


def clip_request(
    clips: ClipOptions,
    words: WordOptions,
    look: LookOptions,
    sound: SoundOptions,
    captions: Path | None = None,
) -> ClipRequest:
    """Combine groups into one request. Raises UsageError if no footage could meet it."""
    from btsclip.planning import ClipRequest

    return ClipRequest(
        count=clips.count,
        min_length=clips.min_length,
        max_length=clips.max_length,
        hook=clips.hook,
        series=clips.series,
        captions=captions,
        notes=words.notes,
        brand=look.brand,
        speech=words.speech,
        language=words.language,
        fillers=not words.no_fillers,
        mishaps=clips.mishaps,
        blur_faces=look.blur_faces,
        audio_track=sound.audio_track,
    )


def render_options(rendering: EncodeOptions, output: OutputOptions) -> RenderOptions:
    """Combine groups into the options of rendering."""
    from btsclip.planning import RenderOptions

    return RenderOptions(output.force, rendering.dry_run, rendering.encoder)


def expand(verb: Callable[..., None]) -> Callable[..., None]:
    """Expand each parameter of `verb` that is annotated with a dataclass into its fields.

    Typer reads the expanded signature, with the fields in place of the group; `verb` is called
    with the dataclass built from them. Raises ValueError if two parameters share a name.

    Example:
        @expand
        def cut(footage: options.FootageList, *, clips: ClipOptions) -> None: ...
    """
    hints = get_type_hints(verb, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}

    @functools.wraps(verb)
    def call(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})
        verb(**given)

    parameters = list(_typer_parameters(verb, hints))
    # Typer passes arguments by name, so their order is free and groups need no defaults.
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call


def _typer_parameters(
    verb: Callable[..., None], hints: dict[str, Any]
) -> Iterator[inspect.Parameter]:
    """The parameters of `verb` with groups replaced by their fields, all keyword-only."""
    for parameter in inspect.signature(verb).parameters.values():
        hint = hints[parameter.name]
        if is_dataclass(hint):
            types = get_type_hints(hint, include_extras=True)
            for field in fields(hint):
                default = parameter.empty if field.default is MISSING else field.default
                yield _keyword(field.name, default, types[field.name])
        else:
            yield _keyword(parameter.name, parameter.default, hint)


def _keyword(name: str, default: Any, annotation: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=default, annotation=annotation)
