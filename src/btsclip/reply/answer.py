"""A clip that answers a comment: the card of the comment, and the note that says it in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from btsclip.captions import comment_of, place_captions, place_comment, set_comment, watermark_area
from btsclip.captions.cues import shift_caption
from btsclip.captions.lines import clean_line
from btsclip.captions.text import make_readable
from btsclip.captions.title import cover_text, place_title
from btsclip.intervals import overlap
from btsclip.media.footage import Footage
from btsclip.plan.model import Caption, Clip, Comment, Span, Word
from btsclip.planning.framing import busy_areas_of_clip
from btsclip.presets.schema import Preset
from btsclip.render.timeline import still_frame
from btsclip.reply.comments import ViewerComment
from btsclip.reply.match import CommentMatch
from btsclip.story.why import ARRIVAL, card_of, fits_as_caption

# Seconds that the work is still seen for after the card of a note.
AFTER_CARD = 1.5
# Seconds between the comment and a caption that answers it.
PAUSE = 0.2


def answer(
    clip: Clip,
    asked: ViewerComment,
    note: str,
    match: CommentMatch,
    footage: Mapping[str, Footage],
    preset: Preset,
) -> Clip:
    """`clip` with the card of the comment it answers in place of a hook.

    A short `note` stands on it as a line, a longer one on a card after the comment was read. All
    texts make way for the comment, and that for hands and faces. Raises CaptionError when one of
    them can't be drawn.
    """
    opening = _opening(clip)
    room = clip.seconds_shown - opening
    comment = comment_of(asked.text, asked.author, preset.captions.comment_style, room)
    after = {"start": comment.start + opening, "end": comment.end + opening}
    comment = comment.model_copy(update=after)
    # The comment is the hook.
    kept = [c for c in clip.captions if c.role != "hook"]
    clip = clip.model_copy(update={"captions": kept})
    if note.strip():
        clip = _with_note(clip, clean_line(note), comment, preset)
    seen = busy_areas_of_clip(clip, footage, preset)
    busy = [*watermark_area(preset, clip.seconds_shown), *seen]
    comment = place_comment(comment, preset, busy)
    free = [c.model_copy(update={"y": None}) for c in clip.captions]
    shown = place_captions(free, preset, busy, [set_comment(comment, preset).block])
    found = ", ".join(match.by)
    answered = clip.model_copy(
        update={
            "comment": comment,
            "captions": list(shown),
            "title": clean_line(comment.text),
            "why": f"answers {clean_line(comment.text)!r} by its {found}: {clip.why}",
            "evidence": {**clip.evidence, "answer_sure": match.sure},
        }
    )
    spot = place_title(cover_text(answered, preset), preset, seen)
    return answered.model_copy(update={"title_y": spot.y, "title_scale": spot.scale})


def _with_note(clip: Clip, note: str, comment: Comment, preset: Preset) -> Clip:
    """`clip` with the note that answers, in place of its lines about the moment."""
    rest = [c for c in clip.captions if c.role != "moment"]
    at, end = comment.end + PAUSE, clip.seconds_shown
    room = [c for c in rest if c.role == "speech" and c.end > at]
    if not room and fits_as_caption(note, end - at, preset):
        line = Caption(text=note, start=round(at, 3), end=round(end, 3))
        return clip.model_copy(update={"captions": [*rest, line]})
    within = comment.end - _opening(clip)
    if within + AFTER_CARD <= clip.spans[0].seconds:
        return _carded(clip.model_copy(update={"captions": rest}), note, within, preset)
    # Too short for either: beside the comment, and as much of it as can be read.
    line = Caption(text=note, start=min(ARRIVAL, end / 4), end=end)
    fitted = make_readable([line], end, preset)
    free = [c for c in rest if not any(overlap(c, shown) for shown in fitted.captions)]
    return clip.model_copy(
        update={
            "captions": [*free, *fitted.captions],
            "warnings": [*clip.warnings, *fitted.warnings],
        }
    )


def _carded(clip: Clip, note: str, at: float, preset: Preset) -> Clip:
    """`clip` with the note's card `at` seconds into its first span, where the span goes on."""
    card, opening = card_of(note), _opening(clip)
    span, *others = clip.spans
    cover = span.cover
    if cover is None and not others:
        # Where it would have been without the card, so that it never is the card.
        still = still_frame(clip, preset) / preset.output.fps
        cover = round(span.start + span.time_map.source(max(0.0, still - opening)), 3)
    source = round(span.start + span.time_map.source(at), 3)
    is_later = cover is not None and cover > source
    before = {"end": source, "tail": 0.0, "cover": None if is_later else cover}
    after = {
        "start": source, "card": card, "lead": 0.0, "enter": "cut",
        "cover": cover if is_later else None,
    }  # fmt: skip
    rest = Span.model_validate({**span.model_dump(), **after})
    shown = opening + span.time_map.shown(source - span.start)
    return clip.model_copy(
        update={
            "spans": [span.model_copy(update=before), rest, *others],
            "captions": list(_moved(clip.captions, shown, card.seconds)),
        }
    )


def _opening(clip: Clip) -> float:
    """Seconds of the card that the clip opens with; 0 without one."""
    card = clip.spans[0].card
    return card.seconds if card else 0.0


def _moved(captions: Sequence[Caption], at: float, by: float) -> Iterator[Caption]:
    """`captions` from `at` seconds on moved `by` seconds; one that is shown then ends there, and
    what of its words is said later goes on after that."""
    for caption in captions:
        if caption.start >= at:
            yield shift_caption(caption, by)
        elif caption.end > at:
            early = [word for word in caption.words if word.start < at]
            late = caption.words[len(early) :]
            yield _of_words(caption, early, caption.start, at)
            if early and late:
                yield shift_caption(_of_words(caption, late, at, caption.end), by)
        else:
            yield caption


def _of_words(caption: Caption, words: Sequence[Word], start: float, end: float) -> Caption:
    """The caption with only these of its words, from `start` to `end`; all of it without any."""
    if not words:
        return caption.model_copy(update={"start": start, "end": end})
    text = " ".join(word.text for word in words)
    kept = [word.model_copy(update={"end": min(word.end, end)}) for word in words]
    times = {"start": start, "end": end, "text": text, "words": kept}
    return caption.model_copy(update=times)
