"""Paths in a plan: absolute in memory, relative to the plan in its file.

Everything that reads or writes a plan, a sidecar or a report uses this module, so that a path means
the same in each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from btsclip.media import absolute, from_document, to_document
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.plan.search import Search

Rename = Callable[[str], str]
# The end of a preset's name that is the path of the user's own file.
PRESET_SUFFIX = ".toml"


def plan_to_document(plan: CutPlan, folder: Path) -> CutPlan:
    """`plan` as it is written to a file in `folder`."""
    rename = partial(to_document, folder=folder)
    sources = [source_to_document(source, folder) for source in plan.sources]
    preset, brand = look_to_document(plan.preset, plan.brand, folder)
    look = {"preset": preset, "brand": brand}
    written = _rename_files(plan.model_copy(update=look), sources, rename, rename)
    return written.model_copy(update={"folder": recorded_folder(folder, written != plan)})


def plan_from_document(plan: CutPlan, folder: Path) -> CutPlan:
    """`plan`, read from a file in `folder`, with absolute paths.

    A missing file is searched where the plan was written, a missing take also near the plan. A take
    that is not found keeps its expected path, so that an error can name it.
    """
    search = Search(folder, plan)
    sources = [_find_source(source, search) for source in plan.sources]
    new_paths = {old.path: new.path for old, new in zip(plan.sources, sources, strict=True)}
    preset = plan.preset
    if preset.endswith(PRESET_SUFFIX):
        preset = search.expected([preset])[0]
        # Early plans named it from the working folder.
        if not Path(preset).is_file() and Path(plan.preset).is_file():
            preset = named_preset(plan.preset)
    brand = search.expected([plan.brand])[0] if plan.brand else ""
    return _rename_files(
        plan.model_copy(update={"folder": "", "preset": preset, "brand": brand}), sources,
        lambda path: new_paths.get(path) or from_document(path, folder),
        lambda path: search.expected([path])[0],
    )  # fmt: skip


def source_to_document(source: Source, folder: Path) -> Source:
    """`source` as it is written to a file in `folder`."""
    chapters = [to_document(chapter, folder) for chapter in source.chapters]
    return source.model_copy(
        update={"path": to_document(source.path, folder), "chapters": chapters}
    )


def clip_to_document(clip: Clip, folder: Path) -> Clip:
    """`clip` as it is written to a file in `folder`."""
    rename = partial(to_document, folder=folder)
    return _rename_clip_files(clip, rename, rename)


def look_to_document(preset: str, brand: str, folder: Path) -> tuple[str, str]:
    """The name of a preset and the path of a brand as they are written to a file in `folder`."""
    name = to_document(preset, folder) if preset.endswith(PRESET_SUFFIX) else preset
    return name, to_document(brand, folder)


def recorded_folder(folder: Path, names_near_files: bool) -> str:
    """The folder to record in a file in `folder`; "" unless the file has relative paths.

    Without relative paths, files in different folders are equal.
    """
    return str(folder.resolve()) if names_near_files else ""


def named_preset(name: str) -> str:
    """The `name` of a preset in memory: a built-in name, or the absolute path of a file."""
    return str(absolute(Path(name))) if name.endswith(PRESET_SUFFIX) else name


def _find_source(source: Source, search: Search) -> Source:
    files = search.files_of(source)
    chapters = files if source.chapters else []
    return source.model_copy(update={"path": files[0], "chapters": chapters})


def _rename_files(
    plan: CutPlan, sources: list[Source], rename: Rename, rename_sound: Rename
) -> CutPlan:
    """`plan` with `sources`, and with new paths of takes and sounds in its clips."""
    return plan.model_copy(
        update={
            "sources": sources,
            "clips": [_rename_clip_files(clip, rename, rename_sound) for clip in plan.clips],
            "skipped": [
                skipped.model_copy(update={"source": rename(skipped.source)})
                for skipped in plan.skipped
            ],
        }
    )


def _rename_clip_files(clip: Clip, rename: Rename, rename_sound: Rename) -> Clip:
    spans = [span.model_copy(update={"source": rename(span.source)}) for span in clip.spans]
    lanes = [lane.model_copy(update={"path": rename_sound(lane.path)}) for lane in clip.lanes]
    return clip.model_copy(update={"spans": spans, "lanes": lanes})
