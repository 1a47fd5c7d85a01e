"""Check that a plan edited by hand can be rendered; an edit that breaks it is not saved.

A fault that was there before an edit does not block the edit, so that a plan can be fixed step by
step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from btsclip.errors import BtsclipError, PresetError
from btsclip.media import Footage
from btsclip.plan import Clip, CutPlan, Source, shorten
from btsclip.planning import load_look
from btsclip.presets import Preset, preset_names
from btsclip.render import check_clip, check_end, check_spans

# Returns the footage of a source. Raises BtsclipError if it cannot be read.
Probe = Callable[[Source], Footage]


def check_change(before: CutPlan, after: CutPlan, probe: Probe) -> None:
    """Raise the error of rendering `after`, if rendering `before` has no error for that clip."""
    preset = _choose_preset(before, after)
    clips_before = {clip.id: clip for clip in before.clips}
    checker = _ClipChecker(after, probe)
    for clip in after.clips:
        clip_before = clips_before.get(clip.id)
        if after.preset != before.preset:
            # A refused clip does not have to fit the new preset.
            error = checker.clip_error(clip, preset) if clip.enabled else None
        elif clip != clip_before:
            error = checker.clip_error(clip, preset)
        else:
            continue
        if error and not (clip_before and _had_error(clip_before, clip, before, checker)):
            raise error


def _choose_preset(before: CutPlan, after: CutPlan) -> Preset | None:
    """The preset of `after`; None if it cannot be loaded and `before` has the same."""
    if after.preset == before.preset:
        return _try_look(after)
    known = preset_names()
    # The page offers presets by name only, no files.
    if after.preset not in known:
        raise PresetError(
            f"preset {shorten(after.preset)}", "no such preset", f"there are {', '.join(known)}"
        )
    return load_look(after.preset, after.brand)


def _try_look(plan: CutPlan) -> Preset | None:
    try:
        return load_look(plan.preset, plan.brand)
    except PresetError:
        return None


def _had_error(clip_before: Clip, clip: Clip, before: CutPlan, checker: _ClipChecker) -> bool:
    """Whether the clip already had an error. A refused clip that is now kept counts as new."""
    if clip.enabled and not clip_before.enabled:
        return False
    return checker.clip_error(clip_before, _try_look(before)) is not None


class _ClipChecker:
    """Checks clips of a plan, against their footage if it can be read."""

    def __init__(self, plan: CutPlan, probe: Probe) -> None:
        self._sources = {source.path: source for source in plan.sources}
        self._probe = probe

    def clip_error(self, clip: Clip, preset: Preset | None) -> BtsclipError | None:
        """The first error of `clip`, if it has one. Texts are checked only with a preset."""
        footage = self._clip_footage(clip)
        try:
            if footage:
                check_spans(clip, footage)
            else:
                for span in clip.spans:
                    check_end(clip, span, self._sources[span.source].duration)
            if preset:
                check_clip(clip, preset, footage)
        except BtsclipError as error:
            return error
        return None

    def _clip_footage(self, clip: Clip) -> Mapping[str, Footage] | None:
        """The footage of the clip; None if it cannot be read, which is not the edit's fault."""
        paths = dict.fromkeys(span.source for span in clip.spans)
        try:
            return {path: self._probe(self._sources[path]) for path in paths}
        except BtsclipError:
            return None
