"""`btsclip plan`: plan clips for editing before they are rendered."""

from __future__ import annotations

from btsclip.cli import option_groups, options, places, reporting, tables


@option_groups.expand
@reporting.reports_errors
def plan(
    footage: options.FootageList,
    out: options.OutFolder = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    *,
    clips: option_groups.ClipOptions,
    captions: options.Captions = None,
    words: option_groups.WordOptions,
    look: option_groups.LookOptions,
    sound: option_groups.SoundOptions,
    output: option_groups.OutputOptions,
) -> None:
    """Plan clips without rendering them, and write DIR/plan.json for you to edit.

    Example: `btsclip plan dough.mp4 -o clips` and then `btsclip render clips/plan.json`
    """
    from btsclip.planning import Progress, RenderOptions, cut as work

    request = option_groups.clip_request(clips, words, look, sound, captions)
    places.takes(footage, "plan", clips.hook)
    reporting.add_font(look.font)
    folder = out or work.default_folder(footage)
    with reporting.progress() as progress:
        result = work.plan_footage(
            footage,
            folder,
            preset,
            request,
            RenderOptions(output.force),
            Progress(progress.analysis),
        )
    reporting.warn_about_clips(result.plan.clips)
    if output.as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
