"""The JSON beside every clip: its source, the reasons for the cut, and its framing."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from btsclip.plan import (
    Action,
    BlurFaces,
    Caption,
    Clip,
    Comment,
    CropKey,
    EndCard,
    Kind,
    Lane,
    Source,
    Span,
    SpeedKey,
    places,
)
from btsclip.presets import Preset
from btsclip.render.loudness import LeveledSound, with_finite_values
from btsclip.version import __version__


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class SidecarNoise(_Document):
    """Noise in the rests of a span in dBFS: as recorded, when reduced, and in the finished clip."""

    recorded: float
    reduced: float
    finished: float


class SidecarOutput(_Document):
    """The finished file: size in pixels, frames a second, seconds, LUFS, dBTP and dB; `sound` says
    what was done to it, and `noise` is that of the spans in which there is any."""

    width: int
    height: int
    fps: int
    duration: float
    loudness: float
    true_peak: float
    gain: float
    sound: str
    noise: list[SidecarNoise] = []
    encoder: str


class Sidecar(_Document):
    """One clip's record, with times in seconds of the source and boxes in fractions of the picture.

    `spans` are all of its spans. The keys of the first span and the other spans (`then`) are
    repeated for programs that read older records; `source` is the source of the first span.
    """

    version: Literal[1] = 1
    generator: str = f"btsclip {__version__}"
    folder: str
    clip: str
    cover: str
    source: Source
    start: float
    end: float
    kind: Kind
    action: Action | None
    score: float
    why: str
    title: str
    evidence: dict[str, float]
    layout: str
    framing: str
    crop: list[CropKey]
    below: list[CropKey]
    speeds: list[SpeedKey]
    blur: list[list[CropKey]]
    blur_faces: BlurFaces
    may_be_seen: list[list[CropKey]]
    then: list[Span]
    spans: list[Span]
    lanes: list[Lane]
    comment: Comment | None
    end_card: EndCard | None
    captions: list[Caption]
    output: SidecarOutput
    preset: str
    brand: str = ""


def sidecar(
    clip: Clip, source: Source, preset: Preset, look: tuple[str, str], sound: LeveledSound,
    seconds: float, encoder: str, folder: Path,
) -> Sidecar:  # fmt: skip
    """The record of a rendered clip of `seconds`, for a file in `folder`.

    `look` is the name of the preset and the path of the brand over it.
    """
    after = with_finite_values(sound.after)
    before = clip, source, look
    clip, source = places.clip_to_document(clip, folder), places.source_to_document(source, folder)
    look = places.look_to_document(*look, folder)
    first, *others = clip.spans
    return Sidecar(
        folder=places.recorded_folder(folder, before != (clip, source, look)),
        clip=f"{clip.id}.mp4",
        cover=f"{clip.id}.jpg",
        source=source,
        **clip.model_dump(include={"kind", "action", "score", "why", "title", "evidence"}),
        start=first.start,
        end=first.end,
        layout=first.layout,
        framing=first.framing,
        crop=first.crop,
        below=first.below,
        speeds=first.speeds,
        blur=first.blur,
        blur_faces=first.blur_faces,
        may_be_seen=first.may_be_seen,
        then=others,
        spans=clip.spans,
        lanes=clip.lanes,
        comment=clip.comment,
        end_card=clip.end_card,
        captions=clip.captions,
        output=SidecarOutput(
            width=preset.output.width,
            height=preset.output.height,
            fps=preset.output.fps,
            duration=round(seconds, 6),
            loudness=round(after.loudness, 2),
            true_peak=round(after.peak, 2),
            gain=round(sound.gain, 2),
            sound=sound.note,
            noise=[
                SidecarNoise(
                    recorded=round(noise.recorded, 1),
                    reduced=round(noise.reduced, 1),
                    finished=round(noise.finished, 1),
                )
                for noise in sound.noises
            ],
            encoder=encoder,
        ),
        preset=look[0],
        brand=look[1],
    )
