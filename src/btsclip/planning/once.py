"""What stands on one clip of a run only: each line, each title that is not a line of the clip, and
each person's introduction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from btsclip.captions import clean_line
from btsclip.plan import Clip
from btsclip.planning.captions import clip_title
from btsclip.planning.text_sources import SERIES, USERS_HOOK


def keep_first_introductions(
    clips: Sequence[Clip], takes: Sequence[str], take_of_text: Mapping[str, str] | None = None
) -> list[Clip]:
    """Keep each lower third only in the first enabled clip that has it.

    Args:
        clips: The clips of a plan, in any order.
        takes: Paths of the takes in the order in which they were filmed.
        take_of_text: The only take in which a lower third may be shown, by its text.
    """
    introduced: set[str] = set()
    results = [_without_lower_thirds(clip, keep=()) for clip in clips]
    for index in in_order(clips, takes):
        clip = clips[index]
        take = clip.spans[0].source
        texts = {caption.text for caption in clip.captions if caption.role == "person"}
        first_texts = {
            text
            for text in texts - introduced
            if take_of_text is None or take_of_text.get(text, take) == take
        }
        introduced |= first_texts
        results[index] = _without_lower_thirds(clip, keep=first_texts)
    return results


def keep_first_lines(
    clips: Sequence[Clip], takes: Sequence[str], written: set[str] | None = None
) -> list[Clip]:
    """Keep each line only in the first enabled clip that has it; the user's own hook stays on all.

    Viewers who see two clips of a shoot in a row take a line that comes again for a stamp.

    Args:
        clips: Some clips of a run, in any order.
        takes: Paths of the takes in the order in which they were filmed.
        written: Lines of clips before these, to which their own lines are added.
    """
    written = set() if written is None else written
    results = list(clips)
    for index in in_order(clips, takes):
        results[index] = _without_lines(clips[index], written)
        written |= _lines(results[index])
    return results


def in_order(clips: Sequence[Clip], takes: Sequence[str]) -> list[int]:
    """The indexes of the enabled clips, in the order of takes and time."""
    order = {take: index for index, take in enumerate(takes)}
    enabled = [index for index, clip in enumerate(clips) if clip.enabled]
    return sorted(
        enabled,
        key=lambda i: (order.get(clips[i].spans[0].source, len(order)), clips[i].source_start),
    )


def _without_lines(clip: Clip, written: Collection[str]) -> Clip:
    """`clip` without the lines that are already `written`."""
    repeated = _lines(clip) & set(written)
    if not repeated:
        return clip
    kept = [
        caption
        for caption in clip.captions
        if caption.role not in ("hook", "moment") or _key(caption.text) not in repeated
    ]
    title = clip_title(kept) if _key(clip.title) in repeated else clip.title
    return clip.model_copy(update={"captions": kept, "title": title})


def _lines(clip: Clip) -> set[str]:
    """The lines that btsclip wrote on `clip`, and its title unless that is one of its texts."""
    title = _key(clip.title)
    texts = {_key(caption.text) for caption in clip.captions}
    return ({title} - texts - {""}) | {
        _key(caption.text)
        for caption in clip.captions
        if caption.role in ("hook", "moment") and caption.evidence not in (USERS_HOOK, SERIES)
    }


def _key(text: str) -> str:
    return clean_line(text).casefold()


def _without_lower_thirds(clip: Clip, keep: Collection[str]) -> Clip:
    """`clip` without lower thirds, except those with a text in `keep`."""
    kept = [c for c in clip.captions if c.role != "person" or c.text in keep]
    return clip if len(kept) == len(clip.captions) else clip.model_copy(update={"captions": kept})
