"""`btsclip plan`: footage in, an editable plan out."""

from __future__ import annotations

from btsclip.cli import options, places, reporting, tables


@reporting.reports_errors
def plan(
    footage: options.FootageList,
    out: options.OutFolder = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    count: options.Count = None,
    min_length: options.MinLength = None,
    max_length: options.MaxLength = None,
    mishaps: options.MishapWish = "keep",
    hook: options.Hook = None,
    speech: options.Speech = False,
    language: options.Language = None,
    captions: options.Captions = None,
    notes: options.NotesFile = None,
    blur_faces: options.BlurredFaces = None,
    font: options.OwnFont = None,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Do all of `cut` but the rendering: write DIR/plan.json, to look at and to edit.

    Example: `btsclip plan dough.mp4 -o clips` and then `btsclip render clips/plan.json`
    """
    from btsclip.planning import cut as work
    from btsclip.planning.request import ClipRequest

    wishes = ClipRequest(
        count,
        min_length,
        max_length,
        hook,
        captions,
        notes,
        speech=speech,
        language=language,
        mishaps=mishaps,
        blur_faces=blur_faces,
    )
    places.takes(footage, "plan", hook)
    reporting.add_font(font)
    folder = out or work.default_folder(footage)
    with reporting.progress() as progress:
        result = work.plan_footage(
            footage, folder, preset, wishes, force=force, report=progress.analysis
        )
    for clip in result.plan.clips:
        reporting.warn(f"clip {clip.id}", clip.warnings)
    if as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
