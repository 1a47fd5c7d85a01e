"""Make a clip answer a comment: with the comment's card, and a note that answers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from btsclip.captions import (
    clean_line,
    comment_of,
    make_readable,
    place_captions,
    place_comment,
    set_comment,
    shift_caption,
    watermark_area,
)
from btsclip.intervals import overlap
from btsclip.media import Footage
from btsclip.plan import Caption, Clip, Comment, Span, Word
from btsclip.planning import busy_areas_of_clip, place_titles
from btsclip.presets import Preset
from btsclip.render import still_frame
from btsclip.reply.comments import ViewerComment
from btsclip.reply.match import CommentMatch
from btsclip.story import ARRIVAL_SECONDS, card_of, fits_as_caption

# Seconds of work after the card of a note.
MIN_SECONDS_AFTER_CARD = 1.5
# Seconds between the comment and a caption that answers it.
CAPTION_GAP_SECONDS = 0.2


def answer(
    clip: Clip,
    viewer_comment: ViewerComment,
    note: str,
    match: CommentMatch,
    footage: Mapping[str, Footage],
    preset: Preset,
) -> Clip:
    """`clip` with the card of the comment in place of a hook.

    A short `note` is a caption, a longer one a card after the comment. The comment avoids hands and
    faces, and captions avoid the comment too. Raises CaptionError if a text can't be drawn.

    Args:
        footage: The clip's footage by source.
    """
    opening = _opening_seconds(clip)
    comment = comment_of(
        viewer_comment.text, viewer_comment.author, preset.captions.comment_style,
        clip.seconds_shown - opening,
    )  # fmt: skip
    shifted = {"start": comment.start + opening, "end": comment.end + opening}
    comment = comment.model_copy(update=shifted)
    # The comment is the hook.
    captions = [caption for caption in clip.captions if caption.role != "hook"]
    clip = clip.model_copy(update={"captions": captions})
    if note.strip():
        clip = _add_note(clip, clean_line(note), comment, preset)
    hands_and_faces = busy_areas_of_clip(clip, footage, preset)
    busy = [*watermark_area(preset, clip.seconds_shown), *hands_and_faces]
    comment = place_comment(comment, preset, busy)
    unplaced = [caption.model_copy(update={"y": None}) for caption in clip.captions]
    placed = place_captions(unplaced, preset, busy, [set_comment(comment, preset).block])
    sources = ", ".join(match.by)
    answered = clip.model_copy(
        update={
            "comment": comment,
            "captions": list(placed),
            "title": clean_line(comment.text),
            "why": f"answers {clean_line(comment.text)!r} by its {sources}: {clip.why}",
            "evidence": {**clip.evidence, "answer_sure": match.sure},
        }
    )
    return place_titles(answered, preset, hands_and_faces)


def _add_note(clip: Clip, note: str, comment: Comment, preset: Preset) -> Clip:
    """`clip` with the note in place of its captions about the moment."""
    rest = [caption for caption in clip.captions if caption.role != "moment"]
    start, end = comment.end + CAPTION_GAP_SECONDS, clip.seconds_shown
    later_speech = [caption for caption in rest if caption.role == "speech" and caption.end > start]
    if not later_speech and fits_as_caption(note, end - start, preset):
        line = Caption(text=note, start=round(start, 3), end=round(end, 3))
        return clip.model_copy(update={"captions": [*rest, line]})
    card_at = comment.end - _opening_seconds(clip)
    if card_at + MIN_SECONDS_AFTER_CARD <= clip.spans[0].seconds:
        return _insert_card(clip.model_copy(update={"captions": rest}), note, card_at, preset)
    # Too short for either: beside the comment, as much of the note as can be read.
    line = Caption(text=note, start=min(ARRIVAL_SECONDS, end / 4), end=end)
    fitted = make_readable([line], end, preset)
    clear = [c for c in rest if not any(overlap(c, line) for line in fitted.captions)]
    return clip.model_copy(
        update={
            "captions": [*clear, *fitted.captions],
            "warnings": [*clip.warnings, *fitted.warnings],
        }
    )


def _insert_card(clip: Clip, note: str, at: float, preset: Preset) -> Clip:
    """`clip` with its first span split by the note's card `at` seconds into the span."""
    card, opening = card_of(note), _opening_seconds(clip)
    span, *later_spans = clip.spans
    cover = span.cover
    if cover is None and not later_spans:
        # The cover of the clip without the card, so that the card never is the cover.
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
            "spans": [span.model_copy(update=before), rest, *later_spans],
            "captions": list(_shift_captions(clip.captions, shown, card.seconds)),
        }
    )


def _opening_seconds(clip: Clip) -> float:
    """Seconds of the clip's opening card; 0 without one."""
    card = clip.spans[0].card
    return card.seconds if card else 0.0


def _shift_captions(captions: Sequence[Caption], at: float, by: float) -> Iterator[Caption]:
    """`captions` with those from `at` seconds on shifted `by` seconds.

    A caption shown at `at` ends there; its later words continue after the gap.
    """
    for caption in captions:
        if caption.start >= at:
            yield shift_caption(caption, by)
        elif caption.end > at:
            early = [word for word in caption.words if word.start < at]
            late = caption.words[len(early) :]
            yield _keep_words(caption, early, caption.start, at)
            if early and late:
                yield shift_caption(_keep_words(caption, late, at, caption.end), by)
        else:
            yield caption


def _keep_words(caption: Caption, words: Sequence[Word], start: float, end: float) -> Caption:
    """The caption from `start` to `end` with only `words`; with none, its text stays complete."""
    if not words:
        return caption.model_copy(update={"start": start, "end": end})
    text = " ".join(word.text for word in words)
    kept = [word.model_copy(update={"end": min(word.end, end)}) for word in words]
    times = {"start": start, "end": end, "text": text, "words": kept}
    return caption.model_copy(update=times)
