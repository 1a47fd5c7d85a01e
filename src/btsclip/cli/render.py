"""`btsclip render`: render the clips of a plan."""

from __future__ import annotations

from btsclip.cli import option_groups, options, places, reporting, tables


@option_groups.expand
@reporting.reports_errors
def render(
    plan: options.PlanPlace,
    out: options.OutFolder = None,
    preset: options.PlanPresetName = None,
    brand: options.PlanBrandFile = None,
    font: options.FontFile = None,
    encoder: options.Encoder = options.DEFAULT_ENCODER,
    *,
    output: option_groups.OutputOptions,
) -> None:
    """Render the enabled clips of a plan.

    Example: `btsclip render clips/plan.json`
    """
    from btsclip.planning import cut as work

    plan = places.plan(plan, "render")
    reporting.add_font(font)
    with reporting.progress() as progress:
        result = work.render_plan(
            plan,
            out,
            force=output.force,
            encoder=encoder,
            preset_name=preset,
            brand=brand,
            report=progress.rendering,
        )
    # The page belongs beside the plan; clips rendered to another folder have no plan there.
    reporting.leave_page(plan if out in (None, plan.parent) else None)
    reporting.warn_about_clips(clip.clip for clip in result.clips)
    if output.as_json:
        reporting.print_json(work.cut_json(result))
    else:
        tables.print_result(result)
