"""The JSON beside every clip: where it comes from, why it was cut, how it was framed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from btsclip.plan import places
from btsclip.plan.model import (
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
)
from btsclip.presets.schema import Preset
from btsclip.render.loudness import SetSound, rounded
from btsclip.version import __version__


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class SidecarOutput(_Document):
    """The finished file: size in pixels, frames and seconds, LUFS, dBTP; `sound` is a remark."""

    width: int
    height: int
    fps: int
    duration: float
    loudness: float
    true_peak: float
    gain: float
    sound: str
    encoder: str


class Sidecar(_Document):
    """One clip's record. Times and boxes as in the plan: source seconds, picture fractions.

    `spans` are all that it shows. The first one's keys stand beside them and the others in `then`,
    too, for programs that read records of before; `source` tells all of the first one's take.
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


def sidecar(
    clip: Clip, source: Source, preset: Preset, preset_name: str, sound: SetSound,
    seconds: float, encoder: str, folder: Path,
) -> Sidecar:  # fmt: skip
    """The record, for a file in `folder`, of a clip that was rendered to `seconds` and levelled as
    `sound` says."""
    after = rounded(sound.after)
    named = clip, source, preset_name
    clip, source = places.clip_to_document(clip, folder), places.source_to_document(source, folder)
    preset_name = places.preset_to_document(preset_name, folder)
    first, *others = clip.spans
    return Sidecar(
        folder=places.recorded_folder(folder, named != (clip, source, preset_name)),
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
            encoder=encoder,
        ),
        preset=preset_name,
    )
