from . import caption_video as caption_video, cut as cut
from .brands import branded as branded, load_look as load_look, takes_near as takes_near
from .captions import clip_title as clip_title, write_clip_texts as write_clip_texts
from .clips import (
    add_source_warnings as add_source_warnings,
    assemble_plan as assemble_plan,
    clip_id as clip_id,
    make_clip as make_clip,
    make_plan as make_plan,
    source_of as source_of,
)
from .cover import MAX_CHOICES as MAX_CHOICES
from .cover_title import place_titles as place_titles
from .cut import (
    PLAN_NAME as PLAN_NAME,
    CutResult as CutResult,
    prepare_output as prepare_output,
    render_new_plan as render_new_plan,
    render_plan as render_plan,
)
from .ends import align_ends as align_ends
from .framing import busy_areas_of_clip as busy_areas_of_clip, frame_cut as frame_cut
from .lower_thirds import (
    place_lower_thirds as place_lower_thirds,
    takes_of_introductions as takes_of_introductions,
)
from .once import (
    keep_first_introductions as keep_first_introductions,
    keep_first_lines as keep_first_lines,
)
from .people import (
    KnownPeople as KnownPeople,
    PeopleInClip as PeopleInClip,
    people_in_clip as people_in_clip,
)
from .request import (
    ClipRequest as ClipRequest,
    PlanContext as PlanContext,
    Progress as Progress,
    RenderOptions as RenderOptions,
    check_speech_options as check_speech_options,
    prepare_context as prepare_context,
)
from .result import SkippedJson as SkippedJson
from .selection import (
    best_of_shoot as best_of_shoot,
    nothing_found_error as nothing_found_error,
    select_cuts as select_cuts,
    weights_and_quotas as weights_and_quotas,
)
from .series import number_series as number_series, renumber as renumber
from .speech import SPEECH_KINDS as SPEECH_KINDS, hear_span as hear_span
from .template_fields import (
    CLOCK as CLOCK,
    sort_by_clock as sort_by_clock,
    take_facts as take_facts,
    template_values as template_values,
)
from .text_sources import CaptionSources as CaptionSources
