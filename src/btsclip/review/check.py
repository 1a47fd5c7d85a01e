"""Whether a plan that was changed by hand can be made: what can't be is not saved.

What was wrong before a change is no reason to refuse it, or nothing could be mended step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from btsclip.errors import BtsclipError, PresetError
from btsclip.media.footage import Footage
from btsclip.plan.faults import shorten
from btsclip.plan.model import Clip, CutPlan, Source
from btsclip.presets.load import load_preset, preset_names
from btsclip.presets.schema import Preset
from btsclip.render.check import check_clip
from btsclip.render.sources import check_end, check_spans

# Finds the footage of a source. Raises BtsclipError when it can't be read.
Probe = Callable[[Source], Footage]


def check_change(before: CutPlan, after: CutPlan, probe: Probe) -> None:
    """Raises the error that rendering `after` would end with and rendering `before` would not."""
    preset = _preset(before, after)
    was = {clip.id: clip for clip in before.clips}
    takes = _Takes(after, probe)
    for clip in after.clips:
        old = was.get(clip.id)
        if after.preset != before.preset:
            # A clip that is refused need not look well in the new preset.
            fault = takes.fault(clip, preset) if clip.enabled else None
        elif clip != old:
            fault = takes.fault(clip, preset)
        else:
            continue
        if fault and not (old and _was_wrong(old, clip, before, takes)):
            raise fault


def _preset(before: CutPlan, after: CutPlan) -> Preset | None:
    """The preset of the plan; None for one that could not be used before either."""
    if after.preset == before.preset:
        return _loaded(after.preset)
    known = preset_names()
    # Not any file: only what the page offers.
    if after.preset not in known:
        raise PresetError(
            f"preset {shorten(after.preset)}", "no such preset", f"there are {', '.join(known)}"
        )
    return load_preset(after.preset)


def _loaded(name: str) -> Preset | None:
    try:
        return load_preset(name)
    except PresetError:
        return None


def _was_wrong(old: Clip, new: Clip, before: CutPlan, takes: _Takes) -> bool:
    """Whether the clip could not be made as it was; one that was refused was not to be made."""
    if new.enabled and not old.enabled:
        return False
    return takes.fault(old, _loaded(before.preset)) is not None


class _Takes:
    """The footage of a plan, as far as it can be read."""

    def __init__(self, plan: CutPlan, probe: Probe) -> None:
        self._sources = {source.path: source for source in plan.sources}
        self._probe = probe

    def fault(self, clip: Clip, preset: Preset | None) -> BtsclipError | None:
        """What is wrong with `clip`, if anything is; its texts are not looked at without a
        preset."""
        footage = self._footage(clip)
        try:
            if footage:
                check_spans(clip, footage)
            for span in () if footage else clip.spans:
                check_end(clip, span, self._sources[span.source].duration)
            if preset:
                check_clip(clip, preset, footage)
        except BtsclipError as error:
            return error
        return None

    def _footage(self, clip: Clip) -> Mapping[str, Footage] | None:
        """The footage of the clip; None when it can't be read, which no edit is the reason of."""
        used = dict.fromkeys(span.source for span in clip.spans)
        try:
            return {path: self._probe(self._sources[path]) for path in used}
        except BtsclipError:
            return None
