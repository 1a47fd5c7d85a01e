"""`btsclip cut`: footage in, clips out."""

from __future__ import annotations

from typing import Annotated

import typer

from btsclip.cli import options, places, reporting, tables


@reporting.reports_errors
def cut(
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
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Only say what would be cut. Example: `cut take.mp4 --dry-run`"
        ),
    ] = False,
    as_json: options.Json = False,
    force: options.Force = False,
) -> None:
    """Find the work in raw takes and cut it into vertical clips.

    Example: `btsclip cut dough.mp4 --count 3 -o clips`
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
    places.takes(footage, "cut", hook)
    reporting.add_font(font)
    folder = out or work.default_folder(footage)
    with reporting.progress() as progress:
        if dry_run:
            result = work.plan_footage(
                footage, folder, preset, wishes, dry_run=True, report=progress.analysis
            )
        else:
            result = work.cut(
                footage,
                folder,
                preset,
                wishes,
                force=force,
                encoder=encoder,
                report=progress.analysis,
                render_report=progress.rendering,
            )
    reporting.leave_page(result.plan_path)
    for clip in result.plan.clips:
        reporting.warn(f"clip {clip.id}", clip.warnings)
    if as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
