"""`btsclip cut`: cut takes into clips."""

from __future__ import annotations

from btsclip.cli import option_groups, options, places, reporting, tables


@option_groups.expand
@reporting.reports_errors
def cut(
    footage: options.FootageList,
    out: options.OutFolder = None,
    preset: options.PresetName = options.DEFAULT_PRESET,
    *,
    clips: option_groups.ClipOptions,
    captions: options.Captions = None,
    words: option_groups.WordOptions,
    look: option_groups.LookOptions,
    sound: option_groups.SoundOptions,
    rendering: option_groups.EncodeOptions,
    output: option_groups.OutputOptions,
) -> None:
    """Find the work in raw takes and cut it into vertical clips.

    Example: `btsclip cut dough.mp4 --count 3 -o clips`
    """
    from btsclip.planning import Progress, cut as work

    request = option_groups.clip_request(clips, words, look, sound, captions)
    places.takes(footage, "cut", clips.hook)
    reporting.add_font(look.font)
    folder = out or work.default_folder(footage)
    with reporting.progress() as progress:
        result = work.cut(
            footage,
            folder,
            preset,
            request,
            option_groups.render_options(rendering, output),
            Progress(progress.analysis, progress.rendering),
        )
    reporting.leave_page(result.plan_path)
    reporting.warn_about_results(result.plan.clips, result.clips)
    if output.as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
