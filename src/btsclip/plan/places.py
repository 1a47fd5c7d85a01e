"""Where the files of a plan lie: absolute paths in memory, paths as seen from the plan in its file.

All that reads or writes a plan, a sidecar or a report comes through here, so that a path means the
same in each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from btsclip.media.paths import absolute, from_document, to_document
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.plan.search import Search

Rename = Callable[[str], str]
# How the name of a preset ends that is a file of the user's own.
PRESET_FILE = ".toml"


def plan_to_document(plan: CutPlan, folder: Path) -> CutPlan:
    """`plan` as a file in `folder` holds it."""
    rename = partial(to_document, folder=folder)
    sources = [source_to_document(source, folder) for source in plan.sources]
    preset = preset_to_document(plan.preset, folder)
    written = _renamed(plan.model_copy(update={"preset": preset}), sources, rename, rename)
    return written.model_copy(update={"folder": recorded_folder(folder, written != plan)})


def plan_from_document(plan: CutPlan, folder: Path) -> CutPlan:
    """`plan`, read from a file in `folder`, with absolute paths.

    A file that is not there is looked for where the plan was written. Takes are looked for near the
    plan, too; one that is not found keeps the path it should have, so that whoever opens it can say
    which one is missing.
    """
    search = Search(folder, plan)
    sources = [_found(source, search) for source in plan.sources]
    known = {old.path: new.path for old, new in zip(plan.sources, sources, strict=True)}
    preset = plan.preset
    if preset.endswith(PRESET_FILE):
        preset = search.expected([preset])[0]
        # Plans of before named it from the working folder.
        if not Path(preset).is_file() and Path(plan.preset).is_file():
            preset = named_preset(plan.preset)
    return _renamed(
        plan.model_copy(update={"folder": "", "preset": preset}), sources,
        lambda path: known.get(path) or from_document(path, folder),
        lambda path: search.expected([path])[0],
    )  # fmt: skip


def source_to_document(source: Source, folder: Path) -> Source:
    """`source` as a file in `folder` holds it."""
    chapters = [to_document(chapter, folder) for chapter in source.chapters]
    return source.model_copy(
        update={"path": to_document(source.path, folder), "chapters": chapters}
    )


def clip_to_document(clip: Clip, folder: Path) -> Clip:
    """`clip` as a file in `folder` holds it."""
    rename = partial(to_document, folder=folder)
    return _renamed_clip(clip, rename, rename)


def preset_to_document(name: str, folder: Path) -> str:
    """What a file in `folder` calls the preset `name`."""
    return to_document(name, folder) if name.endswith(PRESET_FILE) else name


def recorded_folder(folder: Path, names_near_files: bool) -> str:
    """What a file in `folder` says of where it was written: nothing unless it names files as seen
    from there, so that all others are the same wherever they lie."""
    return str(folder.resolve()) if names_near_files else ""


def named_preset(name: str) -> str:
    """The `name` of a preset as it is kept in memory: of a file its absolute path."""
    return str(absolute(Path(name))) if name.endswith(PRESET_FILE) else name


def _found(source: Source, search: Search) -> Source:
    files = search.files_of(source)
    chapters = files if source.chapters else []
    return source.model_copy(update={"path": files[0], "chapters": chapters})


def _renamed(plan: CutPlan, sources: list[Source], rename: Rename, rename_sound: Rename) -> CutPlan:
    """`plan` with these `sources`, and with other names for them and for its sounds."""
    return plan.model_copy(
        update={
            "sources": sources,
            "clips": [_renamed_clip(clip, rename, rename_sound) for clip in plan.clips],
            "skipped": [
                skipped.model_copy(update={"source": rename(skipped.source)})
                for skipped in plan.skipped
            ],
        }
    )


def _renamed_clip(clip: Clip, rename: Rename, rename_sound: Rename) -> Clip:
    spans = [span.model_copy(update={"source": rename(span.source)}) for span in clip.spans]
    lanes = [lane.model_copy(update={"path": rename_sound(lane.path)}) for lane in clip.lanes]
    return clip.model_copy(update={"spans": spans, "lanes": lanes})
